-- Purpose: calls that their clients asked to be run as tasks (MCP 2025-11-25), and what such a task asks its client.
-- Rolling: adds two tables, a sequence, a view, functions and a column that is null for everybody else's questions; sweep() does
--          more. A release that does not know it declares no tasks, runs a call plainly that is asked to be one, knows no tasks/...,
--          and closes a dead instance's questions of tasks early: switch tools that require tasks on after the roll-out.
-- Check: select * from trunkline.task_directory;

create table trunkline.tasks (
  task_key       bigint      generated always as identity,
  task_id        text        not null,                    -- on the wire: 32 hex digits
  principal      text        not null,                    -- whose it is; nobody else's can see it
  session_id     text        not null,                    -- whose call it was: a re-run asks what that client declared
  stream_id      bigint      not null,                    -- that session's standalone stream: progress, log and news of the status
  tool           text        not null,
  request        bytea       not null,                    -- the call's parameters: what a re-run needs
  rerunnable     boolean     not null,
  executor       int         not null,                    -- the instance that runs it
  run            int         not null default 1,          -- with the executor: fences a former run
  status         text        not null default 'working',
  status_message text,
  outcome        bytea,                                   -- the JSON-RPC response that it ended with
  changes        int         not null default 1,          -- +1 with each change: what a waiter compares
  ttl_millis     bigint      not null,
  created_at     timestamptz not null default clock_timestamp(),
  updated_at     timestamptz not null default clock_timestamp(),
  expires_at     timestamptz not null,
  constraint tasks_pk primary key (task_key),
  constraint tasks_id_uk unique (task_id),
  constraint tasks_id_ck check (task_id ~ '^[0-9a-f]{32}$'),
  constraint tasks_status_ck check (status in ('working', 'input_required', 'completed', 'failed', 'cancelled'))
) with (fillfactor = 70);
create index tasks_principal_idx on trunkline.tasks (principal, task_key);                                          -- list
create index tasks_session_idx on trunkline.tasks (session_id) where status in ('working', 'input_required');       -- cap
create index tasks_executor_idx on trunkline.tasks (executor) where status in ('working', 'input_required');        -- take-over
create index tasks_expiry_idx on trunkline.tasks (expires_at);                                                      -- sweep

create sequence trunkline.task_input_seq as bigint;

-- What a task asks its client. Whoever waits for the task's result puts it on a stream of its own, as often as it takes.
create table trunkline.task_inputs (
  task_key   bigint      not null,
  ordinal    int         not null,                        -- the k-th question of the task: what a re-run finds it by
  input_id   bigint      not null default nextval('trunkline.task_input_seq'),
  run        int         not null,                        -- who asked it last: what a former run asked is nobody's any more
  method     text        not null,
  params     bytea       not null,
  digest     bytea       not null,                        -- SHA-256 of method and parameters
  deadline   timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  outcome    text,
  answer     bytea,                                       -- the client's response, as it came
  settled_at timestamptz,
  constraint task_inputs_pk primary key (task_key, ordinal),
  constraint task_inputs_id_uk unique (input_id),
  constraint task_inputs_outcome_ck check (outcome in ('answered', 'expired'))
) with (fillfactor = 70);

-- A question that was asked for a task names it; then its asker only passed it on and may die.
alter table trunkline.pending_requests add column task_input bigint;
create index pending_requests_task_idx on trunkline.pending_requests (task_input) where task_input is not null;

-- What operators read; no payload, no answers.
create view trunkline.task_directory as
select t.task_id, t.principal, t.session_id, t.tool, t.status, t.executor as instance_id, t.run, t.created_at, t.updated_at,
       t.expires_at,
       (select count(*) from trunkline.task_inputs i where i.task_key = t.task_key and i.outcome is null) as open_inputs
  from trunkline.tasks t;

-- Cancels a task, in the caller's transaction; false: there is no such task that still runs. Its handler is interrupted within a
-- second of the commit. It keeps the task's row locked until then, which delays nobody but the task's own end.
create function trunkline.cancel_task(task_id text) returns boolean
language plpgsql set search_path = pg_catalog as $$
begin
  update trunkline.tasks t
     set status = 'cancelled', status_message = 'cancelled by SQL', updated_at = clock_timestamp(), changes = t.changes + 1
   where t.task_id = cancel_task.task_id and t.status in ('working', 'input_required');
  return found;
end $$;

-- Settles what the task's latest run asked, once: with the client's answer, or null when there was none in time. No row: it is
-- settled, or another run's. Statements of their own, so that whether the task waits for more is read under its lock.
create function trunkline.settle_task_input(p_task bigint, p_executor int, p_run int, p_input bigint, p_answer bytea)
returns setof trunkline.tasks language plpgsql set search_path = pg_catalog as $$
declare
  v_waits boolean;
begin
  perform from trunkline.tasks
    where task_key = p_task and executor = p_executor and run = p_run and status in ('working', 'input_required')
      for no key update;
  if not found then
    return;
  end if;
  update trunkline.task_inputs
     set outcome = case when p_answer is null then 'expired' else 'answered' end, answer = p_answer, settled_at = clock_timestamp()
   where task_key = p_task and input_id = p_input and run = p_run and outcome is null;
  if not found then
    return;
  end if;
  v_waits := exists (select from trunkline.task_inputs where task_key = p_task and run = p_run and outcome is null);
  return query
    update trunkline.tasks t
       set status = case when v_waits then t.status else 'working' end,
           status_message = case when v_waits then t.status_message end,
           updated_at = clock_timestamp(), changes = t.changes + 1
     where t.task_key = p_task
    returning t.*;
end $$;

-- One round of what every instance does by itself, by hand.
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
  select f.removed into done from trunkline.forget_finished_streams(0, interval '1 hour', 1000) f;
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

-- Removes tasks whose time is over, running or not, with what they asked.
create function trunkline.forget_expired_tasks(p_rows_max int) returns int
language plpgsql set search_path = pg_catalog as $$
declare
  v_tasks bigint[];
begin
  select array_agg(task_key) into v_tasks from (
    select task_key from trunkline.tasks
     where expires_at < clock_timestamp() order by task_key limit p_rows_max for update skip locked) t;
  if v_tasks is null then
    return 0;
  end if;
  delete from trunkline.task_inputs where task_key = any (v_tasks);
  delete from trunkline.tasks where task_key = any (v_tasks);
  return cardinality(v_tasks);
end $$;

revoke execute on function trunkline.cancel_task(text), trunkline.settle_task_input(bigint, int, int, bigint, bytea),
  trunkline.sweep(), trunkline.forget_expired_tasks(int) from public;
