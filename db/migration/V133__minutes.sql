-- Purpose: what each instance did, minute by minute for a week: a row for each in which something happened, so that any instance, and SQL, can
--          show what the last hour and the last day were like.
-- Rolling: a new table and a new view that an instance of the release before never looks at; its minutes are missing.
-- Check: select * from trunkline.minute_directory order by minute desc limit 10;

-- Written three times a minute, and no key of it changes then: a part of each page is left free for that.
create table trunkline.instance_minutes (
  minute      timestamptz not null,
  instance_id int         not null,
  turn        bigint      not null,
  requests    bigint      not null,
  failed      bigint      not null,
  micros      bigint      not null,
  published   bigint      not null,
  delivered   bigint      not null,
  took        bigint[]    not null,
  constraint instance_minutes_pk primary key (minute, instance_id),
  constraint instance_minutes_minute_ck check (isfinite(minute) and minute = date_trunc('minute', minute, 'UTC')),
  constraint instance_minutes_numbers_ck check (
    instance_id > 0 and turn > 0 and requests >= 0 and failed between 0 and requests and micros >= 0 and published >= 0 and delivered >= 0),
  constraint instance_minutes_took_ck check (
    array_ndims(took) = 1 and cardinality(took) = 12 and array_position(took, null) is null and 0 <= all (took))
) with (fillfactor = 80);

comment on table trunkline.instance_minutes is 'What an instance did in a minute in which it did something; kept a week.';
comment on column trunkline.instance_minutes.minute is 'in which it was written, by the database''s clock: what happened up to 20 s before';
comment on column trunkline.instance_minutes.instance_id is 'whose';
comment on column trunkline.instance_minutes.turn is 'the instance''s count of what it has written: what was written is not added again when the answer was lost';
comment on column trunkline.instance_minutes.requests is 'runs of requests that ended';
comment on column trunkline.instance_minutes.failed is 'those whose client got an error';
comment on column trunkline.instance_minutes.micros is 'how long they took together, in microseconds';
comment on column trunkline.instance_minutes.published is 'messages stored for clients';
comment on column trunkline.instance_minutes.delivered is 'messages written to a client''s connection, again or for the first time';
comment on column trunkline.instance_minutes.took is 'how many of the requests took up to 1, 2, 5, 10, 25, 50, 100, 250, 500, 1,000, 5,000 ms, and longer';

create view trunkline.minute_directory as
select m.minute, m.instance_id, m.requests, m.failed, m.micros / nullif(m.requests, 0) as mean_micros, m.published, m.delivered, m.took
  from trunkline.instance_minutes m;

comment on view trunkline.minute_directory is 'What each instance did in each minute in which it did something, for a week back. Ask for a range of minutes: it is read by its key.';
comment on column trunkline.minute_directory.minute is 'in which it was written, by the database''s clock: what happened up to 20 s before';
comment on column trunkline.minute_directory.instance_id is 'which instance; it may be gone';
comment on column trunkline.minute_directory.requests is 'runs of requests that ended';
comment on column trunkline.minute_directory.failed is 'those whose client got an error';
comment on column trunkline.minute_directory.mean_micros is 'what a request took on average, in microseconds; null where there was none';
comment on column trunkline.minute_directory.published is 'messages stored for clients';
comment on column trunkline.minute_directory.delivered is 'messages written to a client''s connection, again or for the first time';
comment on column trunkline.minute_directory.took is 'how many of the requests took up to 1, 2, 5, 10, 25, 50, 100, 250, 500, 1,000, 5,000 ms, and longer';
