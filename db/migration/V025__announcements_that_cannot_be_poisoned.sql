-- Purpose: one bad row of control, announcement_lock, announcements or outbox stops nothing else, and is named.
-- Rolling: only functions. The previous release goes on to call move_outbox, cancel_call_now and open_session, which now take the new
--          ways; id_prefix() and current_slot() refuse where they answered null before.
-- Check: select trunkline.mend_control(); answers that there is nothing to mend.

-- The control row -----------------------------------------------------------------------------------------------------------
-- Without it, or with values that nobody has written, nothing is issued: for the servers it is as if the database were away.

-- The high bits of every id drawn now. Two timelines, or a raised base, never issue the same id.
create or replace function trunkline.id_prefix() returns bigint
language plpgsql stable set search_path = pg_catalog as $$
declare
  v_base int;
begin
  select c.id_base into v_base from trunkline.control c;
  if v_base is null or v_base < 0 then
    raise exception 'trunkline.control %; select trunkline.mend_control()',
      coalesce('says id_base ' || v_base, 'has no row') using errcode = 'cannot_connect_now';
  end if;
  return (v_base + trunkline.timeline()) << 47;
end $$;

-- The slot that is written now.
create function trunkline.current_slot() returns smallint
language plpgsql stable set search_path = pg_catalog as $$
declare
  v_slot smallint;
begin
  select c.current_slot into v_slot from trunkline.control c;
  if v_slot is null or v_slot not between 0 and 7 then
    raise exception 'trunkline.control %; select trunkline.mend_control()',
      coalesce('says current_slot ' || v_slot, 'has no row') using errcode = 'cannot_connect_now';
  end if;
  return v_slot;
end $$;

-- What is wrong with the rows that everything reads, each with what mends it; stops: nothing is stored until then.
create function trunkline.control_faults() returns table (fault text, stops boolean)
language plpgsql stable set search_path = pg_catalog as $$
declare
  v_control trunkline.control;
  v_newest  bigint;
  v_remedy  text := '; select trunkline.mend_control()';
begin
  if not exists (select from trunkline.announcement_lock) then
    return query select 'trunkline.announcement_lock has no row, so nothing can be announced' || v_remedy, true;
  end if;
  select * into v_control from trunkline.control;
  if not found then
    return query select 'trunkline.control has no row, so no id is issued' || v_remedy, true;
    return;
  end if;
  if v_control.id_base < 0 then
    return query select format('trunkline.control says id_base %s, so no id is issued', v_control.id_base) || v_remedy, true;
  end if;
  if v_control.current_slot not between 0 and 7 then
    return query select format('trunkline.control says current_slot %s, and the slots are 0 to 7', v_control.current_slot)
                        || v_remedy, true;
  end if;
  select coalesce(max(a.id), 0) into v_newest from trunkline.announcements a where a.id >> 47 < 32768;
  if v_control.announcement_floor not between 0 and v_newest then
    return query select format('trunkline.control says announcement_floor %s, and the last announcement is %s: who missed some is not told',
                               v_control.announcement_floor, v_newest) || v_remedy, false;
  end if;
end $$;

-- For operators, after a partial restore or an edit by hand: puts back the rows of control and announcement_lock, and values that
-- nothing would work with. Ids go on above every one on record. Says what it did.
create function trunkline.mend_control() returns text
language plpgsql set search_path = pg_catalog as $$
declare
  v_done     text[] := '{}';
  v_control  trunkline.control;
  v_created  boolean;
  v_events   bigint;
  v_used     bigint;
  v_newest   bigint;
  v_base     int;
  v_slot     smallint;
  v_floor    bigint;
