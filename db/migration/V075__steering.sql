-- Purpose: an operator drains an instance and takes that back, and sends a session's stream to another instance.
-- Rolling: a view gets columns at its end, a table and functions are new, a check is looked at under a lock that no statement of an
--          instance waits for. Instances of the running release are not steerable: each function says so and changes nothing.
--          What was done is put on record, by a function that comes with V077.
-- Check: select instance_id, state, drain_wanted_at, drained_at from trunkline.instance_directory;

create or replace view trunkline.instance_directory as
select i.instance_id, i.url, i.version,
       case when i.left_at is not null then 'left'
            when i.dead_at is not null then 'dead'
            when i.lease_until < clock_timestamp() then 'silent'
            when i.draining_at is not null then 'draining'
            else 'ready' end as state,
       coalesce(held.streams, 0) as streams_held, i.beat_at, i.wake_mode, i.started_at,
       i.drain_wanted_at, i.drained_at
  from trunkline.instances i
  left join (select holder_instance, count(*) as streams from trunkline.streams
              where holder_instance is not null group by holder_instance) held on held.holder_instance = i.instance_id;

-- The wish that a session's standalone stream goes to another instance, until its holder has closed it.
create table trunkline.stream_moves (
  stream_id    bigint not null,
  holder_epoch bigint not null,   -- of the connection that is asked to go: a later one is not meant
  to_instance  int not null,
  wanted_at    timestamptz not null default clock_timestamp(),
  constraint stream_moves_pk primary key (stream_id),
  constraint stream_moves_ck check (stream_id > 0 and holder_epoch > 0 and to_instance > 0 and isfinite(wanted_at))
);

-- Asks an instance to serve nobody, as SIGTERM does, but it goes on living: it is not ready, its streams go elsewhere, what it runs may
-- end within --drain-timeout and is handed on after that. It reads the wish with its next beat, or at once if it hears of it.
create function trunkline.drain(instance int) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  i trunkline.instances;
begin
  if instance is null then
    raise exception 'an instance is named by its number, not by null' using errcode = 'null_value_not_allowed';
  end if;
  select * into i from trunkline.instances n where n.instance_id = instance for no key update;
  case
    when not found then return 'unknown instance';
    when i.left_at is not null then return 'left';
    when i.dead_at is not null then return 'dead';
    when not i.steerable then return 'older release';
    when i.drain_wanted_at is not null or i.leaving_at is not null then return 'drains already';
    else null;
  end case;
  update trunkline.instances n set drain_wanted_at = clock_timestamp() where n.instance_id = instance;
  perform pg_notify('trunkline_' || instance, 'i' || instance);
  perform trunkline.note_action('drain', 'instance ' || instance);
  return 'drains';
end $$;
revoke execute on function trunkline.drain(int) from public;

-- Takes that back: the instance is ready again and begins new work. What it has handed on is not given back.
create function trunkline.undrain(instance int) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  i trunkline.instances;
begin
  if instance is null then
    raise exception 'an instance is named by its number, not by null' using errcode = 'null_value_not_allowed';
  end if;
  select * into i from trunkline.instances n where n.instance_id = instance for no key update;
  case
    when not found then return 'unknown instance';
    when i.left_at is not null then return 'left';
    when i.dead_at is not null then return 'dead';
    when i.leaving_at is not null then return 'leaves';
    when not i.steerable then return 'older release';
    when i.drain_wanted_at is null then return 'serves already';
    else null;
  end case;
  update trunkline.instances n set drain_wanted_at = null where n.instance_id = instance;
  perform pg_notify('trunkline_' || instance, 'i' || instance);
  perform trunkline.note_action('undrain', 'instance ' || instance);
  return 'serves again';
end $$;
revoke execute on function trunkline.undrain(int) from public;

-- Sends a session's standalone stream away, for another instance to take it: its holder closes it with a retry and the number of the
-- other one, a hint. Nobody can choose where a client connects. A call's stream stays where it is.
create function trunkline.migrate(session_id text, instance int) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  s record;
  i trunkline.instances;
  t record;
begin
  if session_id is null or instance is null then
    raise exception 'a session is named by its id, an instance by its number, neither by null' using errcode = 'null_value_not_allowed';
  end if;
  select n.session_key, n.revision into s from trunkline.sessions n where n.session_id = migrate.session_id and n.ended_at is null;
  if not found then
    return 'unknown session';
  end if;
  select * into i from trunkline.instances n where n.instance_id = instance;
  if not found then
    return 'unknown instance';
  end if;
  if i.left_at is not null or i.dead_at is not null or i.lease_until < clock_timestamp()
     or i.draining_at is not null or i.drain_wanted_at is not null or i.leaving_at is not null then
    return 'instance not ready';
  end if;
  select n.stream_id, n.holder_instance, n.holder_epoch, h.steerable into t
    from trunkline.streams n join trunkline.instances h on h.instance_id = n.holder_instance
   where n.session_key = s.session_key and n.standalone and h.left_at is null and h.dead_at is null;
  case
    when not found then return 'no open stream';
    when t.holder_instance = instance then return 'already there';
    when s.revision < '2025-11-25' then return 'older revision';
    when not t.steerable then return 'older release';
    else null;
  end case;
  insert into trunkline.stream_moves as m (stream_id, holder_epoch, to_instance) values (t.stream_id, t.holder_epoch, instance)
  on conflict on constraint stream_moves_pk
  do update set holder_epoch = excluded.holder_epoch, to_instance = excluded.to_instance, wanted_at = clock_timestamp();
  perform pg_notify('trunkline_' || t.holder_instance, 'i' || t.holder_instance);
  perform trunkline.note_action('migrate', format('session %s to instance %s', s.session_key, instance));
  return 'moved';
end $$;
revoke execute on function trunkline.migrate(text, int) from public;

-- Whoever may declare an instance dead may do less: an instance compares its rights at its start.
do $$
declare
  v_role regrole;
begin
  for v_role in
    select a.grantee::regrole from pg_proc p cross join aclexplode(p.proacl) a
     where p.oid = 'trunkline.declare_dead(int)'::regprocedure and a.privilege_type = 'EXECUTE' and a.grantee not in (0, p.proowner)
  loop
    execute format('grant execute on function trunkline.drain(int), trunkline.undrain(int), trunkline.migrate(text, int) to %s', v_role);
    execute format('grant select, insert, update, delete on trunkline.stream_moves to %s', v_role);
  end loop;
end $$;

-- Waits for other DDL and for a vacuum, which makes room after a second; it keeps nobody waiting meanwhile.
set local lock_timeout = '1min';

do $$
begin
  alter table trunkline.streams validate constraint streams_close_reason_ck;
exception when check_violation then
  raise warning 'rows of trunkline.streams break streams_close_reason_ck: select * from trunkline.broken_checks()';
end $$;
