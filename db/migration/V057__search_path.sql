-- Purpose: no function looks into pg_temp before it looks into pg_catalog. A search_path that does not name pg_temp has it in front of
--          everything for types and tables, so that `create domain pg_temp.text … check (…)` ran its check as the functions' owner.
--          And no function can be called by everybody.
-- Rolling: bodies, arguments and results stay; an alter function waits for no statement, and the next call sees it.
-- Check: select oid::regprocedure from pg_proc where pronamespace = 'trunkline'::regnamespace
--           and proconfig is distinct from array['search_path=pg_catalog, pg_temp'];   -- none

do $$
declare
  f regprocedure;
begin
  for f in
    select p.oid from pg_catalog.pg_proc p
     where p.pronamespace = 'trunkline'::pg_catalog.regnamespace and p.prokind in ('f', 'p')
     order by p.oid
  loop
    execute pg_catalog.format('alter routine %s set search_path = pg_catalog, pg_temp', f);
    execute pg_catalog.format('revoke all on routine %s from public', f);
  end loop;
end $$;
