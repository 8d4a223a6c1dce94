-- Purpose: people see where a question and a stream have been: which instance took a client's answer, and which one a stream's latest
--          reader was connected to, also when it has gone.
-- Rolling: two columns that may be null, and one more column of two views. Instances of the release before neither write nor read them.
-- Check: select answered_by from trunkline.question_directory limit 1;

alter table trunkline.pending_requests add column answered_by integer;   -- null: not answered, or by a release that does not say it
alter table trunkline.streams add column reader_instance integer;        -- null: nobody has read it, or a release that does not say it

alter table trunkline.pending_requests
  add constraint pending_requests_answered_by_ck check (answered_by > 0) not valid;
alter table trunkline.pending_requests validate constraint pending_requests_answered_by_ck;
alter table trunkline.streams
  add constraint streams_reader_ck check (reader_instance > 0) not valid;
alter table trunkline.streams validate constraint streams_reader_ck;

comment on column trunkline.pending_requests.answered_by is 'the instance that took the client''s answer; null: there is none, or its release does not say it';
comment on column trunkline.streams.reader_instance is 'the instance of its latest reader, connected or not; null: there was none, or its release does not say it';

create or replace view trunkline.question_directory as
select p.pending_id, p.session_key, s.session_id, p.stream_id, p.task_input, p.method, p.asker as instance_id,
       p.created_at, p.deadline, p.outcome, p.settled_at, p.progress, p.progress_total, p.answered_by
  from trunkline.pending_requests p
  join trunkline.sessions s using (session_key);

create or replace view trunkline.stream_directory as
 select s.session_id,
    t.stream_id,
    t.standalone,
    t.holder_instance as instance_id,
    t.holder_epoch as epoch,
    t.opened_at,
    t.closed_at,
    t.close_reason,
    t.finished_at,
    t.session_key,
    t.reader_instance
   from trunkline.streams t
     left join trunkline.sessions s using (session_key);

comment on column trunkline.question_directory.answered_by is 'the instance that took the client''s answer';
comment on column trunkline.stream_directory.reader_instance is 'the instance of its latest reader, connected or not';
