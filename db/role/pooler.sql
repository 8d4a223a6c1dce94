-- Role: trunkline_app behind a transaction pooler such as PgBouncer, where a SET on a connection is lost: the settings that each
-- connection of an instance would make are set on the role instead. Without a pooler the file is not needed, and does no harm.
-- Run by: an administrator, once, after app.sql.
-- Afterwards: give --database-direct-url, so that LISTEN bypasses the pooler.

alter role trunkline_app set search_path = pg_catalog, pg_temp;   -- nothing that others create is ever meant
alter role trunkline_app set lock_timeout = '200ms';
alter role trunkline_app set statement_timeout = 0;   -- a timed-out commit would be reported as a success
alter role trunkline_app set idle_in_transaction_session_timeout = '5s';
alter role trunkline_app set idle_session_timeout = 0;   -- LISTEN runs no statement for hours
alter role trunkline_app set enable_seqscan = off;   -- plans stay right while a table grows faster than it is analyzed
alter role trunkline_app set jit = off;   -- up to PostgreSQL 17 the line above makes it compile small statements
alter role trunkline_app set timezone = 'UTC';

-- PgBouncer in transaction mode also needs `ignore_startup_parameters = extra_float_digits`. With --database-direct-url the pool
-- uses no prepared statements, which PgBouncer before 1.21 mixes up; from 1.21 on, `?prepareThreshold=5` in --database-url brings
-- them back. Without a direct URL, --database-url must say `?prepareThreshold=0`: migration fails otherwise, and the instance polls.
