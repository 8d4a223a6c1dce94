-- Purpose: an instance may remember sessions: its row says how far it has heard the log, and whoever ends or changes a session waits for that.
-- Rolling: a column with a constant default. Instances of the release before leave it false, and while one of them lives nobody remembers
--          anything: it would answer a DELETE without waiting.
-- Check: select instance_id, hears, heard_through from trunkline.instances;   -- heard_through 0: it remembers no session

alter table trunkline.instances
  add column hears boolean not null default false;   -- whether its release waits for those that remember sessions

comment on column trunkline.instances.hears is 'whether its release, having changed a session, waits for those that remember sessions';
comment on column trunkline.instances.heard_through is 'the announcements that it has acted on, while it remembers sessions; 0: it remembers none';
