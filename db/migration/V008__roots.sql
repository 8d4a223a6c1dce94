-- Purpose: a session remembers its client's roots until the client says that they changed.
-- Rolling: adds columns. While older instances run, they take that notice without noting it: what newer ones remember may be stale.
-- Check: select count(roots) from trunkline.sessions;

alter table trunkline.sessions
  add column roots_version integer not null default 0,  -- +1 with each notice that they changed
  add column roots_asked   integer,                     -- the version that was current before the client was asked for `roots`
  add column roots         text;                        -- a JSON array; what it says counts while both versions are equal
