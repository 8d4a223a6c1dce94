-- Purpose: the functions that open, end and change sessions, that announce, and that take what SQL callers hand in.
-- Rolling: adds functions, a view and small indexes; nothing that exists changes.
-- Check: select trunkline.broadcast('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"hello"}}');
--        reaches every open stream within a quarter of a second.
--
-- Every function that locks rows is one round trip and one transaction of ours, and takes its locks in the written order:
-- instances, sessions, streams (ascending), calls, pending_requests, announcement_lock, inserts. Each statement inside a
-- function has a snapshot of its own (READ COMMITTED), so what a lock waited for is seen by the next statement.

-- Whom to wake after the commit: an instance (null: every one), the topic's letter as on the wake-up channels, and its id.
create type trunkline.wake as (instance int, topic text, id bigint);

-- One standalone stream per session, and the way to it past the streams of thousands of calls.
create unique index streams_standalone_idx on trunkline.streams (session_key) where standalone;
-- Counts the living sessions of a principal, and all of them.
create index sessions_living_idx on trunkline.sessions (principal) where ended_at is null;
-- A call that is being upgraded to a stream asks whether its cancel was announced before it had a row.
create index announcements_cancel_idx on trunkline.announcements (about) where kind = 'call_cancelled';

-- Announcements -----------------------------------------------------------------------------------------------------------

-- For changes that must commit together with what they announce; the last thing its transaction does.
create function trunkline.announce_now(p_kind text, p_about text, p_payload bytea) returns trunkline.wake
language plpgsql set search_path = pg_catalog as $$
begin
  -- the lock comes before the id, so whoever sees an announcement sees every earlier one
  with alone as materialized (
         select one from trunkline.announcement_lock for no key update)
  insert into trunkline.announcements (id, kind, about, payload)
  select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), p_kind, p_about, p_payload
    from alone;
  return row(null, 'n', 1)::trunkline.wake;
end $$;

-- Sessions ----------------------------------------------------------------------------------------------------------------

