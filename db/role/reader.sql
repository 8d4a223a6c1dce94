-- Role: trunkline_reader reads the four views, for dashboards and people on call. It sees no payload and writes nothing.
-- Run by: an administrator the first time; the owner or an administrator again after each migration, which may have added a view.
-- Afterwards: give the role its password (psql: \password trunkline_reader).

do $$
begin
  if not exists (select from pg_roles where rolname = 'trunkline_reader') then
    create role trunkline_reader login;
  end if;
end $$;

grant usage on schema trunkline to trunkline_reader;
grant select on trunkline.instance_directory, trunkline.session_directory, trunkline.stream_directory,
  trunkline.task_directory to trunkline_reader;
