-- Purpose: whoever holds the baton does the clean-up that one instance can do for all; and a count of the living sessions, kept by it
--          instead of made by everybody. The instances that live, and those that went lately, are found without reading those of a month.
-- Rolling: two small tables and two indexes on a small one; an instance of the release before goes on cleaning up beside the holder,
--          which is harmless: each step is guarded by the rows that it works on.
-- Check: select * from trunkline.baton;

create table trunkline.baton (
  one         boolean     not null default true,
  instance_id int,
  taken_at    timestamptz not null default clock_timestamp(),
  held_until  timestamptz not null default clock_timestamp(),
  constraint baton_pk primary key (one),
  constraint baton_one_ck check (one),
  constraint baton_numbers_ck check (instance_id > 0),
  constraint baton_times_ck check (isfinite(taken_at) and isfinite(held_until))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
insert into trunkline.baton default values;

create table trunkline.session_tally (
  one        boolean     not null default true,
  living     bigint      not null default 0,
  counted_at timestamptz not null default clock_timestamp(),
  constraint session_tally_pk primary key (one),
  constraint session_tally_one_ck check (one),
  constraint session_tally_numbers_ck check (living >= 0),
  constraint session_tally_times_ck check (isfinite(counted_at))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
insert into trunkline.session_tally default values;

create index instances_present_idx on trunkline.instances (instance_id) where dead_at is null and left_at is null;
create index instances_gone_idx on trunkline.instances (coalesce(dead_at, left_at)) where coalesce(dead_at, left_at) is not null;

comment on table trunkline.baton is 'the instance that does the clean-up that one can do for all; one row';
comment on column trunkline.baton.one is 'keeps it one row';
comment on column trunkline.baton.instance_id is 'whose it is, until held_until; null: nobody has had it';
comment on column trunkline.baton.taken_at is 'since when';
comment on column trunkline.baton.held_until is 'when somebody else may take it, by the database''s clock; renewed while it sweeps';
comment on table trunkline.session_tally is 'how many sessions live, as the holder of the baton has counted on its way through them; one row';
comment on column trunkline.session_tally.one is 'keeps it one row';
comment on column trunkline.session_tally.living is 'that had not ended';
comment on column trunkline.session_tally.counted_at is 'when the count had changed';
