-- Purpose: the same as the migration before, for the streams.
-- Rolling: a column more at the end of a view; waits for whoever reads it just now.
-- Check: select session_key from trunkline.stream_directory;

create or replace view trunkline.stream_directory as
select s.session_id, t.stream_id, t.standalone, t.holder_instance as instance_id, t.holder_epoch as epoch,
       t.opened_at, t.closed_at, t.close_reason, t.finished_at, t.session_key
  from trunkline.streams t
  join trunkline.sessions s using (session_key);
