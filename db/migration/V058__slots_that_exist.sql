-- Purpose: a slot that does not exist is refused with a sentence, not with a fault in a statement that the function composed; and a
--          stream from before the checks, whose row no statement may write any more, keeps no slot from being freed.
-- Rolling: replaces bodies; for slots 0 to 7, which are all that a release asks for, they do what they did.
-- Check: select trunkline.truncate_slot(99, interval '0'); says that the slots are 0 to 7.

-- Raises the floor of so many streams above what they have in the slot. One whose row is refused by a check loses its messages there
-- instead: nobody can claim it, so nobody is told of a gap.
create or replace function trunkline.retire_slot(p_slot int, p_streams_max int) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_retired int := 0;
  v_stream  bigint;
  v_newest  bigint;
  v_raise   text := 'update trunkline.streams s set trimmed_through = greatest(s.trimmed_through, m.newest)
                       from mine m where s.stream_id = m.stream_id';
  v_mine    text;
begin
  if p_slot is null or p_slot not between 0 and 7 then
    raise exception 'the slots are 0 to 7, not %', coalesce(p_slot::text, 'null') using errcode = 'invalid_parameter_value';
  end if;
  if p_streams_max is null or p_streams_max < 1 then
    raise exception 'the number of streams is 1 or more, not %', coalesce(p_streams_max::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  v_mine := format('with held as materialized (
           select stream_id, max(event_id) as newest from trunkline.outbound_messages_%s group by stream_id),
         mine as materialized (
           select s.stream_id, h.newest from trunkline.streams s join held h using (stream_id)
            where s.trimmed_through < h.newest order by s.stream_id limit %s for no key update of s)', p_slot, p_streams_max);
  begin
    execute v_mine || v_raise;
    get diagnostics v_retired = row_count;
    return v_retired;
  exception when check_violation then
    null;  -- by one that is left as it is below
  end;
  for v_stream, v_newest in execute v_mine || ' select stream_id, newest from mine' loop
    begin
      update trunkline.streams s set trimmed_through = greatest(s.trimmed_through, v_newest) where s.stream_id = v_stream;
    exception when check_violation then
      execute format('delete from trunkline.outbound_messages_%s where stream_id = $1', p_slot) using v_stream;
      raise warning 'stream % breaks a check, its messages of slot % are dropped: select * from trunkline.broken_checks()',
        v_stream, p_slot;
    end;
    v_retired := v_retired + 1;
  end loop;
  return v_retired;
end $$;

-- Gives the space of a retired slot back. False: somebody reads it, or a stream still needs it; try again.
create or replace function trunkline.truncate_slot(p_slot int, p_patience interval) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_needed boolean;
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
    execute format('lock table only trunkline.outbound_messages_%1$s, only trunkline.publish_batches_%1$s in access exclusive mode%2$s',
                   p_slot, v_mode);
  exception when lock_not_available then
    return false;
  end;
  -- judged under the lock: another instance may have emptied it and moved the writing here, and batches are looked for by their
  -- keys; a publish that read the slot before it was retired may have come late
  execute format('select exists (select from trunkline.control c where c.current_slot = %1$s)
                      or exists (select from trunkline.outbound_messages_%1$s m join trunkline.streams s using (stream_id)
                                  where m.event_id > s.trimmed_through)', p_slot) into v_needed;
  if v_needed then
    return false;
  end if;
  execute format('truncate only trunkline.outbound_messages_%1$s, only trunkline.publish_batches_%1$s', p_slot);
  return true;
end $$;
