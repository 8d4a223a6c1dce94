-- Purpose: a call that is run again is counted by whoever runs it, once: under the writer's epoch of that run, so that a count whose answer
--          was lost is repeated without counting twice, and somebody who was fenced counts nothing.
-- Rolling: a column without a default; the running release writes neither this nor runs after the first.
-- Check: select call_id, runs, run_epoch from trunkline.calls where runs > 1;

alter table trunkline.calls add column run_epoch int;
