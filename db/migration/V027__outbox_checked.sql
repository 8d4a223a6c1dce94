-- Purpose: the outbox takes nothing by hand that cannot be sent.
-- Rolling: the functions that insert have checked it since V003. Rows of before are not looked at; empty_outbox() refuses what is wrong.
--          A statement of its own, since it waits for whoever has inserted and not committed.
-- Check: select conname from pg_constraint where conrelid = 'trunkline.outbox'::regclass and not convalidated; names four.

alter table trunkline.outbox
  add constraint outbox_kind_ck check (kind ~ '^[a-z_]{1,40}$') not valid,
  add constraint outbox_about_ck check (length(about) <= 2048) not valid,
  add constraint outbox_size_ck check (octet_length(payload) <= 262144) not valid,
  add constraint outbox_one_line_ck check (payload = translate(payload, e'\r\n', '')) not valid;