-- Opens a session with its standalone stream; answers null where the principal has as many as it may have.
-- p_principal_max = 0: no cap (anonymous clients are one principal and must not starve each other).
create function trunkline.open_session(p_id text, p_revision text, p_principal text, p_capabilities text, p_client text,
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
  with opened as (
         insert into trunkline.sessions (session_id, revision, principal, capabilities, client, announced_from)
         values (p_id, p_revision, p_principal, p_capabilities, p_client,
                 -- visible, not drawn: an id that is not committed yet may announce what this session has just missed
                 (select coalesce(max(a.id), 0) from trunkline.announcements a))
         returning sessions.session_key, sessions.announced_from),
       standalone as (
         insert into trunkline.streams (session_key, standalone, writer_epoch, position_announcement)
         select o.session_key, true, 0, o.announced_from from opened o
         returning streams.stream_id)
  select o.session_key, s.stream_id, o.announced_from
    into open_session.session_key, open_session.stream_id, open_session.announced_from
    from opened o cross join standalone s;
end $$;

-- Ends a session and everything of it. A second end changes nothing and says so.
-- Whoever adds to the session holds FOR KEY SHARE on its row, so FOR UPDATE waits for it and the statements below see what it added.
create function trunkline.end_session_now(p_session bigint, p_reason text, out ended boolean, out wakes trunkline.wake[])
language plpgsql set search_path = pg_catalog as $$
declare
  v_holders trunkline.wake[];
  v_writers trunkline.wake[];
  v_askers  trunkline.wake[];
begin
  wakes := '{}';
  perform from trunkline.sessions where session_key = p_session and ended_at is null for update;
  ended := found;
  if not ended then
    return;
  end if;
  update trunkline.sessions set ended_at = clock_timestamp(), end_reason = p_reason where session_key = p_session;

  -- after this no publish, and so no ask, is accepted on any of its streams
  with mine as materialized (
         select stream_id from trunkline.streams where session_key = p_session order by stream_id for no key update),
       finished as (
         update trunkline.streams s set finished_at = coalesce(s.finished_at, clock_timestamp())
           from mine m where s.stream_id = m.stream_id
         returning s.stream_id, s.holder_instance)
  select array_agg(row(holder_instance, 's', stream_id)::trunkline.wake) filter (where holder_instance is not null)
    into v_holders from finished;

  with mine as materialized (
         select call_id from trunkline.calls
          where session_key = p_session and finished_at is null order by call_id for no key update),
       cancelled as (
         update trunkline.calls c
            set cancelled_at = coalesce(c.cancelled_at, clock_timestamp()),
                cancel_reason = coalesce(c.cancel_reason, 'session ended'),
                finished_at = clock_timestamp()
           from mine m where c.call_id = m.call_id
         returning c.call_id, c.stream_id)
  select array_agg(row(s.writer_instance, 'c', c.call_id)::trunkline.wake) filter (where s.writer_instance is not null)
    into v_writers from cancelled c join trunkline.streams s using (stream_id);

  with mine as materialized (
         select pending_id from trunkline.pending_requests
          where session_key = p_session and outcome is null order by pending_id for no key update),
       settled as (
         update trunkline.pending_requests p set outcome = 'session ended', settled_at = clock_timestamp()
           from mine m where p.pending_id = m.pending_id
         returning p.pending_id, p.asker)
  select array_agg(row(asker, 'a', pending_id)::trunkline.wake) into v_askers from settled;

  wakes := coalesce(v_holders, '{}') || coalesce(v_writers, '{}') || coalesce(v_askers, '{}')
           || trunkline.announce_now('session_changed', p_session::text, convert_to('ended', 'UTF8'));
end $$;

-- Ends a session that nobody uses or that has lived its time; one that is locked is left for the next round.
create function trunkline.end_unused_session(p_session bigint, p_idle interval, p_lifetime interval,
                                             out ended boolean, out wakes trunkline.wake[])
language plpgsql set search_path = pg_catalog as $$
declare
  v_reason text;
begin
  ended := false;
  wakes := '{}';
  perform from trunkline.sessions where session_key = p_session and ended_at is null for update skip locked;
  if not found then
    return;
  end if;
  -- judged under the lock: a stream, a call or a use that came in the meantime keeps it alive
  select case when s.created_at + p_lifetime <= clock_timestamp() then 'lifetime over'
              when s.last_used_at + p_idle <= clock_timestamp()
               and not exists (select from trunkline.streams t
                                where t.session_key = p_session
                                  -- a stream that was open is a use until it was closed: its client may be on its way back
                                  and (t.holder_instance is not null or t.closed_at + p_idle > clock_timestamp()))
               and not exists (select from trunkline.calls c
                                where c.session_key = p_session
                                  and (c.finished_at is null or c.finished_at + p_idle > clock_timestamp())) then 'idle' end
    into v_reason from trunkline.sessions s where s.session_key = p_session;
  if v_reason is not null then
    select e.ended, e.wakes into end_unused_session.ended, end_unused_session.wakes
      from trunkline.end_session_now(p_session, v_reason) e;
  end if;
end $$;

-- Sets the level below which the session's client wants no log messages; living = false: there is no such session any more.
create function trunkline.set_log_level(p_session bigint, p_level text, out living boolean, out wakes trunkline.wake[])
language plpgsql set search_path = pg_catalog as $$
declare
  v_former text;
begin
  wakes := '{}';
  select log_level into v_former from trunkline.sessions
   where session_key = p_session and ended_at is null for no key update;
  living := found;
  if living and v_former is distinct from p_level then
    update trunkline.sessions set log_level = p_level where session_key = p_session;
    wakes := array[trunkline.announce_now('session_changed', p_session::text, convert_to('log level', 'UTF8'))];
  end if;
end $$;

-- Removes sessions that ended long ago, with everything of theirs; messages go with their slot.
create function trunkline.forget_ended_sessions(p_age interval, p_rows_max int) returns int
language plpgsql set search_path = pg_catalog as $$
declare
  v_sessions bigint[];
begin
  select array_agg(session_key) into v_sessions from (
    select session_key from trunkline.sessions
     where ended_at < clock_timestamp() - p_age order by session_key limit p_rows_max for update skip locked) s;
  if v_sessions is null then
    return 0;
  end if;
  perform from trunkline.streams where session_key = any (v_sessions) order by stream_id for update;
  delete from trunkline.streams where session_key = any (v_sessions);
  perform from trunkline.calls where session_key = any (v_sessions) order by call_id for update;
  delete from trunkline.calls where session_key = any (v_sessions);
  perform from trunkline.pending_requests where session_key = any (v_sessions) order by pending_id for update;
  delete from trunkline.pending_requests where session_key = any (v_sessions);
  delete from trunkline.subscriptions where session_key = any (v_sessions);
  delete from trunkline.session_values where session_key = any (v_sessions);
  delete from trunkline.sessions where session_key = any (v_sessions);
  return cardinality(v_sessions);
end $$;

-- Cancels a call wherever it runs. One that is not a stream has no row: its cancel is announced, and whoever runs it hears.
-- Empty wakes: it was cancelled before.
create function trunkline.cancel_call_now(p_session bigint, p_request text, p_reason text, out wakes trunkline.wake[])
language plpgsql set search_path = pg_catalog as $$
declare
  v_known boolean;
begin
  with mine as materialized (
         select call_id from trunkline.calls
          where session_key = p_session and request_id = p_request and finished_at is null and cancelled_at is null
          order by call_id for no key update),
       cancelled as (
         update trunkline.calls c set cancelled_at = clock_timestamp(), cancel_reason = p_reason
           from mine m where c.call_id = m.call_id
         returning c.call_id, c.stream_id)
  select coalesce(array_agg(row(s.writer_instance, 'c', c.call_id)::trunkline.wake)
                    filter (where s.writer_instance is not null), '{}')
    into wakes from cancelled c join trunkline.streams s using (stream_id);
  -- finished ones do not count: their id may come again, in a call that has no row yet
  v_known := exists (select from trunkline.calls
                      where session_key = p_session and request_id = p_request and finished_at is null);
  if not v_known then
    wakes := array[trunkline.announce_now('call_cancelled', p_session || ' ' || p_request, convert_to(p_reason, 'UTF8'))];
  end if;
end $$;

-- What operators read; no payload, no answers, no values.
create view trunkline.session_directory as
select s.session_id, s.revision, s.principal, s.client, s.log_level, s.created_at, s.last_used_at, s.ended_at, s.end_reason,
       (select count(*) from trunkline.streams t
         where t.session_key = s.session_key and t.holder_instance is not null) as open_streams,
       (select count(*) from trunkline.calls c
         where c.session_key = s.session_key and c.finished_at is null) as running_calls,
       (select count(*) from trunkline.pending_requests p
         where p.session_key = s.session_key and p.outcome is null) as pending_requests,
       (select count(*) from trunkline.subscriptions u where u.session_key = s.session_key) as subscriptions
  from trunkline.sessions s;

-- What SQL callers hand in ------------------------------------------------------------------------------------------------
-- Each takes part in the caller's transaction and only inserts into outbox: it waits for nobody and delays nobody. After the
-- commit any instance moves the row on, exactly once, within a quarter of a second; whoever wants it sooner adds
-- notify trunkline_all, 'o0' to the transaction.

-- One line of a JSON-RPC notification, or a clear error.
create function trunkline.notification_line(p_payload text) returns text
language plpgsql immutable set search_path = pg_catalog as $$
declare
  v_json json;
begin
  if p_payload is null then
    raise exception 'the notification is null' using errcode = 'null_value_not_allowed';
  end if;
  begin
    v_json := p_payload::json;
  exception when others then
    raise exception 'the notification is not JSON: %', sqlerrm using errcode = 'invalid_parameter_value';
  end;
  if json_typeof(v_json) <> 'object' then
    raise exception 'a notification is a JSON object, not % (batches are not sent)',
      json_typeof(v_json) using errcode = 'invalid_parameter_value';
  end if;
  if v_json ->> 'jsonrpc' is distinct from '2.0' then
    raise exception 'a notification has "jsonrpc":"2.0"' using errcode = 'invalid_parameter_value';
  end if;
  if json_typeof(v_json -> 'method') is distinct from 'string' or v_json ->> 'method' = '' then
    raise exception 'a notification has a "method"' using errcode = 'invalid_parameter_value';
  end if;
  if v_json -> 'id' is not null or v_json -> 'result' is not null or v_json -> 'error' is not null then
    raise exception 'a notification has no "id", "result" or "error": questions are asked by tools'
      using errcode = 'invalid_parameter_value';
  end if;
  if coalesce(json_typeof(v_json -> 'params'), 'object') <> 'object' then
    raise exception 'the "params" of a notification are an object' using errcode = 'invalid_parameter_value';
  end if;
  if octet_length(p_payload) > 262144 then
    raise exception 'the notification has % bytes, more than 262144', octet_length(p_payload)
      using errcode = 'program_limit_exceeded';
  end if;
  -- JSON has line ends only between its tokens
  return translate(p_payload, e'\r\n', '  ');
end $$;

-- Hands a notification to one session's standalone stream; false: there is no such living session.
create function trunkline.send(session_id text, payload text) returns boolean
language plpgsql set search_path = pg_catalog as $$
declare
  v_line text := trunkline.notification_line(payload);
begin
  perform from trunkline.sessions s where s.session_id = send.session_id and s.ended_at is null;
  if found then
    insert into trunkline.outbox (kind, about, payload) values ('send', send.session_id, v_line);
  end if;
  return found;
end $$;

-- Hands a notification to every session: one row, however many there are.
create function trunkline.broadcast(payload text) returns void
language sql set search_path = pg_catalog as $$
  insert into trunkline.outbox (kind, payload) values ('broadcast', trunkline.notification_line(payload))
$$;

-- Tells the sessions that subscribed to the resource.
create function trunkline.resource_updated(uri text) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  if uri is null or uri = '' or octet_length(uri) > 2048 then
    raise exception 'a resource URI has 1 to 2048 bytes' using errcode = 'invalid_parameter_value';
  end if;
  insert into trunkline.outbox (kind, about, payload)
  values ('resource_updated', uri,
          '{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":' || to_json(uri) || '}}');
end $$;

-- Tells every session that the list of tools, resources or prompts changed.
create function trunkline.list_changed(kind text) returns void
language plpgsql set search_path = pg_catalog as $$
begin
  if kind is null or kind not in ('tools', 'resources', 'prompts') then
    raise exception 'the lists are tools, resources and prompts, not %', coalesce(kind, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  insert into trunkline.outbox (kind, payload)
  values (list_changed.kind || '_changed', '{"jsonrpc":"2.0","method":"notifications/' || list_changed.kind || '/list_changed"}');
end $$;

-- Ends a session; false: there is no such living session.
create function trunkline.end_session(session_id text) returns boolean
language plpgsql set search_path = pg_catalog as $$
begin
  perform from trunkline.sessions s where s.session_id = end_session.session_id and s.ended_at is null;
  if found then
    insert into trunkline.outbox (kind, about) values ('end_session', end_session.session_id);
  end if;
  return found;
end $$;

-- Cancels the call of a session by its JSON-RPC id, with its type: 7 and "7" differ; false: there is no such living session.
create function trunkline.cancel_call(session_id text, request_id json) returns boolean
language plpgsql set search_path = pg_catalog as $$
declare
  v_request text;
begin
  if request_id is null or json_typeof(request_id) not in ('string', 'number')
     or (json_typeof(request_id) = 'number' and (request_id #>> '{}') !~ '^-?[0-9]{1,18}$') then
    raise exception 'a request id is a JSON string or an integer' using errcode = 'invalid_parameter_value';
  end if;
  if length(request_id::text) > 257 then
    raise exception 'a request id has at most 255 characters' using errcode = 'invalid_parameter_value';
  end if;
  v_request := case json_typeof(request_id) when 'string' then to_json(request_id #>> '{}')::text else request_id #>> '{}' end;
  perform from trunkline.sessions s where s.session_id = cancel_call.session_id and s.ended_at is null;
  if found then
    insert into trunkline.outbox (kind, about, payload) values ('cancel_call', cancel_call.session_id, v_request);
  end if;
  return found;
end $$;

-- Moves the oldest rows of one kind on, so that the rows of one transaction keep their order and each run keeps the lock order.
-- moved: rows taken; dropped: those of them whose session was gone. Nothing to do, or another instance at it: 0.
create function trunkline.move_outbox(p_rows_max int, out moved int, out dropped int, out wakes trunkline.wake[])
language plpgsql set search_path = pg_catalog as $$
declare
  v_class   text;
  v_rows    bigint[];
  v_about   text;
  v_payload text;
  v_session bigint;
  v_streams bigint[];
  v_locked  bigint[];
begin
  moved := 0;
  dropped := 0;
  wakes := '{}';
  if not exists (select from trunkline.outbox) or not pg_try_advisory_xact_lock(hashtextextended('trunkline.outbox', 0)) then
    return;
  end if;

  -- the longest run of one class from the front; an end or a cancel goes alone, because it locks what the next would lock first
  with front as (
         select outbox_id, about, payload,
                case when kind in ('send', 'end_session', 'cancel_call') then kind else 'announce' end as class,
                sum(coalesce(octet_length(payload), 0)) over (order by outbox_id) as bytes
           from (select * from trunkline.outbox order by outbox_id limit p_rows_max) o),
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
    return;
  end if;

  case v_class
  when 'send' then
    select coalesce(array_agg(distinct t.stream_id), '{}') into v_streams
      from trunkline.outbox o
      join trunkline.sessions s on s.session_id = o.about
      join trunkline.streams t on t.session_key = s.session_key and t.standalone
     where o.outbox_id = any (v_rows);
    begin
      select coalesce(array_agg(l.stream_id), '{}') into v_locked from (
        select stream_id from trunkline.streams
         where stream_id = any (v_streams) and finished_at is null order by stream_id for no key update) l;
    exception when lock_not_available then
      -- a stream that somebody keeps locked waits alone: its rows stay, in their order
      select coalesce(array_agg(l.stream_id), '{}') into v_locked from (
        select stream_id from trunkline.streams
         where stream_id = any (v_streams) and finished_at is null order by stream_id for no key update skip locked) l;
    end;
    with addressed as materialized (
           select o.outbox_id, o.payload, t.stream_id, t.holder_instance, t.stream_id = any (v_locked) as open
             from trunkline.outbox o
             left join trunkline.sessions s on s.session_id = o.about
             left join trunkline.streams t on t.session_key = s.session_key and t.standalone
            where o.outbox_id = any (v_rows)
              and (t.stream_id is null or t.finished_at is not null or t.stream_id = any (v_locked))),
         taken as (
           delete from trunkline.outbox o using addressed a where o.outbox_id = a.outbox_id returning a.*),
         sent as (
           insert into trunkline.outbound_messages (stream_id, event_id, slot, payload)
           select q.stream_id, q.high | nextval('trunkline.event_seq'), q.current_slot, convert_to(q.payload, 'UTF8')
             from (select k.stream_id, k.payload, c.current_slot, trunkline.id_prefix() as high
                     from taken k cross join trunkline.control c where k.open order by k.outbox_id) q)
    select count(*), count(*) filter (where open is not true),
           coalesce(array_agg(distinct row(holder_instance, 's', stream_id)::trunkline.wake)
                      filter (where open and holder_instance is not null), '{}')
      into moved, dropped, wakes from taken;

  when 'announce' then
    perform from trunkline.announcement_lock for no key update;
    with taken as (
           delete from trunkline.outbox where outbox_id = any (v_rows) returning outbox_id, kind, about, payload),
         said as (
           insert into trunkline.announcements (id, kind, about, payload)
           select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), q.kind, q.about, convert_to(q.payload, 'UTF8')
             from (select * from taken order by outbox_id) q)
    select count(*), array[row(null, 'n', 1)::trunkline.wake] into moved, wakes from taken;

  else
    begin
      select session_key into v_session from trunkline.sessions where session_id = v_about;
      if v_class = 'end_session' then
        select e.wakes into move_outbox.wakes from trunkline.end_session_now(v_session, 'ended by SQL') e;
      elsif exists (select from trunkline.sessions where session_key = v_session and ended_at is null) then
        select c.wakes into move_outbox.wakes from trunkline.cancel_call_now(v_session, v_payload, 'cancelled by SQL') c;
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
end $$;

-- Functions are executable by everybody unless that is taken away; grants give it back to whom it is for (README).
revoke execute on all functions in schema trunkline from public;
