-- Purpose: what a stream keeps and for how long: trimming, the rotation of the slots, the removal of what is over.
-- Rolling: adds functions and two indexes; the index on the calls of a session becomes unique for those that run.
-- Check: select * from trunkline.sweep();

-- A session cannot run two calls of one id at the same time; after the first has finished the id may come again.
drop index trunkline.calls_request_idx;
create unique index calls_running_idx on trunkline.calls (session_key, request_id) where finished_at is null;  -- cancel
create index calls_session_idx on trunkline.calls (session_key);                                               -- end of a session

-- Moves the floor of streams up so that each keeps at most so many messages; the rows go with their slot. A stream that
-- somebody has locked is left for the next time. Returns how many floors moved.
create function trunkline.trim_streams(p_streams bigint[], p_keep int) returns int
language sql set search_path = pg_catalog as $$
  with mine as materialized (
         select stream_id, trimmed_through from trunkline.streams
          where stream_id = any (p_streams) order by stream_id for no key update skip locked),
       floors as (
         select m.stream_id, f.event_id from mine m
          cross join lateral (select event_id from trunkline.outbound_messages o
                               where o.stream_id = m.stream_id and o.event_id > m.trimmed_through
                               order by event_id desc offset p_keep limit 1) f),
       moved as (
         update trunkline.streams s set trimmed_through = f.event_id from floors f where s.stream_id = f.stream_id
         returning s.stream_id)
  select count(*)::int from moved
$$;

-- For operators: keep only the newest messages of a session's streams, now. Returns how many streams lost some.
create function trunkline.trim_history(session_id text, keep int) returns int
language plpgsql set search_path = pg_catalog as $$
begin
  if keep is null or keep < 0 then
    raise exception 'keep is the number of messages to keep, 0 or more' using errcode = 'invalid_parameter_value';
  end if;
  return trunkline.trim_streams(
    (select array_agg(t.stream_id) from trunkline.streams t
       join trunkline.sessions s on s.session_key = t.session_key where s.session_id = trim_history.session_id), keep);
end $$;

-- Slots -------------------------------------------------------------------------------------------------------------------
-- Messages are written to the current slot. A slot that is old enough is retired (each stream's floor rises above what the
-- slot holds, committed), then truncated; only into an empty slot does the writing move on. Blocked means: the current one grows.

-- Moves the writing to the next slot when the current one is old enough and the next is empty.
-- outcome: young, moved, or full (the next slot must be freed first).
create function trunkline.advance_slot(p_open_for interval, out outcome text, out slot int)
language plpgsql security definer set search_path = pg_catalog as $$
declare
  v_opened timestamptz;
  v_full   boolean;
begin
  select (c.current_slot + 1) % 8, c.slot_opened_at into slot, v_opened from trunkline.control c;
  if v_opened + p_open_for > clock_timestamp() then
    outcome := 'young';
    return;
  end if;
  execute format('select exists (select from trunkline.outbound_messages_%1$s) or exists (select from trunkline.publish_batches_%1$s)',
                 slot) into v_full;
  if v_full then
    outcome := 'full';
    return;
  end if;
  update trunkline.control c set current_slot = advance_slot.slot, slot_opened_at = clock_timestamp()
   where c.slot_opened_at = v_opened;  -- another instance may have been faster
  outcome := case when found then 'moved' else 'young' end;
end $$;

-- Raises the floor of streams above what the slot holds, at most so many at a time; 0 when nothing is left to raise.
create function trunkline.retire_slot(p_slot int, p_streams_max int) returns int
language plpgsql security definer set search_path = pg_catalog as $$
declare
  v_retired int;
begin
  execute format($retire$
    with held as materialized (
           select stream_id, max(event_id) as newest from trunkline.outbound_messages_%s group by stream_id),
         mine as materialized (
           select s.stream_id, h.newest from trunkline.streams s join held h using (stream_id)
            where s.trimmed_through < h.newest order by s.stream_id limit %s for no key update of s),
         raised as (
           update trunkline.streams s set trimmed_through = greatest(s.trimmed_through, m.newest)
             from mine m where s.stream_id = m.stream_id returning s.stream_id)
    select count(*)::int from raised $retire$, p_slot, p_streams_max) into v_retired;
  return v_retired;
