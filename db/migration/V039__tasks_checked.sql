-- Purpose: refuses tasks and their questions that no release can read, run or take over.
-- Rolling: checks that every release keeps.
-- Check: update trunkline.tasks set session_id = 'x'; is refused.

alter table trunkline.tasks
  add constraint tasks_numbers_ck
    check (task_key > 0 and stream_id > 0 and executor > 0 and run >= 0 and run < 2147483647 and begun < 2147483647 and changes >= 0 and changes < 2147483647
           and ttl_millis between 1 and 31622400000) not valid,  -- a year; --task-ttl-max is 30 days at most
  add constraint tasks_times_ck check (isfinite(created_at) and isfinite(updated_at) and isfinite(expires_at)) not valid,
  add constraint tasks_session_id_ck check (session_id ~ '^[0-9a-f]{32}$') not valid,
  add constraint tasks_texts_ck
    check (length(principal) between 1 and 4096 and length(tool) between 1 and 2048 and octet_length(status_message) <= 1048576) not valid,
  add constraint tasks_request_ck check (octet_length(request) <= 268435456 and substr(request, 1, 1) = '{') not valid,
  add constraint tasks_outcome_ck check (octet_length(outcome) between 1 and 268435456) not valid;

alter table trunkline.task_inputs
  add constraint task_inputs_numbers_ck check (task_key > 0 and ordinal > 0 and input_id > 0 and run >= 0) not valid,
  add constraint task_inputs_times_ck check (isfinite(deadline) and isfinite(created_at) and isfinite(settled_at)) not valid,
  add constraint task_inputs_texts_ck check (length(method) between 1 and 255 and octet_length(params) <= 268435456) not valid,
  add constraint task_inputs_answer_ck
    check (octet_length(answer) <= 268435456 and (outcome = 'answered') = (answer is not null)) not valid;
