-- Action: Cancels a task.
-- Input: task_id
-- Output: cancel_task: true; false when no such task is unfinished. Its handler is interrupted within a second of the commit.
-- Cost: one row updated by key; it stays locked until the commit.
-- Role: trunkline_app

select trunkline.cancel_task(:'task_id');
