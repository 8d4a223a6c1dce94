-- Purpose: what a lost instance's call had asked is kept for the run that follows, and what its client answered as long as the call may
--          be run again: both go when the call's stream has ended.
-- Rolling: replaces a body. Instances of the running release close such questions as before; then the next run asks anew.
-- Check: select * from trunkline.sweep();

create or replace function trunkline.sweep() returns table (chore text, done int)
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  chore := 'questions abandoned';
  update trunkline.pending_requests set outcome = 'abandoned', settled_at = clock_timestamp()
   where pending_id in (
         select p.pending_id from trunkline.pending_requests p join trunkline.instances i on i.instance_id = p.asker
          where p.outcome is null
            and (p.task_input is null and (i.dead_at is not null or i.left_at is not null)
                 and not exists (select from trunkline.streams s where s.stream_id = p.stream_id and s.finished_at is null)
                 or p.deadline < clock_timestamp() - interval '1 minute')
          order by p.pending_id limit 1000 for no key update of p skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'questions removed';
  delete from trunkline.pending_requests
   where pending_id in (
         select p.pending_id from trunkline.pending_requests p
          where p.outcome is not null and p.deadline < clock_timestamp() - interval '10 minutes'
            and not exists (select from trunkline.streams s where s.stream_id = p.stream_id and s.finished_at is null)
          order by p.pending_id limit 1000 for update of p skip locked);
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
