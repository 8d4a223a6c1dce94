-- Role: trunkline_reader reads the directories, for dashboards and people on call. It sees no payload and writes nothing, and of
-- sessions and tasks their keys, not their ids: an id is all that an anonymous client shows to be let in.
-- Run by: an administrator the first time; the owner or an administrator again after each migration, which may have added a view.
-- Afterwards: give the role its password (psql: \password trunkline_reader).

do $$
begin
  if not exists (select from pg_roles where rolname = 'trunkline_reader') then
    create role trunkline_reader login;
  end if;
end $$;

begin;
grant usage on schema trunkline to trunkline_reader;
-- Given back first: an earlier file granted whole views.
revoke select on all tables in schema trunkline from trunkline_reader;
grant select on trunkline.instance_directory, trunkline.minute_directory, trunkline.session_count, trunkline.message_directory, trunkline.slot_directory, trunkline.client_directory, trunkline.key_directory,
    trunkline.switch_directory to trunkline_reader;
grant select (session_key, revision, principal, client, log_level, created_at, last_used_at, ended_at, end_reason, open_streams,
    running_calls, pending_requests, subscriptions) on trunkline.session_directory to trunkline_reader;
grant select (session_key, stream_id, standalone, instance_id, epoch, opened_at, closed_at, close_reason, finished_at, reader_instance)
  on trunkline.stream_directory to trunkline_reader;
grant select (task_key, session_key, principal, tool, status, instance_id, run, created_at, updated_at, expires_at, open_inputs)
  on trunkline.task_directory to trunkline_reader;
grant select (call_id, session_key, stream_id, request_id, method, principal, instance_id, rerunnable, runs, created_at, cancelled_at,
    finished_at) on trunkline.call_directory to trunkline_reader;
grant select (pending_id, session_key, stream_id, task_input, method, instance_id, created_at, deadline, outcome, settled_at, progress,
    progress_total, answered_by) on trunkline.question_directory to trunkline_reader;
grant select (id, kind, bytes, created_at) on trunkline.announcement_directory to trunkline_reader;
commit;
