-- Purpose: what a handler did once is remembered with its request, so that its next run does not do it again (context.once).
-- Rolling: columns without a default. A running release neither reads nor writes them; what it takes over it runs as before.
-- Check: update trunkline.calls set step_names = '{a}' where call_id = (select min(call_id) from trunkline.calls); is refused.

alter table trunkline.calls
  add column step_names    text[],   -- steps that were done once, in the order of their ends
  add column step_outcomes text[];   -- what each gave, as JSON text

alter table trunkline.tasks
  add column step_names    text[],
  add column step_outcomes text[];

-- All rows have neither.
alter table trunkline.calls
  add constraint calls_steps_ck
    check (coalesce(cardinality(step_names), 0) = coalesce(cardinality(step_outcomes), 0) and coalesce(cardinality(step_names), 0) <= 64)
    not valid;
alter table trunkline.tasks
  add constraint tasks_steps_ck
    check (coalesce(cardinality(step_names), 0) = coalesce(cardinality(step_outcomes), 0) and coalesce(cardinality(step_names), 0) <= 64)
    not valid;
alter table trunkline.calls validate constraint calls_steps_ck;
alter table trunkline.tasks validate constraint tasks_steps_ck;

comment on column trunkline.calls.step_names is 'the steps that its handler did once, in the order of their ends';
comment on column trunkline.calls.step_outcomes is 'what each of them gave, as JSON text';
comment on column trunkline.tasks.step_names is 'the steps that its handler did once, in the order of their ends';
comment on column trunkline.tasks.step_outcomes is 'what each of them gave, as JSON text';
