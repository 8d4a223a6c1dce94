-- Question: What do the slots of the history hold, and how big are they?
-- Output: eight rows: slot, written (the one that is written now), written_since, messages (an estimate), message_bytes, batch_bytes,
--         oldest_at (of the first messages in it).
-- Cost: the first pages and the sizes of the slots.
-- Role: trunkline_reader

select slot, written, written_since, messages, message_bytes, batch_bytes, oldest_at
  from trunkline.slot_directory
 order by slot;
