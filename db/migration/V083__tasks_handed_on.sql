-- Purpose: unfinished tasks that were handed on: found, not looked for.
-- Rolling: an index only. Whoever writes a task waits while it is built, and tries again.
-- Check: explain select from trunkline.tasks where handed_run = run;

create index tasks_handed_idx on trunkline.tasks (task_key) where handed_run = run and status in ('working', 'input_required');
