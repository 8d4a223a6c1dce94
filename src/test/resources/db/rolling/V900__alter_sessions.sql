-- Purpose: what a later release may do to a table that every request reads.
-- Rolling: adds a column.
-- Check: none, it is for tests.

alter table trunkline.sessions add column rolled_to text;
