-- Purpose: refuses streams that no release can read or take over.
-- Rolling: checks that every release keeps. A later reason for a close needs a migration before the release that writes it.
-- Check: update trunkline.streams set writer_epoch = 2147483647; is refused.

alter table trunkline.streams
  add constraint streams_numbers_ck
    check (stream_id > 0 and session_key > 0 and trimmed_through >= 0 and position_own >= 0 and position_announcement >= 0
           and position_epoch >= 0
           and holder_epoch >= 0 and holder_epoch < 9223372036854775807      -- each claim and each take-over
           and writer_epoch >= 0 and writer_epoch < 2147483647) not valid,   -- adds one
  add constraint streams_times_ck
    check (isfinite(created_at) and isfinite(opened_at) and isfinite(closed_at) and isfinite(finished_at)) not valid,
  add constraint streams_close_reason_ck
    check (close_reason in ('ended', 'taken over', 'client left', 'slow', 'database away', 'drained', 'released', 'abandoned',
                              'fenced')) not valid;
