-- Purpose: a stream's position knows whose word it is, so that the last word of a superseded holder counts until a later one has begun.
-- Rolling: adds a column. Older instances leave it as it is; of what they hold, a last word counts only until the next claim, as before.
-- Check: select count(position_epoch) from trunkline.streams;

alter table trunkline.streams
  add column position_epoch bigint not null default 0;  -- the newest holder_epoch whose holder has begun to read or said how far it came
