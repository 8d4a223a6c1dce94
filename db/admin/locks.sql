-- Question: Who waits for what?
-- Output: a row per connection of this database that waits for a lock: pid, waits_for (a table, or the kind of the lock), waited (how
--         long its statement runs), statement (its first line: the heading names it); blocked_by (pids), blocker (application and state of
--         the first of them), blocker_since (how long its transaction is open). No row: nobody waits. What other roles run is shown
--         only to whoever is in pg_read_all_stats.
-- Cost: a look at pg_stat_activity and pg_locks.
-- Role: trunkline_app

select w.pid, coalesce(l.relation::regclass::text, l.locktype) as waits_for, clock_timestamp() - w.query_start as waited,
       left(split_part(w.query, e'\n', 1), 120) as statement, b.pids as blocked_by,
       coalesce(nullif(h.application_name, ''), '?') || ' ' || coalesce(h.state, '?') as blocker,
       clock_timestamp() - h.xact_start as blocker_since
  from pg_stat_activity w
  cross join lateral (select pg_blocking_pids(w.pid) as pids) b
  left join lateral (select k.relation, k.locktype from pg_locks k where k.pid = w.pid and not k.granted limit 1) l on true
  left join pg_stat_activity h on h.pid = b.pids[1]
 where w.datname = current_database() and cardinality(b.pids) > 0
 order by waited desc;
