-- Purpose: what an operator does must not fail because the server's queue of notifications is full: NOTIFY would, at the commit, where no
--          function can catch it. It is a hint: everybody looks within a poll interval anyway.
-- Rolling: replaces a call in the bodies of functions; arguments, results, owners and rights stay.
-- Check: select proname from pg_proc where pronamespace = 'trunkline'::regnamespace and prosrc ~ 'perform pg_notify';   -- ring alone

-- Where nine tenths are used somebody holds the queue, and the rest may be gone before this commits.
create function trunkline.ring(p_channel text, p_payload text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if pg_notification_queue_usage() < 0.9 then
    perform pg_notify(p_channel, p_payload);
  end if;
end $$;
revoke all on function trunkline.ring(text, text) from public;
comment on function trunkline.ring(text, text) is
  'NOTIFY, unless the server''s queue of notifications is nearly full: then whoever is meant finds out at its next poll';

-- adopt_database, declare_dead, drain, undrain, migrate, purge: all of them run with the rights of their owner.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_proc p
     where p.pronamespace = 'trunkline'::regnamespace and p.prosrc ~ 'perform pg_notify\(' and p.proname <> 'ring'
     order by p.proname
  loop
    execute replace(pg_get_functiondef(v_function), 'perform pg_notify(', 'perform trunkline.ring(');
  end loop;
end $$;
