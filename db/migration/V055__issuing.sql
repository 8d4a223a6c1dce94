-- Purpose: what every publish needs to issue ids, read without calling a function: the checks of id_prefix() and current_slot() in
--          one look at control, and the functions only where a look finds something wrong, to say what.
-- Rolling: a view more; the functions stay for the previous release and for SQL.
-- Check: select current_slot, prefix = trunkline.id_prefix() from trunkline.issuing;

-- The slot and the high bits (base and timeline) of what is issued now; reading it fails where nothing may be issued. One row, also without control's.
create view trunkline.issuing as
select case when c.current_slot between 0 and 7 then c.current_slot else trunkline.current_slot() end as current_slot,
       case when c.id_base >= 0 and c.server_started = pg_postmaster_start_time()
                 and c.database_id = (select d.oid from pg_database d where d.datname = current_database())
            then (c.id_base + ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int::bigint) << 47
            else trunkline.id_prefix() end as prefix
  from (select) one left join trunkline.control c on true;

do $$
declare
  role regrole;
begin
  for role in
    select a.grantee::regrole from pg_class t cross join aclexplode(t.relacl) a
     where t.oid = 'trunkline.control'::regclass and a.privilege_type = 'SELECT' and a.grantee not in (0, t.relowner)
  loop
    execute format('grant select on trunkline.issuing to %s', role);
  end loop;
end $$;