begin
  insert into trunkline.control default values on conflict do nothing;
  v_created := found;
  if v_created then
    v_done := v_done || 'control had no row'::text;
  end if;
  select * into v_control from trunkline.control for no key update;
  insert into trunkline.announcement_lock default values on conflict do nothing;
  if found then
    v_done := v_done || 'announcement_lock had no row'::text;
  end if;

  select greatest(v_control.id_high, coalesce(max(m.event_id), 0)) into v_events from trunkline.outbound_messages m;
  -- what nobody can have drawn does not count; the upper half of all ids was never reached by anybody
  select coalesce(max(a.id), 0) into v_newest from trunkline.announcements a where a.id >> 47 < 32768;
  v_base := greatest(v_control.id_base, 0);
  v_used := greatest(v_events, v_newest);
  if v_created or v_control.id_base < 0 then
    v_base := greatest(v_base, (v_used >> 47) - trunkline.timeline() + 1);
    v_done := v_done || format('id_base %s instead of %s', v_base, v_control.id_base);
  end if;

  v_slot := v_control.current_slot;
  if v_created or v_slot not between 0 and 7 then
    v_slot := coalesce((select m.slot from trunkline.outbound_messages m order by m.event_id desc limit 1), 0);
    v_done := v_done || format('current_slot %s instead of %s', v_slot, v_control.current_slot);
  end if;

  v_floor := v_control.announcement_floor;
  if v_created then
    -- which are gone is not known: below the oldest that is kept, all
    v_floor := coalesce((select min(a.id) - 1 from trunkline.announcements a), 0);
  elsif v_floor > v_newest or v_floor < 0 then
    v_floor := v_newest;
    v_done := v_done || format('announcement_floor %s instead of %s', v_floor, v_control.announcement_floor);
  end if;

  if v_done = '{}' then
    return 'nothing to mend';
  end if;
  update trunkline.control
     set id_base = v_base, current_slot = v_slot, announcement_floor = v_floor, id_high = greatest(id_high, v_events);
  return 'mended: ' || array_to_string(v_done, ', ');
end $$;

-- Announcements -------------------------------------------------------------------------------------------------------------

-- The highest id that an announcement can have: rows above it were not made by us, and nobody reads them.
create function trunkline.announcement_high() returns bigint
language plpgsql stable set search_path = pg_catalog as $$
begin
  return trunkline.id_prefix() | (select s.last_value from trunkline.announcement_seq s);
end $$;

-- The end of the log, 0 when it is empty.
create function trunkline.newest_announcement() returns bigint
language plpgsql stable set search_path = pg_catalog as $$
declare
  v_high bigint := trunkline.announcement_high();
begin
  return coalesce((select max(a.id) from trunkline.announcements a where a.id <= v_high), 0);
end $$;

-- Locks the one row whose lock orders announcements, until the commit; answers the high bits of the ids to be drawn.
create function trunkline.lock_announcements() returns bigint
language plpgsql set search_path = pg_catalog as $$
begin
  perform from trunkline.announcement_lock for no key update;
  if not found then
    raise exception 'trunkline.announcement_lock has no row; select trunkline.mend_control()' using errcode = 'cannot_connect_now';
  end if;
  return trunkline.id_prefix();
end $$;

-- For changes that must commit together with what they announce; the last thing its transaction does.
create or replace function trunkline.announce_now(p_kind text, p_about text, p_payload bytea) returns trunkline.wake
language plpgsql set search_path = pg_catalog as $$
declare
  -- the lock comes before the id, so whoever sees an announcement sees every earlier one
  v_high bigint := trunkline.lock_announcements();
begin
  insert into trunkline.announcements (id, kind, about, payload)
  values (v_high | nextval('trunkline.announcement_seq'), p_kind, p_about, p_payload);
  return row(null, 'n', 1)::trunkline.wake;
end $$;

-- Called at each start; returns the base, and whether it was raised. Rows that nobody can have written do not count: they would use
-- up all bases there are.
create or replace function trunkline.raise_id_base(out base int, out raised boolean)
language plpgsql set search_path = pg_catalog as
$$
declare
  events_used         bigint;
  announcements_used  bigint;
  next_event          bigint;
  next_announcement   bigint;
