-- Purpose: a database that was restored, copied or rewound issues no id, number or epoch that clients and instances may know from
--          the future it has lost, and says that there is a gap; until somebody has looked, it issues none at all.
-- Rolling: raise_id_base() keeps its answer, so an instance of the previous release looks with the same eyes at its start. id_prefix()
--          costs a look at pg_database more. The previous release skips the new kind of announcement.
-- Check: select trunkline.is_home(); expects true. After create database x template …; it expects false in x until a start.

-- Where we are. A service may keep the control file for itself, from everybody or from some roles: then the oid alone decides.
create function trunkline.place(out system_id bigint, out database_id bigint)
language plpgsql stable set search_path = pg_catalog as $$
begin
  if has_function_privilege('pg_control_system()', 'execute') then
    select c.system_identifier into place.system_id from pg_control_system() c;
  end if;
  select d.oid into place.database_id from pg_database d where d.datname = current_database();
end $$;

-- Whether this is the database that was last looked at, as far as can be seen. A rewound disk looks the same: migrate --restored.
create function trunkline.is_home() returns boolean
language plpgsql stable set search_path = pg_catalog as $$
declare
  known record;
  here  record;
begin
  select c.system_id, c.database_id into known from trunkline.control c;
  here := trunkline.place();
  return (known.system_id = here.system_id) is not false and (known.database_id = here.database_id) is not false;
end $$;

-- The high bits of every id drawn now. Two timelines, or a raised base, never issue the same id. In a database that was put under
-- running instances nothing is issued until one of them has adopted it: for them it is as if the database were away.
-- The control file is read only when the server was started since somebody last looked.
create or replace function trunkline.id_prefix() returns bigint
language plpgsql stable set search_path = pg_catalog as $$
declare
  v_base int;
  v_home boolean;
begin
  select c.id_base,
         case when c.server_started = pg_postmaster_start_time()
                   and c.database_id = (select d.oid from pg_database d where d.datname = current_database())
              then true else trunkline.is_home() end
    into v_base, v_home from trunkline.control c;
  if v_base is null or v_base < 0 then
    raise exception 'trunkline.control %; select trunkline.mend_control()',
      coalesce('says id_base ' || v_base, 'has no row') using errcode = 'cannot_connect_now';
  end if;
  if not v_home then
    raise exception 'this database was restored or copied, and no instance has looked at it yet'
      using errcode = 'cannot_connect_now', hint = 'each instance looks at its start, and with each beat';
  end if;
  return (v_base + trunkline.timeline()) << 47;
end $$;

-- Makes the database ours where it is now. Called at each start and by each instance that lost its number.
--
-- Ids that would not exceed those on record get a higher base (a logical upgrade, sequences that were reset). A database that was
-- restored, copied or rewound (it is elsewhere, or p_restored says so) has a lost future, of which it knows nothing but that it is
-- over, and there may be several: the same copy may be restored twice. So each number goes on from where no future can have come
-- in that time, 50,000 a second since 2026, which also makes two restores of one copy differ; and the base rises by 16, more than
-- the failovers a future may have had. Whoever ran here is dead: an instance that lives after all notices with its next beat. The
-- floor of the announcements rises above every cursor, which tells every client that there is a gap.
--
-- p_restores: the number of restores that the caller knows of. Many may find the same rewind; the first of them counts. Below 0:
-- it counts in any case.
-- It sets sequences, which only the owner may: hence the definer's rights, and a fixed path.
create function trunkline.adopt_database(p_restored boolean, p_restores int,
                                         out base int, out raised boolean, out restored boolean, out restores int)
language plpgsql security definer set search_path = pg_catalog as $$
declare
  known              trunkline.control;
  here               record;
  events_used        bigint;
  announcements_used bigint;
  next_event         bigint;
  next_announcement  bigint;
  prefix             bigint;
  never_reached      bigint := 50000 * extract(epoch from clock_timestamp() - timestamptz '2026-01-01 00:00:00+00')::bigint;
  drawn              record;
  gap                bigint;
