-- Purpose: who is there and who holds what, for operators and programs; declaring an instance dead; raising the base of the ids.
-- Rolling: only views and functions are added, so the previous release does not notice.
-- Check: select instance_id, state from trunkline.instance_directory; shows each running instance as ready.

create view trunkline.instance_directory as
select i.instance_id, i.url, i.version,
       case when i.left_at is not null then 'left'
            when i.dead_at is not null then 'dead'
            when i.lease_until < clock_timestamp() then 'silent'  -- its lease is over, nobody has declared it dead yet
            when i.draining_at is not null then 'draining'
            else 'ready' end as state,
       coalesce(held.streams, 0) as streams_held,
       i.beat_at, i.wake_mode, i.started_at
  from trunkline.instances i
  left join (select holder_instance, count(*) as streams
               from trunkline.streams
              where holder_instance is not null
              group by holder_instance) held on held.holder_instance = i.instance_id;
comment on view trunkline.instance_directory is 'Every instance that ever registered and was not forgotten yet; counts streams by a scan.';

create view trunkline.stream_directory as
select s.session_id, t.stream_id, t.standalone, t.holder_instance as instance_id, t.holder_epoch as epoch,
       t.opened_at, t.closed_at, t.close_reason, t.finished_at
  from trunkline.streams t
  join trunkline.sessions s using (session_key);
comment on view trunkline.stream_directory is 'Which instance has the client''s socket of which stream; instance_id is null while nobody has.';

-- Where a session is connected: its standalone stream if somebody holds it, else the newest call's stream that somebody holds.
create function trunkline.session_instance(session_id text) returns int
language sql stable set search_path = pg_catalog as
$$ select d.instance_id
     from trunkline.stream_directory d
    where d.session_id = session_instance.session_id and d.instance_id is not null
    order by d.standalone desc, d.stream_id desc
    limit 1 $$;

-- For an operator who knows that an instance is gone: the same fence as an expired lease, now. An instance that lives after all
-- notices at its next beat and goes on under a new number. False: there is no such instance, or it is dead or left already.
create function trunkline.declare_dead(instance int) returns boolean
language plpgsql set search_path = pg_catalog as
$$
begin
  update trunkline.instances
     set dead_at = clock_timestamp()
   where instance_id = instance and dead_at is null and left_at is null;
  if not found then
    return false;
  end if;
  perform pg_notify('trunkline_all', 'i' || instance);  -- a hint: everybody looks within a poll interval anyway
  return true;
end
$$;
revoke execute on function trunkline.declare_dead(int) from public;

-- A restored, copied or logically upgraded database may have sequences that start low again: its next ids would be below the
-- cursors that clients hold, and nothing would ever be found. Called at each start; returns the base, and whether it was raised.
create function trunkline.raise_id_base(out base int, out raised boolean)
language plpgsql set search_path = pg_catalog as
$$
declare
  events_used         bigint;
  announcements_used  bigint;
  next_event          bigint;
  next_announcement   bigint;
begin
  -- The lock lets two instances that start together raise it once. Publishing reads the row and does not wait.
  select id_base, id_high into base, events_used from trunkline.control for no key update;
  select coalesce(max(id), 0) into announcements_used from trunkline.announcements;
  select trunkline.id_prefix() | (last_value + is_called::int) into next_event from trunkline.event_seq;
  select trunkline.id_prefix() | (last_value + is_called::int) into next_announcement from trunkline.announcement_seq;
  raised := next_event <= events_used or next_announcement <= announcements_used;
  if raised then
    base := (greatest(events_used, announcements_used) >> 47) + 1 - trunkline.timeline();
    if base + trunkline.timeline() > 65535 then
      raise exception 'event ids are used up: base % and timeline % exceed 65535', base, trunkline.timeline();
    end if;
    update trunkline.control set id_base = base;
  end if;
end
$$;
revoke execute on function trunkline.raise_id_base() from public;