begin
  -- The lock lets two instances that start together raise it once. Publishing reads the row and does not wait.
  select id_base, id_high into base, events_used from trunkline.control for no key update;
  select coalesce(max(id), 0) into announcements_used from trunkline.announcements where id >> 47 < 32768;
  select trunkline.id_prefix() | (last_value + is_called::int) into next_event from trunkline.event_seq;
  select trunkline.id_prefix() | (last_value + is_called::int) into next_announcement from trunkline.announcement_seq;
  raised := next_event <= events_used or next_announcement <= announcements_used;
  if raised then
    base := (greatest(events_used, announcements_used) >> 47) + 1 - trunkline.timeline();
    if base + trunkline.timeline() > 32767 then
      raise exception 'event ids are used up: base % and timeline % exceed 32767', base, trunkline.timeline();
    end if;
    update trunkline.control set id_base = base;
  end if;
end
$$;

-- Opens a session with its standalone stream; answers null where the principal has as many as it may have.
-- p_principal_max = 0: no cap (anonymous clients are one principal and must not starve each other).
create or replace function trunkline.open_session(p_id text, p_revision text, p_principal text, p_capabilities text, p_client text,
                                                  p_principal_max int, out session_key bigint, out stream_id bigint, out announced_from bigint)
language plpgsql set search_path = pg_catalog as $$
begin
  if p_principal_max > 0 then
    -- two instances that open for one principal count one after the other
    perform pg_advisory_xact_lock(hashtextextended('trunkline.sessions of ' || p_principal, 0));
    perform from trunkline.sessions s where s.principal = p_principal and s.ended_at is null offset p_principal_max - 1 limit 1;
    if found then
      return;
    end if;
  end if;
  -- visible, not drawn: an id that is not committed yet may announce what this session has just missed
  announced_from := trunkline.newest_announcement();
  insert into trunkline.sessions as s (session_id, revision, principal, capabilities, client, announced_from)
  values (p_id, p_revision, p_principal, p_capabilities, p_client, open_session.announced_from)
  returning s.session_key into open_session.session_key;
  insert into trunkline.streams as t (session_key, standalone, writer_epoch, position_announcement)
  values (open_session.session_key, true, 0, open_session.announced_from)
  returning t.stream_id into open_session.stream_id;
end $$;

-- Cancels ---------------------------------------------------------------------------------------------------------------------

-- Cancels a call wherever it runs. One that is not a stream has no row: its cancel is announced, and whoever runs it hears. A client
-- may name calls that nobody runs, so an announcement is made once in five seconds for a call and twenty times in ten seconds for a
-- session, in the whole cluster, and replaces an earlier one of the same call.
-- outcome: cancelled (by its row), announced, known (cancelled or announced before), limited, refused (no id of a call).
create function trunkline.cancel_call_anywhere(p_session bigint, p_request text, p_reason text,
                                               out wakes trunkline.wake[], out outcome text)
language plpgsql set search_path = pg_catalog as $$
declare
  v_about  text := p_session || ' ' || p_request;
  v_reason text := left(translate(coalesce(p_reason, ''), e'\r\n', '  '), 500);
