-- Purpose: where this database is, so that a restored or copied one is noticed; what its ids and epochs have to exceed since then.
-- Rolling: columns with a default, added to one row; the previous release neither reads nor writes them. A statement of its own,
--          since it waits for whoever reads the row in a long transaction.
-- Check: select system_id, database_id, restores from trunkline.control; shows this server, this database and 0.

alter table trunkline.control
  add column system_id      bigint,                    -- the server's system identifier; null: not known, or kept from us
  add column database_id    bigint,                    -- the database's oid there; null: nobody has looked yet
  add column server_started timestamptz,               -- and that server's start, when somebody last looked: then no need to look again
  add column restores       int    not null default 0, -- how often it was found to be restored, copied or rewound
  add column restored_at    timestamptz,
  add column epoch_floor    bigint not null default 0; -- holder epochs at or below belong to a past of this database, or a lost future
