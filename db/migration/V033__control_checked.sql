-- Purpose: refuses facts about the cluster that no release can work with.
-- Rolling: checks that every release keeps.
-- Check: update trunkline.control set current_slot = 8; is refused.

alter table trunkline.control
  add constraint control_slot_ck check (current_slot between 0 and 7) not valid,
  add constraint control_numbers_ck check (id_base between 0 and 65535 and id_high >= 0 and announcement_floor >= 0
                                       and restores >= 0 and epoch_floor >= 0) not valid,
  add constraint control_times_ck check (isfinite(slot_opened_at) and isfinite(restored_at)) not valid;