begin
  wakes := '{}';
  if v_about is null or octet_length(v_about) > 1600 then
    outcome := 'refused';  -- longer than any id of ours, and than an index can hold
    return;
  end if;
  with mine as materialized (
         select call_id from trunkline.calls
          where session_key = p_session and request_id = p_request and finished_at is null and cancelled_at is null
          order by call_id for no key update),
       cancelled as (
         update trunkline.calls c set cancelled_at = clock_timestamp(), cancel_reason = v_reason
           from mine m where c.call_id = m.call_id
         returning c.call_id, c.stream_id)
  select coalesce(array_agg(row(s.writer_instance, 'c', c.call_id)::trunkline.wake)
                    filter (where s.writer_instance is not null), '{}')
    into wakes from cancelled c join trunkline.streams s using (stream_id);
  if wakes <> '{}' then
    outcome := 'cancelled';
    return;
  end if;
  -- finished ones do not count: their id may come again, in a call that has no row yet
  if exists (select from trunkline.calls where session_key = p_session and request_id = p_request and finished_at is null) then
    outcome := 'known';
    return;
  end if;

  for pass in 1..2 loop  -- without the lock, which most of a flood never takes; then under it
    outcome := case
      when exists (select from trunkline.announcements a
                    where a.kind = 'call_cancelled' and a.about = v_about
                      and a.created_at > clock_timestamp() - interval '5 seconds') then 'known'
      when (select count(*) from (select from trunkline.announcements a
                                   where a.kind = 'call_cancelled' and split_part(a.about, ' ', 1) = p_session::text
                                     and a.created_at > clock_timestamp() - interval '10 seconds' limit 20) l) = 20 then 'limited'
      else 'announced' end;
    exit when outcome <> 'announced';
    if pass = 1 then
      perform trunkline.lock_announcements();
    end if;
  end loop;
  if outcome = 'announced' then
    delete from trunkline.announcements a where a.kind = 'call_cancelled' and a.about = v_about;
    wakes := array[trunkline.announce_now('call_cancelled', v_about, convert_to(v_reason, 'UTF8'))];
  end if;
end $$;

-- As the previous release calls it. Empty wakes: it was cancelled before.
create or replace function trunkline.cancel_call_now(p_session bigint, p_request text, p_reason text, out wakes trunkline.wake[])
language sql set search_path = pg_catalog as $$
  select c.wakes from trunkline.cancel_call_anywhere(p_session, p_request, p_reason) c
$$;

-- What SQL callers hand in ----------------------------------------------------------------------------------------------------

-- Moves the oldest rows of one kind on, so that the rows of one transaction keep their order and each run keeps the lock order.
-- moved: rows taken; dropped: those of them whose session was gone, or that cannot be sent at all; refused: the latter, each with
-- its reason. Nothing to do, or another instance at it: 0. A stream that somebody keeps locked holds up what is about its session
-- and nothing else; it is waited for only when nothing else is left.
create function trunkline.empty_outbox(p_rows_max int, out moved int, out dropped int, out refused text[], out wakes trunkline.wake[])
language plpgsql set search_path = pg_catalog as $$
declare
  v_class    text;
  v_rows     bigint[];
  v_about    text;
  v_payload  text;
  v_session  bigint;
  v_streams  bigint[];
  v_locked   bigint[];
  v_high     bigint;
  v_rows_max int     := p_rows_max;  -- of a run: halved while the database refuses one of its rows
  v_busy     text[]  := '{}';        -- sessions whose stream is locked: all that is about them waits
  v_patient  boolean := false;
