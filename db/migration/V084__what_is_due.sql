-- Purpose: functions that clean up read what is due, by the indexes, and not what is there: a condition on clock_timestamp() itself can use
--          none, since it may change from row to row. And sweep() does every chore that needs no instance.
-- Rolling: the same functions with the same answers; forget_finished_streams needs no place to go on from, and names none.
-- Check: select * from trunkline.sweep();

create or replace function trunkline.forget_ended_sessions(p_age interval, p_rows_max integer)
 returns integer
 language plpgsql
 set search_path to 'pg_catalog', 'pg_temp'
as $function$
declare
  v_until    timestamptz := clock_timestamp() - p_age;
  v_sessions bigint[];
begin
  v_sessions := array(select session_key from trunkline.sessions where ended_at < v_until order by ended_at limit p_rows_max);
  select array_agg(session_key) into v_sessions from (
    select session_key from trunkline.sessions
     where session_key = any (v_sessions) and ended_at < v_until order by session_key for update skip locked) s;
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
end $function$;

create or replace function trunkline.forget_expired_tasks(p_rows_max integer)
 returns integer
 language plpgsql
 set search_path to 'pg_catalog', 'pg_temp'
as $function$
declare
  v_now   timestamptz := clock_timestamp();
  v_tasks bigint[];
begin
  v_tasks := array(select task_key from trunkline.tasks where expires_at < v_now order by expires_at limit p_rows_max);
  select array_agg(task_key) into v_tasks from (
    select task_key from trunkline.tasks
     where task_key = any (v_tasks) and expires_at < v_now order by task_key for update skip locked) t;
  if v_tasks is null then
    return 0;
  end if;
  delete from trunkline.task_inputs where task_key = any (v_tasks);
  delete from trunkline.tasks where task_key = any (v_tasks);
  return cardinality(v_tasks);
end $function$;

create or replace function trunkline.forget_finished_streams(p_after bigint, p_age interval, p_rows_max integer, out removed integer, out through bigint)
 returns record
 language plpgsql
 set search_path to 'pg_catalog', 'pg_temp'
as $function$
declare
  v_streams bigint[];
  v_until   timestamptz := clock_timestamp()
    - greatest(p_age, (select max(history_age_max) from trunkline.instances where dead_at is null and left_at is null));
begin
  v_streams := array(select stream_id from trunkline.streams
                      where finished_at < v_until and not standalone and holder_instance is null and stream_id > p_after
                      order by finished_at limit p_rows_max);
  -- judged under the lock: a claim may have come in the meantime, and its client reads on
  select array_agg(stream_id) into v_streams from (
    select stream_id from trunkline.streams
     where stream_id = any (v_streams)
       and not standalone and finished_at < v_until and holder_instance is null
     order by stream_id for update skip locked) s;
  delete from trunkline.streams where stream_id = any (v_streams);
  get diagnostics removed = row_count;
  if removed = 0 then
    return;
  end if;
  delete from trunkline.calls where stream_id = any (v_streams);
  delete from trunkline.pending_requests where stream_id = any (v_streams) and outcome is not null;
end $function$;

create or replace function trunkline.forget_operator_actions(p_rows_max integer)
 returns integer
 language plpgsql
 security definer
 set search_path to 'pg_catalog', 'pg_temp'
as $function$
declare
  v_until   timestamptz := clock_timestamp() - interval '30 days';
  v_removed int;
begin
  delete from trunkline.operator_actions
   where action_id in (
         select a.action_id from trunkline.operator_actions a
          where a.acted_at < v_until
          order by a.acted_at limit p_rows_max for update skip locked);
  get diagnostics v_removed = row_count;
  return v_removed;
end $function$;

create or replace function trunkline.sweep_round()
 returns table(chore text, done integer)
 language plpgsql
 set search_path to 'pg_catalog', 'pg_temp'
as $function$
declare
  v_now timestamptz := clock_timestamp();
begin
  chore := 'questions abandoned';
  update trunkline.pending_requests set outcome = 'abandoned', settled_at = clock_timestamp()
   where pending_id in (
         select p.pending_id from trunkline.pending_requests p join trunkline.instances i on i.instance_id = p.asker
          where p.outcome is null
            and (p.task_input is null and (i.dead_at is not null or i.left_at is not null)
                 and not exists (select from trunkline.streams s where s.stream_id = p.stream_id and s.finished_at is null)
                 or p.deadline < v_now - interval '1 minute')
          order by p.pending_id limit 1000 for no key update of p skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'questions removed';
  delete from trunkline.pending_requests
   where pending_id in (
         select p.pending_id from trunkline.pending_requests p
          where p.outcome is not null and p.deadline < v_now - interval '10 minutes'
            and not exists (select from trunkline.streams s where s.stream_id = p.stream_id and s.finished_at is null)
          order by p.pending_id limit 1000 for update of p skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'holders released';
  with held as materialized (
         select s.stream_id, case when i.dead_at is null then 'drained' else 'fenced' end as reason
           from trunkline.streams s join trunkline.instances i on i.instance_id = s.holder_instance
          where i.dead_at is not null or i.left_at is not null
          order by s.stream_id limit 1000 for no key update of s skip locked)
  update trunkline.streams s set holder_instance = null, closed_at = clock_timestamp(), close_reason = h.reason
    from held h where s.stream_id = h.stream_id;
  get diagnostics done = row_count;
  return next;
  chore := 'moves removed';
  delete from trunkline.stream_moves m
   where m.stream_id in (
         select w.stream_id from trunkline.stream_moves w
          where not exists (select from trunkline.streams s
                             where s.stream_id = w.stream_id and s.holder_epoch = w.holder_epoch and s.holder_instance is not null)
          order by w.stream_id limit 1000 for update of w skip locked)
     and not exists (select from trunkline.streams s
                      where s.stream_id = m.stream_id and s.holder_epoch = m.holder_epoch and s.holder_instance is not null);
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
          where expires_at < v_now - interval '1 hour'
          order by expires_at limit 1000 for update skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'tasks removed';
  done := trunkline.forget_expired_tasks(1000);
  return next;
  chore := 'announcements removed';
  with log as materialized (
         select trunkline.announcement_high() as high, trunkline.newest_announcement() as newest),
       old as (
         select o.id
           from ((select a.id, a.created_at from trunkline.announcements a order by a.id limit 1000)
                 union all
                 (select a.id, a.created_at from trunkline.announcements a
                   where a.id > (select high from log) order by a.id limit 1000)) o
          where o.created_at < v_now - interval '1 hour'),
       mine as materialized (
         select a.id from trunkline.announcements a
          where a.id in (select old.id from old) and a.id <> (select newest from log)
          order by a.id for update skip locked),
       gone as (
         delete from trunkline.announcements a using mine m where a.id = m.id returning a.id, a.kind),
       floor as (
         select max(g.id) as id from gone g
          where g.kind not in ('session_changed', 'call_cancelled') and g.id <= (select high from log)),
       raised as (
         update trunkline.control c set announcement_floor = f.id from floor f where f.id > c.announcement_floor)
  select count(*)::int into done from gone;
  return next;
  chore := 'instances removed';
  delete from trunkline.instances
   where instance_id in (
         select i.instance_id from trunkline.instances i
          where coalesce(i.dead_at, i.left_at) < v_now - interval '30 days'
          order by i.instance_id limit 1000 for update skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'operator actions removed';
  done := trunkline.forget_operator_actions(1000);
  return next;
end $function$;
