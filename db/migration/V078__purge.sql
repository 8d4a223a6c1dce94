-- Purpose: everything about one person is removed by one function, in bounded steps, while instances serve.
-- Rolling: nothing that an instance calls. Sessions end as they do by SQL; rows that an instance still looks for are as if swept.
-- Check: select what, removed from trunkline.purge('nobody');   -- all zero

-- One step. What lives is ended first, for whatever runs to notice; what ended five seconds ago or longer is removed. Called until
-- what is left is 0; whoever still has access may begin anew meanwhile. A locked row is left for the next step.
-- Locks in the written order: sessions, streams, calls, questions, tasks, what they asked, the log.
create function trunkline.purge(principal text, rows_max int default 1000) returns table (what text, removed int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_noticed  constant timestamptz := clock_timestamp() - interval '5 seconds';
  v_messages constant int := 10000;  -- in a step
  v_living   bigint[];
  v_over     bigint[];
  v_ids      text[];
  v_streams  bigint[];
  v_running  bigint[];
  v_done     bigint[];
  v_high     bigint;
  v_steps    int[] := array_fill(0, array[14]);
  v_names    constant text[] := array['sessions ended', 'tasks cancelled', 'outbound_messages', 'streams', 'calls', 'pending_requests',
    'subscriptions', 'session_values', 'sessions', 'task_inputs', 'tasks', 'url_elicitations', 'outbox', 'announcements'];
  v_left     int;
  v_n        int;
begin
  if purge.principal is null or purge.principal = '' or length(purge.principal) > 4096 then
    raise exception 'a principal has 1 to 4096 characters' using errcode = 'invalid_parameter_value';
  end if;
  if purge.principal = 'anonymous' then
    raise exception 'anonymous is everybody who was not asked who they are, and no person: end their sessions'
      using errcode = 'invalid_parameter_value';
  end if;
  if rows_max is null or rows_max < 1 or rows_max > 100000 then
    raise exception 'a step removes 1 to 100000 rows, not %', coalesce(rows_max::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;

  with mine as materialized (
         select s.session_key, s.session_id, s.ended_at from trunkline.sessions s
          where s.principal = purge.principal and (s.ended_at is null or s.ended_at < v_noticed)
          order by s.session_key limit rows_max for update skip locked)
  select coalesce(array_agg(m.session_key order by m.session_key) filter (where m.ended_at is null), '{}'),
         coalesce(array_agg(m.session_key order by m.session_key) filter (where m.ended_at is not null), '{}'),
         coalesce(array_agg(m.session_id) filter (where m.ended_at is not null), '{}')
    into v_living, v_over, v_ids from mine m;
  perform from trunkline.streams t where t.session_key = any (v_living || v_over) order by t.stream_id for update;
  perform from trunkline.calls c where c.session_key = any (v_living || v_over) order by c.call_id for update;
  perform from trunkline.pending_requests p where p.session_key = any (v_living || v_over) order by p.pending_id for update;
  with mine as materialized (
         select t.task_key, t.status, t.updated_at from trunkline.tasks t
          where t.principal = purge.principal and (t.status in ('working', 'input_required') or t.updated_at < v_noticed)
          order by t.task_key limit rows_max for update skip locked)
  select coalesce(array_agg(m.task_key) filter (where m.status in ('working', 'input_required')), '{}'),
         coalesce(array_agg(m.task_key) filter (where m.status not in ('working', 'input_required')), '{}')
    into v_running, v_done from mine m;
  perform from trunkline.task_inputs i where i.task_key = any (v_done) order by i.task_key, i.ordinal for update;

  update trunkline.sessions s set ended_at = clock_timestamp(), end_reason = 'ended by SQL' where s.session_key = any (v_living);
  get diagnostics v_n = row_count;
  v_steps[1] := v_n;
  update trunkline.streams t set finished_at = coalesce(t.finished_at, clock_timestamp()) where t.session_key = any (v_living);
  update trunkline.calls c
     set cancelled_at = coalesce(c.cancelled_at, clock_timestamp()), cancel_reason = coalesce(c.cancel_reason, 'session ended'),
         finished_at = clock_timestamp()
   where c.session_key = any (v_living) and c.finished_at is null;
  update trunkline.pending_requests p set outcome = 'session ended', settled_at = clock_timestamp()
   where p.session_key = any (v_living) and p.outcome is null;
  update trunkline.tasks t
     set status = 'cancelled', status_message = 'cancelled by SQL', updated_at = clock_timestamp(), changes = t.changes + 1
   where t.task_key = any (v_running);
  get diagnostics v_n = row_count;
  v_steps[2] := v_n;

  v_streams := array(select t.stream_id from trunkline.streams t where t.session_key = any (v_over));
  delete from trunkline.outbound_messages m
   using (select o.stream_id, o.event_id, o.slot from trunkline.outbound_messages o
           where o.stream_id = any (v_streams) limit v_messages) o
   where m.stream_id = o.stream_id and m.event_id = o.event_id and m.slot = o.slot;
  get diagnostics v_n = row_count;
  v_steps[3] := v_n;
  if v_steps[3] < v_messages then  -- else a stream whose messages are there yet would be found no more
    delete from trunkline.streams t where t.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[4] := v_n;
    delete from trunkline.calls c where c.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[5] := v_n;
    delete from trunkline.pending_requests p where p.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[6] := v_n;
    delete from trunkline.subscriptions u where u.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[7] := v_n;
    delete from trunkline.session_values v where v.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[8] := v_n;
    delete from trunkline.sessions s where s.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[9] := v_n;
  end if;
  delete from trunkline.task_inputs i where i.task_key = any (v_done);
  get diagnostics v_n = row_count;
  v_steps[10] := v_n;
  delete from trunkline.tasks t where t.task_key = any (v_done);
  get diagnostics v_n = row_count;
  v_steps[11] := v_n;
  delete from trunkline.url_elicitations e
   where e.elicitation_id in (
         select u.elicitation_id from trunkline.url_elicitations u
          where u.principal = purge.principal
            and not exists (select from trunkline.sessions s
                             where s.session_key = u.session_key and (s.ended_at is null or s.ended_at >= v_noticed))
          order by u.elicitation_id limit rows_max for update skip locked);
  get diagnostics v_n = row_count;
  v_steps[12] := v_n;
  delete from trunkline.outbox b
   where b.outbox_id in (
         select o.outbox_id from trunkline.outbox o
          where o.about = any (v_ids) order by o.outbox_id limit rows_max for update skip locked);
  get diagnostics v_n = row_count;
  v_steps[13] := v_n;

  if v_living <> '{}' then
    v_high := trunkline.lock_announcements();
    insert into trunkline.announcements (id, kind, about, payload)
    select v_high | nextval('trunkline.announcement_seq'), 'session_changed', k::text, convert_to('ended', 'UTF8')
      from unnest(v_living) k;
    perform pg_notify('trunkline_all', 'n1');  -- a hint
  end if;
  -- why its client cancelled a call; never the newest row, which says where the log ends
  delete from trunkline.announcements a
   where a.kind = 'call_cancelled' and split_part(a.about, ' ', 1) = any (v_over::text[])
     and a.id < trunkline.newest_announcement();
  get diagnostics v_n = row_count;
  v_steps[14] := v_n;

  select (select count(*) from (select from trunkline.sessions s where s.principal = purge.principal limit 1000000) n)
       + (select count(*) from (select from trunkline.tasks t where t.principal = purge.principal limit 1000000) n)
       + (select count(*) from (select from trunkline.url_elicitations e where e.principal = purge.principal limit 1000000) n)
    into v_left;
  if (select sum(n) from unnest(v_steps) n) > 0 then
    perform trunkline.note_action('purge', format('principal %s: %s',
      left(encode(sha256(convert_to(purge.principal, 'UTF8')), 'hex'), 16),
      (select string_agg(format('%s %s', v_names[i], v_steps[i]), ', ' order by i)
         from generate_subscripts(v_steps, 1) i where v_steps[i] > 0)));
  end if;
  return query select v_names[i], v_steps[i] from generate_subscripts(v_steps, 1) i union all select 'left', v_left;
end $$;
revoke all on function trunkline.purge(text, int) from public;
