-- Purpose: refuses messages and batches that no release can deliver. --message-bytes-max is 64 MiB at most.
-- Rolling: checks that every release keeps; they look at lengths and numbers, not into what is stored.
-- Check: insert into trunkline.outbound_messages (stream_id, event_id, slot, payload) values (1, 0, 0, '{}'); is refused.

alter table trunkline.outbound_messages
  add constraint outbound_messages_numbers_ck check (stream_id > 0 and event_id > 0) not valid,
  add constraint outbound_messages_times_ck check (isfinite(created_at)) not valid,
  add constraint outbound_messages_size_ck check (octet_length(payload) between 1 and 67108864) not valid;

alter table trunkline.publish_batches
  add constraint publish_batches_numbers_ck check (writer > 0 and batch_no >= 0) not valid;