begin
  -- The lock lets two instances that start together do it once. Publishing reads the row and does not wait.
  select * into known from trunkline.control for no key update;
  if not found then
    raise exception 'trunkline.control has no row; select trunkline.mend_control()';
  end if;
  restored := not trunkline.is_home() or (p_restored and (p_restores < 0 or known.restores <= p_restores));
  restores := known.restores;
  here := trunkline.place();
  update trunkline.control c
     set system_id = coalesce(here.system_id, c.system_id), database_id = here.database_id,
         server_started = pg_postmaster_start_time()
   where (coalesce(here.system_id, c.system_id), here.database_id, pg_postmaster_start_time())
         is distinct from (c.system_id, c.database_id, c.server_started);

  events_used := known.id_high;
  -- Rows that nobody can have written do not count: they would use up all bases there are.
  select coalesce(max(id), 0) into announcements_used from trunkline.announcements where id >> 47 < 32768;
  prefix := (known.id_base + trunkline.timeline()) << 47;
  select prefix | (last_value + is_called::int) into next_event from trunkline.event_seq;
  select prefix | (last_value + is_called::int) into next_announcement from trunkline.announcement_seq;
  raised := restored or next_event <= events_used or next_announcement <= announcements_used;
  base := known.id_base;
  if not raised then
    return;
  end if;
  base := (greatest(events_used, announcements_used, prefix) >> 47) - trunkline.timeline()
          + case when restored then 16 else 1 end;
  if base + trunkline.timeline() > 32767 then
    raise exception 'event ids are used up: base % and timeline % exceed 32767', base, trunkline.timeline();
  end if;
  update trunkline.control set id_base = base;
  if not restored then
    return;
  end if;

  restores := greatest(known.restores, p_restores) + 1;
  update trunkline.control c
     set restores = adopt_database.restores, restored_at = clock_timestamp(), epoch_floor = greatest(c.epoch_floor, never_reached);
  for drawn in
    select s.seqrelid::regclass as name, coalesce(pg_sequence_last_value(s.seqrelid), 0) as last, s.seqtypid = 'bigint'::regtype as is_big
      from pg_sequence s join pg_class c on c.oid = s.seqrelid
     where c.relnamespace = 'trunkline'::regnamespace
  loop
    -- The numbers of instances are few, and stand above bit 32 of ids that JavaScript keeps exact up to bit 53.
    perform setval(drawn.name, case when drawn.is_big then greatest(drawn.last, never_reached)
                                    else drawn.last + 500 + (random() * 500)::int end);
  end loop;
  update trunkline.instances set dead_at = clock_timestamp() where dead_at is null and left_at is null;
  perform from trunkline.announcement_lock for no key update;
  insert into trunkline.announcements (id, kind)
  values (trunkline.id_prefix() | nextval('trunkline.announcement_seq'), 'database_restored')
  returning id into gap;
  update trunkline.control set announcement_floor = gap;
  perform pg_notify('trunkline_all', 'n1 i0');
end $$;
revoke execute on function trunkline.adopt_database(boolean, int) from public;

-- Who draws ids calls these from now on, with the rights of before this migration.
do $$
declare
  role regrole;
begin
  revoke execute on function trunkline.place(), trunkline.is_home() from public;
  for role in
    select a.grantee::regrole from pg_proc p cross join aclexplode(p.proacl) a
     where p.oid = 'trunkline.id_prefix()'::regprocedure and a.privilege_type = 'EXECUTE' and a.grantee not in (0, p.proowner)
  loop
    execute format('grant execute on function trunkline.place(), trunkline.is_home(), trunkline.adopt_database(boolean, int) to %s', role);
  end loop;
end $$;

-- As the previous release calls it, with no more rights than before.
create or replace function trunkline.raise_id_base(out base int, out raised boolean)
language sql security definer set search_path = pg_catalog as
$$ select a.base, a.raised from trunkline.adopt_database(false, 0) a $$;

-- A session and its stream get numbers too: none while their database may be another one.
create or replace function trunkline.open_session(p_id text, p_revision text, p_principal text, p_capabilities text, p_client text,
                                                  p_principal_max int, out session_key bigint, out stream_id bigint, out announced_from bigint)
language plpgsql set search_path = pg_catalog as $$
begin
  perform trunkline.id_prefix();
  if p_principal_max > 0 then
    -- two instances that open for one principal count one after the other
    perform pg_advisory_xact_lock(hashtextextended('trunkline.sessions of ' || p_principal, 0));
    perform from trunkline.sessions s where s.principal = p_principal and s.ended_at is null offset p_principal_max - 1 limit 1;
    if found then
      return;
    end if;
  end if;
  -- visible, not drawn: an id that is not committed yet may announce what this session has just missed
  announced_from := trunkline.newest_announcement();
  insert into trunkline.sessions as s (session_id, revision, principal, capabilities, client, announced_from)
  values (p_id, p_revision, p_principal, p_capabilities, p_client, open_session.announced_from)
  returning s.session_key into open_session.session_key;
  insert into trunkline.streams as t (session_key, standalone, writer_epoch, position_announcement)
  values (open_session.session_key, true, 0, open_session.announced_from)
  returning t.stream_id into open_session.stream_id;
end $$;

update trunkline.control c
   set system_id = p.system_id, database_id = p.database_id, server_started = pg_postmaster_start_time()
  from trunkline.place() p;