begin
  moved := 0;
  dropped := 0;
  refused := '{}';
  wakes := '{}';
  if not exists (select from trunkline.outbox) or not pg_try_advisory_xact_lock(hashtextextended('trunkline.outbox', 0)) then
    return;
  end if;

  -- rows that were put there by hand and that nobody can send must not hold up, or hurt, the others
  with judged as (
         select o.outbox_id,
                case when o.kind not in ('send', 'elicitation_completed', 'broadcast', 'resource_updated', 'tools_changed',
                                         'resources_changed', 'prompts_changed', 'end_session', 'cancel_call') then 'unknown kind'
                     when length(o.about) > 2048 then 'about has ' || length(o.about) || ' characters'
                     when o.kind = 'end_session' then null
                     when coalesce(o.payload, '') = '' then 'no payload'
                     when octet_length(o.payload) > 262144 then 'payload has ' || octet_length(o.payload) || ' bytes'
                     when o.payload <> translate(o.payload, e'\r\n', '') then 'payload has a line break'
                end as fault
           from (select * from trunkline.outbox order by outbox_id limit p_rows_max) o),
       taken as (
         delete from trunkline.outbox o using judged j where o.outbox_id = j.outbox_id and j.fault is not null
         returning o.outbox_id, o.kind, j.fault)
  select coalesce(array_agg(format('row %s (%s): %s', outbox_id, left(kind, 40), fault) order by outbox_id), '{}')
    into refused from taken;
  if refused <> '{}' then
    moved := cardinality(refused);
    dropped := moved;
    return;
  end if;

  loop
    -- the longest run of one class from the front; an end or a cancel goes alone, because it locks what the next would lock first
    with front as (
           select outbox_id, about, payload, class, sum(coalesce(octet_length(payload), 0)) over (order by outbox_id) as bytes
             from (select o.*, c.class
                     from trunkline.outbox o
                    cross join lateral (select case when o.kind in ('send', 'elicitation_completed') then 'send'
                                                    when o.kind in ('end_session', 'cancel_call') then o.kind
                                                    else 'announce' end as class) c
                    where c.class = 'announce' or o.about <> all (v_busy)
                    order by o.outbox_id limit v_rows_max) o),
         first as (
           select class, outbox_id, about, payload from front order by outbox_id limit 1),
         run as (
           select f.outbox_id, first.class, bool_and(f.class = first.class) over (order by f.outbox_id) as same, f.bytes
             from front f cross join first)
    select first.class, first.about, first.payload,
           (select array_agg(run.outbox_id order by run.outbox_id) from run
             where run.same and (run.bytes <= 8388608 or run.outbox_id = first.outbox_id)
               and (first.class in ('send', 'announce') or run.outbox_id = first.outbox_id))
      into v_class, v_about, v_payload, v_rows from first;
    if v_rows is null then
      if v_busy = '{}' or v_patient then
        return;
      end if;
      v_patient := true;  -- all that is left waits for a lock: give it a moment, for a stream that is written all the time
      v_busy := '{}';
      perform set_config('lock_timeout', '50ms', true);
      continue;
    end if;

    begin
      case v_class
      when 'send' then
        select coalesce(array_agg(distinct t.stream_id), '{}') into v_streams
          from trunkline.outbox o
          join trunkline.sessions s on s.session_id = o.about
          join trunkline.streams t on t.session_key = s.session_key and t.standalone
         where o.outbox_id = any (v_rows);
        begin
          if v_patient then
            perform from trunkline.streams
              where stream_id = any (v_streams) and finished_at is null order by stream_id for no key update;
          end if;
        exception when lock_not_available then
          null;  -- not now
        end;
        select coalesce(array_agg(l.stream_id), '{}') into v_locked from (
          select stream_id from trunkline.streams
           where stream_id = any (v_streams) and finished_at is null order by stream_id for no key update skip locked) l;
        with addressed as materialized (
               select o.outbox_id, o.kind, o.payload, t.stream_id, t.holder_instance, t.stream_id = any (v_locked) as open
                 from trunkline.outbox o
                 left join trunkline.sessions s on s.session_id = o.about
                 left join trunkline.streams t on t.session_key = s.session_key and t.standalone
                where o.outbox_id = any (v_rows)
                  and (t.stream_id is null or t.finished_at is not null or t.stream_id = any (v_locked))),
             taken as (
               delete from trunkline.outbox o using addressed a where o.outbox_id = a.outbox_id returning a.*),
             place as materialized (
               select trunkline.current_slot() as slot, trunkline.id_prefix() as high),
             sent as (
               insert into trunkline.outbound_messages (stream_id, event_id, slot, payload)
               select q.stream_id, q.high | nextval('trunkline.event_seq'), q.slot, convert_to(q.payload, 'UTF8')
                 from (select k.stream_id, k.payload, p.slot, p.high
                         from taken k cross join place p where k.open order by k.outbox_id) q)
        select count(*), count(*) filter (where open is not true),
               coalesce(array_agg(distinct row(holder_instance, 's', stream_id)::trunkline.wake)
                          filter (where open and holder_instance is not null), '{}')
               -- nobody knows who waits for a completion, so everybody looks
               || case when bool_or(kind = 'elicitation_completed') then array[row(null, 'a', 0)::trunkline.wake] else '{}' end
          into moved, dropped, wakes from taken;
        if moved = 0 then
          select v_busy || array_agg(distinct o.about) into v_busy from trunkline.outbox o where o.outbox_id = any (v_rows);
          continue;
        end if;

      when 'announce' then
        v_high := trunkline.lock_announcements();
        with taken as (
               delete from trunkline.outbox where outbox_id = any (v_rows) returning outbox_id, kind, about, payload),
             said as (
               insert into trunkline.announcements (id, kind, about, payload)
               select v_high | nextval('trunkline.announcement_seq'), q.kind, q.about, convert_to(q.payload, 'UTF8')
                 from (select * from taken order by outbox_id) q)
        select count(*), array[row(null, 'n', 1)::trunkline.wake] into moved, wakes from taken;

      else
        begin
          select session_key into v_session from trunkline.sessions where session_id = v_about;
          if v_class = 'end_session' then
            select e.wakes into empty_outbox.wakes from trunkline.end_session_now(v_session, 'ended by SQL') e;
          elsif exists (select from trunkline.sessions where session_key = v_session and ended_at is null) then
            select c.wakes into empty_outbox.wakes from trunkline.cancel_call_anywhere(v_session, v_payload, 'cancelled by SQL') c;
          end if;
        exception when lock_not_available then
          -- somebody keeps a row of that session locked: to the end of the queue with it, so that the others get their turn
          insert into trunkline.outbox (kind, about, payload, created_at)
          select kind, about, payload, created_at from trunkline.outbox where outbox_id = any (v_rows);
          delete from trunkline.outbox where outbox_id = any (v_rows);
          return;
        end;
        delete from trunkline.outbox where outbox_id = any (v_rows);
        moved := 1;
        dropped := case when wakes = '{}' then 1 else 0 end;
      end case;
      return;
    exception when data_exception or check_violation or not_null_violation or program_limit_exceeded then
      if cardinality(v_rows) = 1 then
        refused := array[format('row %s (%s): %s', v_rows[1], v_class, sqlerrm)];
        delete from trunkline.outbox where outbox_id = v_rows[1];
        moved := 1;
        dropped := 1;
        wakes := '{}';
        return;
      end if;
      v_rows_max := cardinality(v_rows) / 2;
    end;
  end loop;
