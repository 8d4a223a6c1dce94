-- Purpose: tasks of clients that have no session (2026-07-28, the extension io.modelcontextprotocol/tasks), in the same table. What a session
--          says of its client, such a row says itself: who it is, in which revision it spoke, what it may be asked.
-- Rolling: an instance of the release before finds such a task, shows, cancels and sweeps it like any other; its stream number is one that no
--          stream has, so news about it go nowhere. It cannot run it, and would fail it for want of a session: the trigger makes its take-over
--          of such a row touch nothing, and the row waits for an instance that knows it. The trigger goes when no such release is left.
-- Check: update trunkline.tasks set run = run + 1 where session_id is null; changes nothing.

alter table trunkline.tasks alter column session_id drop not null;
alter table trunkline.tasks
  add column revision     text,    -- in which its client spoke, without a session
  add column capabilities bytea,   -- that this client declared, as JSON text
  add column recollection bytea,   -- what was answered and done before the call became a task
  add column alone_run    int;     -- without a session: the run, as numbered by a release that knows such tasks

alter table trunkline.tasks
  add constraint tasks_origin_ck
    check ((session_id is null) = (revision is not null) and (session_id is null) = (capabilities is not null)
           and (session_id is null) = (alone_run is not null) and (session_id is null) = (stream_id = 9223372036854775807)) not valid,
  add constraint tasks_alone_ck
    check (length(revision) between 1 and 255 and substr(capabilities, 1, 1) = '{' and octet_length(capabilities) <= 268435456
           and substr(recollection, 1, 1) = '{' and octet_length(recollection) <= 268435456 and alone_run > 0) not valid;
-- All rows have a session.
alter table trunkline.tasks validate constraint tasks_origin_ck;
alter table trunkline.tasks validate constraint tasks_alone_ck;

create index tasks_alone_idx on trunkline.tasks (principal) where session_id is null and status in ('working', 'input_required');   -- cap

-- Leaves the row as it is.
create function trunkline.pass_over() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  return null;
end $$;
revoke all on function trunkline.pass_over() from public;

create trigger tasks_alone before update of run on trunkline.tasks for each row
  when (old.session_id is null and new.run <> old.run and new.alone_run is distinct from new.run)
  execute function trunkline.pass_over();

comment on column trunkline.tasks.session_id is 'whose call it was: a re-run asks what that client declared; null: of a client without a session';
comment on column trunkline.tasks.stream_id is 'that session''s standalone stream: progress, log and news of the status; without a session 2^63-1, which none has';
comment on column trunkline.tasks.revision is 'in which its client spoke, where no session says it';
comment on column trunkline.tasks.capabilities is 'what that client declared, as JSON text: a re-run asks for nothing else';
comment on column trunkline.tasks.recollection is 'what was answered and done once before the call became a task, as JSON text';
comment on column trunkline.tasks.alone_run is 'without a session: the run again, by releases that know such tasks; others do not take it over';
comment on function trunkline.pass_over() is 'a trigger''s: the row is not updated';
