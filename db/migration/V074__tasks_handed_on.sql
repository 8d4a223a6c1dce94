-- Purpose: the same for tasks as the migration before for streams: an executor that goes on living hands a task on.
-- Rolling: a column without a default; whatever a running release takes over has another run, which takes the word back.
-- Check: select task_key from trunkline.tasks where handed_run = run;

alter table trunkline.tasks add column handed_run int;   -- the executor of this run left the task to whoever takes it over
