-- Question: What keeps the slots of the history from being emptied, so that the written one grows?
-- Output: a row per transaction of a second or longer that holds a lock on a slot, the oldest first: pid, application_name, by_user,
--         state, slots (those that it locks), transaction_since, statement (its first line); of other roles' transactions the last ones and
--         the state only for whoever is in pg_read_all_stats. End one with pg_terminate_backend(pid); a pg_dump passes. No row: nothing
--         is in the way.
-- Cost: a look at pg_stat_activity and pg_locks.
-- Role: trunkline_app

select a.pid, a.application_name, a.usename as by_user, a.state,
       string_agg(distinct right(c.relname, 1), ',' order by right(c.relname, 1)) as slots,
       a.xact_start as transaction_since, left(split_part(a.query, e'\n', 1), 120) as statement
  from pg_locks l
  join pg_class c on c.oid = l.relation and c.relnamespace = 'trunkline'::regnamespace
                 and c.relname ~ '^(outbound_messages|publish_batches)_[0-7]$'
  join pg_stat_activity a on a.pid = l.pid
 where l.database = (select d.oid from pg_database d where d.datname = current_database())
   and l.pid <> pg_backend_pid() and (a.xact_start < clock_timestamp() - interval '1 second' or a.xact_start is null)
 group by a.pid, a.application_name, a.usename, a.state, a.xact_start, a.query
 order by a.xact_start;
