-- Question: Which tasks are there, who runs them, and what do they wait for?
-- Output: a row per task, the newest first: task_key, principal, session_key, tool, status, instance_id, run (2 and more: taken
--         over), open_inputs (questions without an answer), created_at, updated_at, expires_at.
--         The id of one, for cancel_task, only trunkline_app sees: task_directory.task_id.
-- Cost: a scan of the tasks, with a look-up by index for each of the rows returned.
-- Role: trunkline_reader

select task_key, principal, session_key, tool, status, instance_id, run, open_inputs, created_at, updated_at, expires_at
  from trunkline.task_directory
 order by created_at desc
 limit 1000;
