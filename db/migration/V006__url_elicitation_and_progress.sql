-- Purpose: sending users to web pages (elicitation by URL, MCP 2025-11-25), and saying that they are done there; how far clients
--          are with what the server asked.
-- Rolling: adds a table, three nullable columns and a function, and replaces two functions by ones that also know the table;
--          older releases do not notice.
-- Check: select trunkline.complete_elicitation(repeat('0', 32), 'nobody'); answers false.

-- A user was asked to open a web page. The page's address is not kept: only what may complete it, and whom to tell.
create table trunkline.url_elicitations (
  elicitation_id text        not null,                             -- 32 random hex digits: part of the page's address
  session_key    bigint      not null,                             -- the one that is told of the completion
  principal      text        not null,                             -- who has to be the page's user
  created_at     timestamptz not null default clock_timestamp(),
  expires_at     timestamptz not null,
  completed_at   timestamptz,
  constraint url_elicitations_pk primary key (elicitation_id),
  constraint url_elicitations_id_ck check (elicitation_id ~ '^[0-9a-f]{32}$')
) with (fillfactor = 70);
create index url_elicitations_expiry_idx on trunkline.url_elicitations (expires_at);  -- sweep

-- How far the client is with a question, if it was asked to tell: written with each of its reports, while the question is open.
alter table trunkline.pending_requests
  add column progress         double precision,
  add column progress_total   double precision,
  add column progress_message text;

-- For the web page, when its user is done: marks the elicitation and hands the notification to the session that asked, both or
-- neither. Takes part in the caller's transaction and locks that one row. The principal is whom the page has authenticated:
-- somebody else who was lured to the address must not complete it.
-- False: completed before, expired, another principal's, or its session has ended.
create function trunkline.complete_elicitation(elicitation_id text, principal text) returns boolean
language plpgsql set search_path = pg_catalog as $$
declare
  v_session text;
begin
  update trunkline.url_elicitations e set completed_at = clock_timestamp()
    from trunkline.sessions s
   where e.elicitation_id = complete_elicitation.elicitation_id and e.principal = complete_elicitation.principal
     and e.completed_at is null and e.expires_at > clock_timestamp()
     and s.session_key = e.session_key and s.ended_at is null
  returning s.session_id into v_session;
  if not found then
    return false;
  end if;
  insert into trunkline.outbox (kind, about, payload)
  values ('elicitation_completed', v_session,
          '{"jsonrpc":"2.0","method":"notifications/elicitation/complete",'
          '"params":{"elicitationId":"' || elicitation_id || '"}}');
  return true;
end $$;
-- What SQL callers hand in ------------------------------------------------------------------------------------------------

-- Moves the oldest rows of one kind on, so that the rows of one transaction keep their order and each run keeps the lock order.
-- moved: rows taken; dropped: those of them whose session was gone, or that cannot be stored at all. Nothing to do, or another
-- instance at it: 0. A stream that somebody keeps locked holds up what is about its session and nothing else; it is waited for
-- only when nothing else is left.
create or replace function trunkline.move_outbox(p_rows_max int, out moved int, out dropped int, out wakes trunkline.wake[])
language plpgsql set search_path = pg_catalog as $$
declare
  v_class    text;
  v_rows     bigint[];
  v_about    text;
  v_payload  text;
  v_session  bigint;
  v_streams  bigint[];
  v_locked   bigint[];
  v_rows_max int     := p_rows_max;  -- of a run: halved while the database refuses one of its rows
  v_busy     text[]  := '{}';        -- sessions whose stream is locked: all that is about them waits
  v_patient  boolean := false;
begin
  moved := 0;
  dropped := 0;
  wakes := '{}';
  if not exists (select from trunkline.outbox) or not pg_try_advisory_xact_lock(hashtextextended('trunkline.outbox', 0)) then
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
             sent as (
               insert into trunkline.outbound_messages (stream_id, event_id, slot, payload)
               select q.stream_id, q.high | nextval('trunkline.event_seq'), q.current_slot, convert_to(q.payload, 'UTF8')
                 from (select k.stream_id, k.payload, c.current_slot, trunkline.id_prefix() as high
                         from taken k cross join trunkline.control c where k.open order by k.outbox_id) q)
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
        perform from trunkline.announcement_lock for no key update;
        with taken as (
               delete from trunkline.outbox where outbox_id = any (v_rows) returning outbox_id, kind, about, payload),
             said as (
               insert into trunkline.announcements (id, kind, about, payload)
               select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), q.kind, q.about,
                      convert_to(q.payload, 'UTF8')
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
      return;
    exception when data_exception or check_violation or not_null_violation or program_limit_exceeded then
      -- a row that was put there by hand and that nobody can ever store must not hold up the others
      if cardinality(v_rows) = 1 then
        raise warning 'trunkline dropped row % of its outbox (%): %', v_rows[1], v_class, sqlerrm;
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

-- Functions are executable by everybody unless that is taken away.
revoke execute on function trunkline.complete_elicitation(text, text) from public;
