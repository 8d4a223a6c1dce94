-- Question: What is slow?
-- Output: where pg_stat_statements is installed, a row per statement of ours that took the most time since the statistics began: statement
--         (its heading), calls, total_ms, mean_ms, max_ms, rows. Where it is not, one row whose statement says how to get it.
-- Cost: a look at the statistics.
-- Role: trunkline_app

select * from (
  select coalesce(x.statement, e.sentence) as statement, x.calls, x.total_ms, x.mean_ms, x.max_ms, x.rows
    from (select case when exists (select from pg_extension where extname = 'pg_stat_statements')
                      then 'nothing yet'
                      else 'pg_stat_statements is not installed: shared_preload_libraries = ''pg_stat_statements'', a restart, create extension pg_stat_statements'
                 end as sentence) e
    left join xmltable('/table/row' passing
           case when exists (select from pg_extension where extname = 'pg_stat_statements') then
             query_to_xml(format(
               $q$select left(split_part(s.query, e'\n', 1), 120) as statement, s.calls, round(s.total_exec_time) as total_ms,
                         round(s.mean_exec_time::numeric, 2) as mean_ms, round(s.max_exec_time::numeric, 1) as max_ms, s.rows
                    from %I.pg_stat_statements s
                   where s.dbid = (select d.oid from pg_database d where d.datname = current_database())
                     and (s.query like '-- %%' or s.query like '%%trunkline.%%')
                   order by s.total_exec_time desc limit 30$q$,
               (select n.nspname from pg_extension x join pg_namespace n on n.oid = x.extnamespace where x.extname = 'pg_stat_statements')),
               true, false, '') end
         columns statement text, calls bigint, total_ms bigint, mean_ms numeric, max_ms numeric, rows bigint) x on true) t
 order by total_ms desc nulls last;
