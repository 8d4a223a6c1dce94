-- Purpose: functions that clean up keep what the instances promise, not what an instance without options would.
-- Rolling: replaces bodies, no signature. An instance of the release before says nothing about itself: for it they assume the hour that
--          they always assumed.
-- Check: select trunkline.history_age();

-- The longest of those that live and of those that went a day ago or later: a restart is no reason to forget.
create function trunkline.history_age() returns interval language sql stable set search_path = pg_catalog as
$$ select coalesce(max(coalesce(history_age_max, interval '1 hour')), interval '1 hour')
     from trunkline.instances
    where (dead_at is null and left_at is null) or coalesce(left_at, dead_at) > clock_timestamp() - interval '1 day' $$;

-- One step of the clean-up that every instance does anyway; for operators whose instances are all down, and for tests.
create or replace function trunkline.sweep() returns table (chore text, done int)
language plpgsql set search_path = pg_catalog as $$
begin
  chore := 'questions abandoned';
  update trunkline.pending_requests set outcome = 'abandoned', settled_at = clock_timestamp()
   where pending_id in (
         select p.pending_id from trunkline.pending_requests p join trunkline.instances i on i.instance_id = p.asker
          where p.outcome is null
            and (p.task_input is null and (i.dead_at is not null or i.left_at is not null)
                 or p.deadline < clock_timestamp() - interval '1 minute')
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
  select f.removed into done from trunkline.forget_finished_streams(0, trunkline.history_age(), 1000) f;
  return next;
  chore := 'sessions removed';
  done := trunkline.forget_ended_sessions(interval '1 hour', 1000);
  return next;
  chore := 'elicitations removed';
  delete from trunkline.url_elicitations
   where elicitation_id in (
         select elicitation_id from trunkline.url_elicitations
          where expires_at < clock_timestamp() - interval '1 hour'
          order by expires_at limit 1000 for update skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'tasks removed';
  done := trunkline.forget_expired_tasks(1000);
  return next;
end $$;

-- Moves the writing to the next slot when the current one is old enough and the next is empty. An instance that keeps messages for
-- less than another does not take from it: as long as one lives that promises more, its sixth counts.
-- outcome: young, moved, or full (the next slot must be freed first).
create or replace function trunkline.advance_slot(p_open_for interval, out outcome text, out slot int)
language plpgsql security definer set search_path = pg_catalog as $$
declare
  v_opened timestamptz;
  v_full   boolean;
  v_sixth  interval := (select max(history_age_max) / 6 from trunkline.instances where dead_at is null and left_at is null);
begin
  select (c.current_slot + 1) % 8, c.slot_opened_at into slot, v_opened from trunkline.control c;
  if v_opened + greatest(p_open_for, v_sixth) > clock_timestamp() then
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

-- Removes streams that are finished, were read or given up, and are older than the age; with their calls and questions. No younger
-- than what a living instance promises its clients, whatever the caller promises his own.
-- p_after: where to go on; through: where the next call does, null at the end of the table.
create or replace function trunkline.forget_finished_streams(p_after bigint, p_age interval, p_rows_max int,
                                                             out removed int, out through bigint)
language plpgsql set search_path = pg_catalog as $$
declare
  v_streams bigint[];
  v_age     interval := greatest(p_age, (select max(history_age_max) from trunkline.instances where dead_at is null and left_at is null));
begin
  select case when count(*) = p_rows_max then max(stream_id) end, array_agg(stream_id)
    into through, v_streams
    from (select stream_id from trunkline.streams where stream_id > p_after order by stream_id limit p_rows_max) s;
  -- judged under the lock: a claim may have come in the meantime, and its client reads on
  select array_agg(stream_id) into v_streams from (
    select stream_id from trunkline.streams
     where stream_id = any (v_streams)
       and not standalone and finished_at < clock_timestamp() - v_age and holder_instance is null
     order by stream_id for update skip locked) s;
  delete from trunkline.streams where stream_id = any (v_streams);
  get diagnostics removed = row_count;
  delete from trunkline.calls where stream_id = any (v_streams);
  delete from trunkline.pending_requests where stream_id = any (v_streams) and outcome is not null;
end $$;

revoke execute on function trunkline.history_age() from public;

-- sweep() calls it now: whoever may call the one may call the other, without db/role/app.sql once more.
do $$
declare
  v_role regrole;
begin
  for v_role in
    select a.grantee::regrole from pg_proc p cross join aclexplode(p.proacl) a
     where p.oid = 'trunkline.sweep()'::regprocedure and a.privilege_type = 'EXECUTE' and a.grantee not in (0, p.proowner)
  loop
    execute format('grant execute on function trunkline.history_age() to %s', v_role);
  end loop;
end $$;
