-- Role: trunkline_app serves. It reads and writes rows and calls functions; it creates, alters and truncates nothing.
-- Run by: an administrator the first time; the owner or an administrator again after each migration, which may have added tables.
-- Afterwards: give the role its password (psql: \password trunkline_app) and serve with --database-user trunkline_app.

do $$
begin
  if not exists (select from pg_roles where rolname = 'trunkline_app') then
    create role trunkline_app login;
  end if;
end $$;

-- All at once: an instance that serves meanwhile misses nothing.
begin;
grant usage on schema trunkline to trunkline_app;
grant usage, select on all sequences in schema trunkline to trunkline_app;
grant execute on all functions in schema trunkline to trunkline_app;
grant select, insert, update, delete on all tables in schema trunkline to trunkline_app;

-- What only the owner writes, by its functions: which migrations have run, the ids' base and slot, the keys of seals and of clients, and
-- the files of the slots.
do $$
declare
  t regclass;
begin
  for t in
    select c.oid from pg_catalog.pg_class c
     where c.relnamespace = 'trunkline'::pg_catalog.regnamespace
       and c.relkind in ('r', 'v')
       and (c.relispartition or c.relkind = 'v' or c.relname in ('control', 'announcement_lock', 'operator_actions', 'principal_switches', 'seal_keys', 'api_keys', 'rate_limits',
                              'audit_key', 'audit_slots', 'audit_writers',
                              'flyway_schema_history'))
  loop
    execute pg_catalog.format('revoke insert, update, delete on %s from trunkline_app', t);
  end loop;
end $$;
revoke update, delete on trunkline.outbound_messages, trunkline.publish_batches from trunkline_app;
grant update (id_high, server_started, announcement_floor) on trunkline.control to trunkline_app;
grant update on trunkline.announcement_lock to trunkline_app;   -- to lock it
grant update (last_used_at) on trunkline.api_keys to trunkline_app;   -- they are issued and revoked by functions
grant update (told_by, told_round) on trunkline.operator_actions to trunkline_app;   -- the record is made by functions
revoke all on trunkline.audit, trunkline.audit_records, trunkline.audit_records_0, trunkline.audit_records_1, trunkline.audit_records_2,
  trunkline.audit_records_3, trunkline.audit_records_4, trunkline.audit_records_5, trunkline.audit_records_6, trunkline.audit_records_7
  from trunkline_app;
grant insert on trunkline.audit_records to trunkline_app;   -- who serves writes the record, and can neither read nor change it
grant insert, update (written_through, written_at, lost) on trunkline.audit_writers to trunkline_app;
grant update (kept_for) on trunkline.audit_slots to trunkline_app;
revoke execute on function trunkline.audit_digest(text), trunkline.pseudonymize_audit(text, int) from trunkline_app;   -- the owner's
revoke execute on function trunkline.mend_control() from trunkline_app;   -- the owner's, by hand
revoke execute on function trunkline.note_action(text, text) from trunkline_app;   -- by what it records alone
revoke execute on function trunkline.rate_names(text, text, text), trunkline.rate_noted(text) from trunkline_app;   -- within set_rate
revoke execute on function trunkline.purge_rows(text, int) from trunkline_app;   -- a part of purge
revoke execute on function trunkline.purge_all_but_switches(text, int) from trunkline_app;   -- by purge alone
revoke execute on function trunkline.make_seal_key() from trunkline_app;   -- when it is time, or on record
commit;

-- What later migrations add is granted when it is created, and narrowed when this file is run again.
do $$
declare
  v_owner name := (select r.rolname from pg_catalog.pg_namespace n join pg_catalog.pg_roles r on r.oid = n.nspowner
                    where n.nspname = 'trunkline');
begin
  execute pg_catalog.format('alter default privileges for role %I in schema trunkline
                               grant select, insert, update, delete on tables to trunkline_app', v_owner);
  execute pg_catalog.format('alter default privileges for role %I in schema trunkline
                               grant usage, select on sequences to trunkline_app', v_owner);
  execute pg_catalog.format('alter default privileges for role %I in schema trunkline
                               grant execute on functions to trunkline_app', v_owner);
  -- nobody needs tables or types of their own; by whoever may take it back, the owner of the database
  if pg_catalog.has_database_privilege(current_database(), 'TEMPORARY WITH GRANT OPTION') then
    execute pg_catalog.format('revoke temporary on database %I from public', current_database());
    execute pg_catalog.format('revoke temporary on database %I from trunkline_app', current_database());
  end if;
end $$;
