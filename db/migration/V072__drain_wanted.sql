-- Purpose: an operator's wish that an instance serves nobody stands in its row, and so does what the instance made of it.
-- Rolling: columns without a default that is computed; the running release neither reads nor writes them, and says so by steerable.
-- Check: select instance_id, steerable, drain_wanted_at, drained_at, leaving_at from trunkline.instances;

-- One statement, because each waits for whoever reads the table. The check holds for what is there: all of it is null.
alter table trunkline.instances
  add column steerable boolean not null default false,   -- whether its release reads drain_wanted_at
  add column drain_wanted_at timestamptz,                -- drain() sets it, undrain() clears it
  add column drained_at timestamptz,                     -- since when it holds no stream and runs no call, by its latest beat
  add column leaving_at timestamptz,                     -- it was told to end (SIGTERM): no way back
  add constraint instances_drain_ck check (isfinite(drain_wanted_at) and isfinite(drained_at) and isfinite(leaving_at));
