-- Purpose: what was taken over by a release that did not count has begun as often as it was taken.
-- Rolling: changes rows of unfinished tasks only.
-- Check: select task_id, run, begun from trunkline.tasks where run > 1;

update trunkline.tasks set begun = run where run > 1 and status in ('working', 'input_required');
