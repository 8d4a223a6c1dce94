-- Removes Trunkline from this database: the schema with all that is in it, and the roles of db/role where nothing else uses them.
-- It refuses while an instance serves (its lease is not over), unless trunkline.uninstall is set to 'force' first.
-- Run by: an administrator. There is no way back but a backup. Afterwards `./trunkline migrate` begins anew.

do $$
declare
  v_role     text;
  v_instance int;
begin
  if to_regclass('trunkline.instances') is not null and current_setting('trunkline.uninstall', true) is distinct from 'force' then
    select i.instance_id into v_instance from trunkline.instances i
     where i.left_at is null and i.dead_at is null and i.lease_until > clock_timestamp() limit 1;
    if found then
      raise exception 'instance % serves; stop all instances first', v_instance
        using hint = 'or, for those that are known to be gone: set trunkline.uninstall = ''force''';
    end if;
  end if;
  drop schema if exists trunkline cascade;
  foreach v_role in array array['trunkline_reader', 'trunkline_auditor', 'trunkline_audit_reader', 'trunkline_sender', 'trunkline_app', 'trunkline_owner'] loop
    if exists (select from pg_roles where rolname = v_role) then
      if exists (select from pg_shdepend d
                  where d.refclassid = 'pg_authid'::regclass and d.refobjid = (select r.oid from pg_roles r where r.rolname = v_role)
                    and d.deptype = 'o') then
        raise notice 'role % stays: it owns something besides Trunkline', v_role;
        continue;
      end if;
      execute format('drop owned by %I', v_role);   -- nothing but rights in this database
      begin
        execute format('drop role %I', v_role);
      exception when dependent_objects_still_exist then
        raise notice 'role % stays: it has rights in another database', v_role;
      end;
    end if;
  end loop;
end $$;
