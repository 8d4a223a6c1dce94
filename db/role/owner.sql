-- Role: trunkline_owner owns the schema and migrates it. It does not serve.
-- Run by: an administrator of the database, once, before the first `./trunkline migrate --database-user trunkline_owner`.
-- Afterwards: give the role its password (psql: \password trunkline_owner). Running the file again changes nothing.

do $$
begin
  if not exists (select from pg_roles where rolname = 'trunkline_owner') then
    create role trunkline_owner login;
  end if;
  -- Flyway creates the schema.
  execute format('grant connect, create on database %I to trunkline_owner', current_database());
end $$;
