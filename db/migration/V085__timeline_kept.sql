-- Purpose: a service on which pg_walfile_name cannot be called keeps the timeline in control, since the view that issues ids asks for it too.
-- Rolling: a column without a default, and the same number from the same function and view as before, for every release.
-- Check: select trunkline.timeline(), prefix = trunkline.id_prefix() from trunkline.issuing;

alter table trunkline.control
  add column timeline int,
  add constraint control_timeline_ck check (timeline between 0 and 32767);

comment on column trunkline.control.timeline is
  'instead of the timeline of the server, where that cannot be asked for (no pg_walfile_name): to be raised by one, by hand, after a failover that lost something; null: the server is asked';

create or replace function trunkline.timeline() returns bigint language sql stable set search_path = pg_catalog, pg_temp as
$$ select coalesce((select c.timeline from trunkline.control c),
                   ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int)::bigint $$;

create or replace view trunkline.issuing as
select case when c.current_slot between 0 and 7 then c.current_slot else trunkline.current_slot() end as current_slot,
       case when c.id_base >= 0 and c.server_started = pg_postmaster_start_time()
                 and c.database_id = (select d.oid from pg_database d where d.datname = current_database())
            then (c.id_base + coalesce(c.timeline, ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int)::bigint) << 47
            else trunkline.id_prefix() end as prefix
  from (select) one left join trunkline.control c on true;

do $$
begin
  perform trunkline.timeline();
exception when feature_not_supported or insufficient_privilege or undefined_function then
  update trunkline.control set timeline = 0;
  raise warning 'the timeline of this server cannot be asked for: control.timeline stands for it (see db/README.md, Ids)';
end $$;
