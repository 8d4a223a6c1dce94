-- Purpose: a dashboard tells sessions apart without their ids, which are all that an anonymous client shows to be let in.
-- Rolling: a column more at the end of a view; waits for whoever reads it just now.
-- Check: select session_key from trunkline.session_directory;

create or replace view trunkline.session_directory as
select s.session_id, s.revision, s.principal, s.client, s.log_level, s.created_at, s.last_used_at, s.ended_at, s.end_reason,
       (select count(*) from trunkline.streams t
         where t.session_key = s.session_key and t.holder_instance is not null) as open_streams,
       (select count(*) from trunkline.calls c
         where c.session_key = s.session_key and c.finished_at is null) as running_calls,
       (select count(*) from trunkline.pending_requests p
         where p.session_key = s.session_key and p.outcome is null) as pending_requests,
       (select count(*) from trunkline.subscriptions u where u.session_key = s.session_key) as subscriptions,
       s.session_key
  from trunkline.sessions s;
