-- Purpose: the log of announcements takes nothing that a reader could not take, or that would be above every id to come.
-- Rolling: both releases write only what fits. Rows of before are not looked at; readers skip what is wrong, and it goes within the hour.
--          A statement of its own, since it waits for whoever reads the table in a long transaction.
-- Check: select conname from pg_constraint where conrelid = 'trunkline.announcements'::regclass and not convalidated; names five.

alter table trunkline.announcements
  add constraint announcements_id_ck check (id > 0 and id >> 47 < 32768) not valid,
  add constraint announcements_kind_ck check (kind ~ '^[a-z_]{1,40}$') not valid,
  add constraint announcements_about_ck check (length(about) <= 2048) not valid,
  add constraint announcements_size_ck check (octet_length(payload) <= 262144) not valid,
  add constraint announcements_one_line_ck
    check (position('\x0a'::bytea in payload) = 0 and position('\x0d'::bytea in payload) = 0) not valid;
