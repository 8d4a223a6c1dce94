-- Purpose: whoever removes looks again under the lock: a stream that was claimed in between stays, and so does the slot that is written.
-- Rolling: replaces two functions by ones that remove less; older releases call them as before.
-- Check: select * from trunkline.forget_finished_streams(0, interval '1 hour', 1000);

-- Removes finished streams of calls that nobody can resume any more, looking at so many streams from one id on.
-- No index on finished_at: it would end the HOT updates of every publish that finishes. through: null at the end of the table.
create or replace function trunkline.forget_finished_streams(p_after bigint, p_age interval, p_rows_max int,
                                                             out removed int, out through bigint)
language plpgsql set search_path = pg_catalog as $$
declare
  v_streams bigint[];
begin
  select case when count(*) = p_rows_max then max(stream_id) end, array_agg(stream_id)
    into through, v_streams
    from (select stream_id from trunkline.streams where stream_id > p_after order by stream_id limit p_rows_max) s;
  -- judged under the lock: a claim may have come in the meantime, and its client reads on
  select array_agg(stream_id) into v_streams from (
    select stream_id from trunkline.streams
     where stream_id = any (v_streams)
       and not standalone and finished_at < clock_timestamp() - p_age and holder_instance is null
     order by stream_id for update skip locked) s;
  delete from trunkline.streams where stream_id = any (v_streams);
  get diagnostics removed = row_count;
  delete from trunkline.calls where stream_id = any (v_streams);
  delete from trunkline.pending_requests where stream_id = any (v_streams) and outcome is not null;
end $$;

-- Gives the space of a retired slot back. False: somebody reads it, or a stream still needs it; try again.
create or replace function trunkline.truncate_slot(p_slot int, p_patience interval) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
  v_needed boolean;
  v_mode   text := case when p_patience > interval '0' then '' else ' nowait' end;
begin
  if p_slot = (select c.current_slot from trunkline.control c) then
    raise exception 'slot % is being written', p_slot;
  end if;
  perform set_config('lock_timeout', greatest(1, extract(epoch from p_patience) * 1000)::int || 'ms', true);
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
