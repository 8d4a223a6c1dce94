-- Purpose: looks whether the rows from before keep what the migrations before check; a start says which rows do not.
-- Rolling: reads tables under a lock that no statement of an instance waits for. A check that old rows break stays NOT VALID: new rows
--          are held to it, and the upgrade goes on.
-- Check: select * from trunkline.broken_checks();

-- Checks that old rows break, with how many do and the first of them, named by its place (ctid) in the table.
create function trunkline.broken_checks(out table_name text, out check_name text, out broken bigint, out first_row text) returns setof record
language plpgsql stable set search_path = pg_catalog as $$
declare
  c record;
begin
  for c in select conrelid, conname, pg_get_constraintdef(oid) as definition from pg_constraint
            where connamespace = 'trunkline'::regnamespace and contype = 'c' and not convalidated and conparentid = 0
            order by conname loop
    table_name := c.conrelid::regclass;
    check_name := c.conname;
    execute format('select count(*), min(r.ctid)::text from %s r where (%s) is false', c.conrelid::regclass,
                   regexp_replace(c.definition, '^CHECK (.*?)( NOT VALID)?$', '\1'))
      into broken, first_row;
    return next;
  end loop;
end $$;
revoke execute on function trunkline.broken_checks() from public;

-- An instance asks at its start: whoever may clean up may ask, without db/role/app.sql once more.
do $$
declare
  v_role regrole;
begin
  for v_role in
    select a.grantee::regrole from pg_proc p cross join aclexplode(p.proacl) a
     where p.oid = 'trunkline.sweep()'::regprocedure and a.privilege_type = 'EXECUTE' and a.grantee not in (0, p.proowner)
  loop
    execute format('grant execute on function trunkline.broken_checks() to %s', v_role);
  end loop;
end $$;

-- Waits for other DDL and for a vacuum, which makes room after a second; it keeps nobody waiting meanwhile.
set local lock_timeout = '1min';

do $$
declare
  c record;
begin
  for c in select conrelid::regclass as tab, conname from pg_constraint
            where connamespace = 'trunkline'::regnamespace and contype = 'c' and not convalidated and conparentid = 0
            order by conname loop
    begin
      execute format('alter table %s validate constraint %I', c.tab, c.conname);
    exception when check_violation then
      raise warning 'rows of % break %: select * from trunkline.broken_checks()', c.tab, c.conname;
    end;
  end loop;
end $$;
