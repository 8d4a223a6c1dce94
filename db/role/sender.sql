-- Role: trunkline_sender sends by SQL, for programs that have something to tell clients: to one session, to all, to who subscribed to
-- a resource, to all that a list changed. It reads nothing, ends nothing, and needs no right on a table: the functions run as their owner.
-- Run by: an administrator the first time; the owner or an administrator again after each migration.
-- Afterwards: give the role its password (psql: \password trunkline_sender).

do $$
begin
  if not exists (select from pg_roles where rolname = 'trunkline_sender') then
    create role trunkline_sender login;
  end if;
end $$;

begin;
grant usage on schema trunkline to trunkline_sender;
grant execute on function trunkline.send(text, text), trunkline.broadcast(text), trunkline.resource_updated(text),
  trunkline.list_changed(text) to trunkline_sender;
commit;
