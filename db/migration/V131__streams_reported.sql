-- Purpose: how many streams an instance holds is what it says with each beat: no index leads to them, since each claim would have to write it, and
--          counting read all streams, a fifth of a second for a million. calls_written is counted by streams_writer_idx.
-- Rolling: a column without a default, and one more column of a view. Instances of the release before leave it null: theirs are counted as before.
-- Check: select instance_id, streams_held, calls_written from trunkline.instance_directory;

alter table trunkline.instances
  add column streams_held integer,   -- as of its last beat
  add constraint instances_held_ck check (streams_held >= 0);

comment on column trunkline.instances.streams_held is 'how many streams have their client here, as of its last beat; null: its release does not say it';

create or replace view trunkline.instance_directory as
  select i.instance_id, i.url, i.version,
         case when i.left_at is not null then 'left'
              when i.dead_at is not null then 'dead'
              when i.lease_until < clock_timestamp() then 'silent'
              when i.draining_at is not null then 'draining'
              else 'ready' end as state,
         case when i.left_at is null and i.dead_at is null
              then coalesce(i.streams_held, (select count(*) from trunkline.streams s where s.holder_instance = i.instance_id))
              else 0 end as streams_held,
         i.beat_at, i.wake_mode, i.started_at, i.drain_wanted_at, i.drained_at,
         (select count(*) from trunkline.streams s
           where s.writer_instance = i.instance_id and s.finished_at is null and not s.standalone) as calls_written
    from trunkline.instances i;

comment on view trunkline.instance_directory is 'Every instance that ever registered and was not forgotten yet. streams_held is what it said with its last beat, two seconds ago at most; calls_written are those of its calls that became streams and run. Its cost is that of its rows, however many streams there are.';
comment on column trunkline.instance_directory.calls_written is 'how many calls that became streams it runs';
