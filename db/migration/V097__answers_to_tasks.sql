-- Purpose: a client answers what a task asked by tasks/update (2026-07-28), without a question of a stream in between. It knows questions by
--          names, which are a task's own and never used again.
-- Rolling: a column that may be null, and a function. An executor of the release before does not look for such answers: a task that it runs for
--          a session gets them when its client also fetches its result, or when it is run again.
-- Check: select * from trunkline.answer_task_inputs(1, array['question-1'], array['x'::bytea]);

alter table trunkline.task_inputs add column name text;   -- for clients of 2026-07-28; null: 'question-' and the ordinal

alter table trunkline.task_inputs
  add constraint task_inputs_name_ck check (length(name) between 1 and 1024) not valid;
alter table trunkline.task_inputs validate constraint task_inputs_name_ck;

-- Takes answers to what the task still asks, whoever runs it; others are ignored, as are names that it does not ask. What was asked by a run
-- that was lost, or stopped ('expired' before its time), counts too: the next run asks the same and finds it, and the client need not answer
-- twice. No row: nothing was taken. Statements of their own, so that whether the task waits for more is read under its lock.
create function trunkline.answer_task_inputs(p_task bigint, p_names text[], p_answers bytea[])
returns setof trunkline.tasks language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  v_run   int;
  v_waits boolean;
begin
  select run into v_run from trunkline.tasks
   where task_key = p_task and status in ('working', 'input_required') and expires_at > clock_timestamp()
     for no key update;
  if not found then
    return;
  end if;
  update trunkline.task_inputs i
     set outcome = 'answered', answer = a.answer, settled_at = clock_timestamp()
    from unnest(p_names, p_answers) a(name, answer)
   where i.task_key = p_task and coalesce(i.name, 'question-' || i.ordinal) = a.name
     and i.outcome is distinct from 'answered' and i.deadline > clock_timestamp();
  if not found then
    return;
  end if;
  v_waits := exists (select from trunkline.task_inputs where task_key = p_task and run = v_run and outcome is null);
  return query
    update trunkline.tasks t
       set status = case when v_waits then t.status else 'working' end,
           status_message = case when v_waits then t.status_message end,
           updated_at = clock_timestamp(), changes = t.changes + 1
     where t.task_key = p_task
    returning t.*;
end $$;
revoke all on function trunkline.answer_task_inputs(bigint, text[], bytea[]) from public;

comment on column trunkline.task_inputs.name is 'by which clients of 2026-07-28 know it, once in the life of its task; null: ''question-'' and the ordinal';
comment on function trunkline.answer_task_inputs(bigint, text[], bytea[]) is 'a client''s answers to what a task still asks, whoever runs it';
