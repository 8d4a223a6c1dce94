-- Purpose: refuses questions to clients, and answers, that no release can read.
-- Rolling: checks that every release keeps.
-- Check: update trunkline.pending_requests set progress = 'NaN'; is refused.

alter table trunkline.pending_requests
  add constraint pending_requests_numbers_ck
    check (pending_id > 0 and session_key > 0 and stream_id > 0 and asker > 0 and ordinal >= 0 and task_input > 0) not valid,
  add constraint pending_requests_times_ck check (isfinite(deadline) and isfinite(created_at) and isfinite(settled_at)) not valid,
  add constraint pending_requests_progress_ck  -- JSON knows no other numbers
    check (progress > '-Infinity' and progress < 'Infinity' and progress_total > '-Infinity' and progress_total < 'Infinity') not valid,
  add constraint pending_requests_texts_ck
    check (length(method) between 1 and 255 and octet_length(progress_message) <= 268435456) not valid,
  add constraint pending_requests_answer_ck
    check (octet_length(answer) <= 268435456 and (outcome = 'answered') = (answer is not null)) not valid;
