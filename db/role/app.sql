-- Role: trunkline_app serves. It reads and writes rows and calls functions; it creates, alters and truncates nothing.
-- Run by: an administrator the first time; the owner or an administrator again after each migration, which may have added tables.
-- Afterwards: give the role its password (psql: \password trunkline_app) and serve with --database-user trunkline_app.

do $$
begin
  if not exists (select from pg_roles where rolname = 'trunkline_app') then
    create role trunkline_app login;
  end if;
end $$;

grant usage on schema trunkline to trunkline_app;
grant select, insert, update, delete on all tables in schema trunkline to trunkline_app;
grant usage, select on all sequences in schema trunkline to trunkline_app;
grant execute on all functions in schema trunkline to trunkline_app;

-- Which migrations have run is the owner's to write.
revoke insert, update, delete on trunkline.flyway_schema_history from trunkline_app;
