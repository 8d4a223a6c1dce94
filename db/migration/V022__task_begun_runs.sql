-- Purpose: a task counts the runs that have begun apart from the number that fences a former run, so that taking a task over
--          and dying, or losing the answer, does not cost its one re-run.
-- Rolling: adds a column. An older release begins what it creates at once, which is the default; it does not count the run that it
--          takes over, so that while releases run side by side a task that may run again may do so once more.
-- Check: select task_id, run, begun from trunkline.tasks;

alter table trunkline.tasks
  add column begun int not null default 1 constraint tasks_begun_ck check (begun >= 0);  -- how often a handler began to run it
