-- Purpose: holds the lock of migrations for longer than Flyway would wait for it.
-- Rolling: changes nothing.
-- Check: none, it is for tests.

select pg_sleep(3);
