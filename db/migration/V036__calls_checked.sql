-- Purpose: refuses calls that no release can answer or end.
-- Rolling: checks that every release keeps.
-- Check: update trunkline.calls set request_id = 'x'; is refused: an id is JSON.

alter table trunkline.calls
  add constraint calls_numbers_ck check (call_id > 0 and stream_id > 0 and session_key > 0 and runs >= 0 and runs < 2147483647) not valid,
  add constraint calls_times_ck check (isfinite(created_at) and isfinite(cancelled_at) and isfinite(finished_at)) not valid,
  add constraint calls_request_id_ck  -- an integer, or a string of 255 characters, each six bytes at most
    check (octet_length(request_id) <= 1536 and request_id ~ '^(-?[0-9]{1,19}|"[^\r\n]*")$') not valid,
  add constraint calls_texts_ck
    check (length(method) between 1 and 255 and length(principal) between 1 and 4096 and octet_length(cancel_reason) <= 65536
           and octet_length(request) <= 268435456) not valid;
