-- Purpose: the same as the two migrations before, for the tasks, whose ids let an anonymous client at their results.
-- Rolling: two columns more at the end of a view; waits for whoever reads it just now.
-- Check: select task_key, session_key from trunkline.task_directory;

create or replace view trunkline.task_directory as
select t.task_id, t.principal, t.session_id, t.tool, t.status, t.executor as instance_id, t.run, t.created_at, t.updated_at,
       t.expires_at,
       (select count(*) from trunkline.task_inputs i where i.task_key = t.task_key and i.outcome is null) as open_inputs,
       t.task_key, (select s.session_key from trunkline.sessions s where s.session_id = t.session_id) as session_key
  from trunkline.tasks t;