end $$;

-- Gives the space of a retired slot back. False: somebody reads it, or a stream still needs it; try again.
create function trunkline.truncate_slot(p_slot int, p_patience interval) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  v_needed boolean;
  v_mode   text := case when p_patience > interval '0' then '' else ' nowait' end;
begin
  if p_slot = (select c.current_slot from trunkline.control c) then
    raise exception 'slot % is being written', p_slot;
  end if;
  perform set_config('lock_timeout', greatest(1, extract(epoch from p_patience) * 1000)::int || 'ms', true);
  begin
    execute format('lock table only trunkline.outbound_messages_%1$s, only trunkline.publish_batches_%1$s in access exclusive mode%2$s',
                   p_slot, v_mode);
  exception when lock_not_available then
    return false;
  end;
  -- a publish that read the slot before it was retired may have come late
  execute format('select exists (select from trunkline.outbound_messages_%s m join trunkline.streams s using (stream_id)
                                  where m.event_id > s.trimmed_through)', p_slot) into v_needed;
  if v_needed then
    return false;
  end if;
  execute format('truncate only trunkline.outbound_messages_%1$s, only trunkline.publish_batches_%1$s', p_slot);
  return true;
end $$;

-- What is over ------------------------------------------------------------------------------------------------------------

-- Removes finished streams of calls that nobody can resume any more, looking at so many streams from one id on.
-- No index on finished_at: it would end the HOT updates of every publish that finishes. through: null at the end of the table.
create function trunkline.forget_finished_streams(p_after bigint, p_age interval, p_rows_max int,
                                                  out removed int, out through bigint)
language plpgsql set search_path = pg_catalog as $$
declare
  v_streams bigint[];
begin
  select case when count(*) = p_rows_max then max(stream_id) end,
         array_agg(stream_id order by stream_id)
           filter (where not standalone and finished_at < clock_timestamp() - p_age and holder_instance is null)
    into through, v_streams
    from (select * from trunkline.streams where stream_id > p_after order by stream_id limit p_rows_max) s;
  select array_agg(stream_id) into v_streams from (
    select stream_id from trunkline.streams where stream_id = any (v_streams) order by stream_id for update skip locked) s;
  delete from trunkline.streams where stream_id = any (v_streams);
  get diagnostics removed = row_count;
  delete from trunkline.calls where stream_id = any (v_streams);
  delete from trunkline.pending_requests where stream_id = any (v_streams) and outcome is not null;
end $$;

-- One round of what every instance does by itself, by hand.
create function trunkline.sweep() returns table (chore text, done int)
language plpgsql set search_path = pg_catalog as $$
begin
  chore := 'questions abandoned';
  update trunkline.pending_requests set outcome = 'abandoned', settled_at = clock_timestamp()
   where pending_id in (
         select p.pending_id from trunkline.pending_requests p join trunkline.instances i on i.instance_id = p.asker
          where p.outcome is null
            and (i.dead_at is not null or i.left_at is not null or p.deadline < clock_timestamp() - interval '1 minute')
          order by p.pending_id limit 1000 for no key update of p skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'questions removed';
  delete from trunkline.pending_requests
   where pending_id in (
         select pending_id from trunkline.pending_requests
          where outcome is not null and deadline < clock_timestamp() - interval '10 minutes'
          order by pending_id limit 1000 for update skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'streams removed';
  select f.removed into done from trunkline.forget_finished_streams(0, interval '1 hour', 1000) f;
  return next;
  chore := 'sessions removed';
  done := trunkline.forget_ended_sessions(interval '1 hour', 1000);
  return next;
end $$;

revoke execute on function trunkline.trim_streams(bigint[], int), trunkline.trim_history(text, int),
  trunkline.advance_slot(interval), trunkline.retire_slot(int, int), trunkline.truncate_slot(int, interval),
  trunkline.forget_finished_streams(bigint, interval, int), trunkline.sweep() from public;
