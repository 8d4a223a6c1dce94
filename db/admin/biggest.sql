-- Question: What is biggest, and what is oldest?
-- Output: a row per table, the biggest first: table_name, bytes (with indexes and what is stored apart), rows_living and rows_dead (the
--         statistics' estimates), vacuumed_at; oldest_what and oldest_at where a table tells: the oldest living session, running call,
--         open question, unfinished task, waiting row of the outbox, announcement.
-- Cost: sizes and statistics of the tables; a scan of calls and tasks for the oldest ones.
-- Role: trunkline_app

select c.relname as table_name, pg_total_relation_size(c.oid) as bytes, pg_stat_get_live_tuples(c.oid) as rows_living,
       pg_stat_get_dead_tuples(c.oid) as rows_dead,
       greatest(pg_stat_get_last_vacuum_time(c.oid), pg_stat_get_last_autovacuum_time(c.oid)) as vacuumed_at,
       o.oldest_what, o.oldest_at
  from pg_class c
  left join (values
         ('sessions', 'living session', (select created_at from trunkline.sessions where ended_at is null order by session_key limit 1)),
         ('calls', 'running call', (select min(created_at) from trunkline.calls where finished_at is null)),
         ('pending_requests', 'open question', (select min(created_at) from trunkline.pending_requests where outcome is null)),
         ('tasks', 'unfinished task',
          (select min(created_at) from trunkline.tasks where status in ('working', 'input_required'))),
         ('outbox', 'waiting row', (select min(created_at) from trunkline.outbox)),
         ('announcements', 'announcement', (select min(created_at) from trunkline.announcements))
       ) o(table_name, oldest_what, oldest_at) on o.table_name = c.relname
 where c.relnamespace = 'trunkline'::regnamespace and c.relkind = 'r'
 order by bytes desc, table_name;
