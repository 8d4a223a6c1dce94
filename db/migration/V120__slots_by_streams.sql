-- Purpose: a slot is retired at a cost of its streams, not of its streams times its messages. retire_slot reads and groups the whole slot for each
--          few hundred streams that it raises: seven seconds a time with two messages of each of a million streams, two thousand times, in a turn of
--          ten minutes. retire_streams walks through the slot's streams by its key, two look-ups for each.
--          And truncate_slot judges whether the slot is needed while it keeps out who writes, and shuts out who reads only to empty it: before, nobody
--          could read the slot meanwhile, for more than a second with two million messages.
-- Rolling: a further function, and one whose results are the same. Instances of the release before go on calling retire_slot.
-- Check: select count(*) from pg_proc where proname = 'retire_streams' and pronamespace = 'trunkline'::regnamespace;   -- 1

-- Of the slot's streams after p_after, at most so many. Answers the last one that it looked at, 0 when there is none.
create function trunkline.retire_streams(p_slot int, p_after bigint, p_streams_max int) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_leaf    text := format('trunkline.outbound_messages_%s', p_slot);
  v_streams bigint[];
  v_mine    text;
  v_stream  bigint;
  v_newest  bigint;
begin
  if p_slot is null or p_slot not between 0 and 7 then
    raise exception 'the slots are 0 to 7, not %', coalesce(p_slot::text, 'null') using errcode = 'invalid_parameter_value';
  end if;
  if p_after is null or p_after < 0 then
    raise exception 'a stream is named by its number, or 0 to begin, not by %', coalesce(p_after::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if p_streams_max is null or p_streams_max < 1 then
    raise exception 'the number of streams is 1 or more, not %', coalesce(p_streams_max::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  -- One look-up a stream: a DISTINCT would read all of its messages.
  execute format('with recursive held(stream_id, n) as (
           select (select m.stream_id from %1$s m where m.stream_id > $1 order by m.stream_id limit 1), 1
            union all
           select (select m.stream_id from %1$s m where m.stream_id > h.stream_id order by m.stream_id limit 1), h.n + 1
             from held h where h.stream_id is not null and h.n < $2)
         select array_agg(stream_id order by stream_id) from held where stream_id is not null', v_leaf)
     into v_streams using p_after, p_streams_max;
  if v_streams is null then
    return 0;
  end if;
  v_mine := format('with held as materialized (
           select u.stream_id, (select m.event_id from %1$s m where m.stream_id = u.stream_id order by m.event_id desc limit 1) as newest
             from unnest($1) u(stream_id)),
         mine as materialized (
           select s.stream_id, h.newest from trunkline.streams s join held h using (stream_id)
            where s.trimmed_through < h.newest order by s.stream_id for no key update of s)', v_leaf);
  begin
    execute v_mine || ' update trunkline.streams s set trimmed_through = greatest(s.trimmed_through, m.newest)
                          from mine m where s.stream_id = m.stream_id' using v_streams;
  exception when check_violation then  -- by one that is left as it is
    for v_stream, v_newest in execute v_mine || ' select stream_id, newest from mine' using v_streams loop
      begin
        update trunkline.streams s set trimmed_through = greatest(s.trimmed_through, v_newest) where s.stream_id = v_stream;
      exception when check_violation then
        execute format('delete from %s where stream_id = $1', v_leaf) using v_stream;
        raise warning 'stream % breaks a check, its messages of slot % are dropped: select * from trunkline.broken_checks()',
          v_stream, p_slot;
      end;
    end loop;
  end;
  return v_streams[cardinality(v_streams)];
end $$;

revoke all on function trunkline.retire_streams(int, bigint, int) from public;
-- Whoever retired slots so far goes on.
do $$
declare
  v_role name;
begin
  for v_role in
    select r.rolname
      from pg_proc p cross join lateral aclexplode(p.proacl) a join pg_roles r on r.oid = a.grantee
     where p.oid = 'trunkline.retire_slot(int, int)'::regprocedure
       and a.privilege_type = 'EXECUTE' and a.grantee <> p.proowner
  loop
    execute format('grant execute on function trunkline.retire_streams(int, bigint, int) to %I', v_role);
  end loop;
end $$;

comment on function trunkline.retire_streams(int, bigint, int) is 'raises the floors of streams above what a slot holds, so many after this one; answers the last one, 0 at the end';

create or replace function trunkline.truncate_slot(p_slot int, p_patience interval) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_needed boolean;
  v_last   bigint;
  v_leaf   text := format('trunkline.outbound_messages_%s', p_slot);
  v_both   text := format('only trunkline.outbound_messages_%1$s, only trunkline.publish_batches_%1$s', p_slot);
  v_mode   text := case when p_patience > interval '0' then '' else ' nowait' end;
begin
  if p_slot is null or p_slot not between 0 and 7 then
    raise exception 'the slots are 0 to 7, not %', coalesce(p_slot::text, 'null') using errcode = 'invalid_parameter_value';
  end if;
  if p_patience is null then
    raise exception 'the patience is an interval, not null' using errcode = 'invalid_parameter_value';
  end if;
  if p_slot = (select c.current_slot from trunkline.control c) then
    raise exception 'slot % is being written', p_slot;
  end if;
  perform set_config('lock_timeout', least(greatest(1, extract(epoch from p_patience) * 1000), 2147483647)::int || 'ms', true);
  begin
    execute format('lock table %s in share row exclusive mode%s', v_both, v_mode);
  exception when lock_not_available then
    return false;
  end;
  -- Judged while nobody can write there; who reads is not in the way of that. Another instance may have emptied it and moved the
  -- writing here, and batches are looked for by their keys; a publish that read the slot before it was retired may have come late.
  -- Few streams are looked at one by one, however many messages they have; of more, the rest is read as a whole.
  execute format('with recursive held(stream_id, n) as (
           select (select m.stream_id from %1$s m order by m.stream_id limit 1), 1
            union all
           select (select m.stream_id from %1$s m where m.stream_id > h.stream_id order by m.stream_id limit 1), h.n + 1
             from held h where h.stream_id is not null and h.n < 10000)
         select exists (select from trunkline.control c where c.current_slot = %2$s)
                or coalesce(bool_or((select m.event_id from %1$s m where m.stream_id = h.stream_id order by m.event_id desc limit 1)
                                    > s.trimmed_through), false),
                (select l.stream_id from held l where l.n = 10000)
           from held h join trunkline.streams s using (stream_id)', v_leaf, p_slot)
     into v_needed, v_last;
  if not v_needed and v_last is not null then
    execute format('select exists (select from %s m join trunkline.streams s using (stream_id)
                                    where m.stream_id > $1 and m.event_id > s.trimmed_through)', v_leaf)
       into v_needed using v_last;
  end if;
  if v_needed then
    return false;
  end if;
  for v_try in 1 .. 10 loop
    begin
      execute format('lock table %s in access exclusive mode%s', v_both, v_mode);
      exit;
    exception when lock_not_available then
      if v_try = 10 or v_mode = '' then
        return false;
      end if;
      perform pg_sleep(0.01);
    end;
  end loop;
  if p_slot = (select c.current_slot from trunkline.control c) then
    return false;
  end if;
  execute format('truncate only trunkline.outbound_messages_%1$s, only trunkline.publish_batches_%1$s', p_slot);
  return true;
end $$;
