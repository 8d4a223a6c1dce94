-- Purpose: a stream from before the checks, whose row no statement may write any more, keeps no slot from being freed.
-- Rolling: replaces a body; for good rows it does what it did.
-- Check: select trunkline.retire_slot(5, 1000); on an empty slot answers 0.

-- Raises the floor of so many streams above what they have in the slot. One whose row is refused by a check loses its messages there
-- instead: nobody can claim it, so nobody is told of a gap.
create or replace function trunkline.retire_slot(p_slot int, p_streams_max int) returns int
language plpgsql security definer set search_path = pg_catalog as $$
declare
  v_retired int := 0;
  v_stream  bigint;
  v_newest  bigint;
  v_raise   text := 'update trunkline.streams s set trimmed_through = greatest(s.trimmed_through, m.newest)
                       from mine m where s.stream_id = m.stream_id';
  v_mine    text := format('with held as materialized (
           select stream_id, max(event_id) as newest from trunkline.outbound_messages_%s group by stream_id),
         mine as materialized (
           select s.stream_id, h.newest from trunkline.streams s join held h using (stream_id)
            where s.trimmed_through < h.newest order by s.stream_id limit %s for no key update of s)', p_slot, p_streams_max);
begin
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
