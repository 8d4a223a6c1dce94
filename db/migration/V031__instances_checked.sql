-- Purpose: what an instance promises to keep stands in its row, for functions that clean up; rows that no release can read are refused.
-- Rolling: adds a column, null for instances of the release before, and checks that every release keeps.
-- Check: select instance_id, history_age_max from trunkline.instances;

-- One statement, because each waits for whoever reads the table. NOT VALID: no scan under that lock, a later migration looks at the rows.
alter table trunkline.instances
  add column history_age_max interval,  -- how long it promises messages to clients that come back
  add constraint instances_numbers_ck check (instance_id > 0 and heard_through >= 0) not valid,
  add constraint instances_times_ck
    check (isfinite(lease_until) and isfinite(beat_at) and isfinite(started_at) and isfinite(dead_at) and isfinite(left_at)
           and isfinite(draining_at)) not valid,
  add constraint instances_wake_mode_ck check (wake_mode in ('notify', 'polling')) not valid,
  add constraint instances_texts_ck
    check (length(url) between 1 and 2048 and url !~ '[\r\n]' and length(version) between 1 and 255 and version !~ '[\r\n]') not valid,
  add constraint instances_history_age_ck check (history_age_max between interval '1 second' and interval '1 year') not valid;
