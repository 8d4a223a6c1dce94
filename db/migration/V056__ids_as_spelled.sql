-- Purpose: calls whose id is a number without a fraction, however it is spelled: 1e3, or more than 64 bits. They are answered as they were asked.
-- Rolling: wider than before. The previous release refuses such ids, and sets aside the row of one that it should take over.
-- Check: \d trunkline.calls shows the exponent in calls_request_id_ck.

alter table trunkline.calls
  drop constraint calls_request_id_ck,
  add constraint calls_request_id_ck  -- a number without a fraction, or a string of 255 characters, each six bytes at most
    check (octet_length(request_id) <= 1536 and request_id ~ '^(-?[0-9]+([eE][+]?[0-9]+)?|"[^\r\n]*")$');