end $$;

-- As the previous release calls it.
create or replace function trunkline.move_outbox(p_rows_max int, out moved int, out dropped int, out wakes trunkline.wake[])
language sql set search_path = pg_catalog as $$
  select e.moved, e.dropped, e.wakes from trunkline.empty_outbox(p_rows_max) e
$$;

revoke execute on function trunkline.current_slot(), trunkline.control_faults(), trunkline.mend_control(),
  trunkline.announcement_high(), trunkline.newest_announcement(), trunkline.lock_announcements(),
  trunkline.cancel_call_anywhere(bigint, text, text), trunkline.empty_outbox(int) from public;

-- The functions that the previous release calls now call these: whoever may serve may go on without db/role/app.sql.
do $$
declare
  v_role name;
begin
  for v_role in
    select r.rolname
      from pg_proc p
     cross join lateral aclexplode(p.proacl) a
      join pg_roles r on r.oid = a.grantee
     where p.oid = 'trunkline.move_outbox(int)'::regprocedure and a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
  loop
    execute format('grant execute on function trunkline.current_slot(), trunkline.announcement_high(), '
                   'trunkline.newest_announcement(), trunkline.lock_announcements(), '
                   'trunkline.cancel_call_anywhere(bigint, text, text), trunkline.empty_outbox(int) to %I', v_role);
  end loop;
end $$;
