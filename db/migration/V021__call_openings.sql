-- Purpose: an instance that makes a call a stream, and does not learn whether it did, finds what it did.
-- Rolling: adds a column that is null for the calls of older releases, which are never looked for by it.
-- Check: select count(opening) from trunkline.calls;

alter table trunkline.calls
  add column opening bigint;  -- chosen by its instance, instance << 32 | number: the same for all calls of one stream
