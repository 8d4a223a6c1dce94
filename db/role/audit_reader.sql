-- Role: trunkline_audit_reader reads what clients and operators did, in the view audit, and nothing else: for whoever audits and is to see
-- neither who is connected nor what runs.
-- Run by: an administrator the first time; the owner or an administrator again after each migration.
-- Afterwards: give the role its password (psql: \password trunkline_audit_reader).

do $$
begin
  if not exists (select from pg_roles where rolname = 'trunkline_audit_reader') then
    create role trunkline_audit_reader login;
  end if;
end $$;

begin;
grant usage on schema trunkline to trunkline_audit_reader;
revoke select on all tables in schema trunkline from trunkline_audit_reader;
grant select on trunkline.audit to trunkline_audit_reader;
commit;
