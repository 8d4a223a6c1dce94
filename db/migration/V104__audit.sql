-- Purpose: what clients did, and what they were denied, is on record: in eight slots of its own, which are emptied like those of the messages.
-- Rolling: new tables that an instance of the release before never looks at. What operators did is kept for as long as the record, also by
--          that release, whose chore calls the function.
-- Check: select * from trunkline.audit order by at desc limit 10;

create table trunkline.audit_records (
  slot        int         not null,
  writer      bigint      not null,
  number      bigint      not null,
  begun_at    timestamptz not null,
  micros      bigint      not null,
  instance_id int         not null,
  principal   text        not null,
  credential  text        not null,
  client      text        not null,
  method      text        not null,
  name        text        not null,
  arguments   bytea,
  outcome     text        not null,
  code        int,
  run         int         not null,
  times       int         not null,
  session_key bigint,
  task_key    bigint,
  revision    text        not null,
  trace       text,
  peer        text,
  constraint audit_records_pk primary key (writer, number, slot),
  constraint audit_records_numbers_ck
    check (writer > 0 and number > 0 and micros >= 0 and instance_id > 0 and run > 0 and times > 0 and session_key > 0 and task_key > 0),
  constraint audit_records_time_ck check (isfinite(begun_at)),
  constraint audit_records_arguments_ck check (octet_length(arguments) = 32),
  constraint audit_records_outcome_ck check (outcome ~ '^[a-z ]{1,40}$'),
  constraint audit_records_trace_ck check (trace ~ '^[0-9a-f]{32}$'),
  constraint audit_records_texts_ck
    check (length(principal) between 1 and 4096 and length(credential) <= 200 and length(client) <= 200 and length(method) between 1 and 100
           and length(name) <= 500 and length(revision) <= 20 and length(peer) <= 60)
) partition by list (slot);
do $$
begin
  for i in 0..7 loop
    execute format('create table trunkline.audit_records_%1$s partition of trunkline.audit_records for values in (%1$s)', i);
  end loop;
end $$;
create index audit_records_principal_idx on trunkline.audit_records (principal, begun_at);
create index audit_records_time_idx on trunkline.audit_records using brin (begun_at);

-- Which slot is written: the one that is open and not closed. A promise to keep is the slot's, so that it outlives who gave it.
create table trunkline.audit_slots (
  slot      int      not null,
  opened_at timestamptz,
  closed_at timestamptz,
  kept_for  interval not null default interval '0',
  constraint audit_slots_pk primary key (slot),
  constraint audit_slots_slot_ck check (slot between 0 and 7),
  constraint audit_slots_times_ck check (isfinite(opened_at) and isfinite(closed_at) and (closed_at is null or opened_at is not null)),
  constraint audit_slots_kept_ck check (kept_for between interval '0' and interval '36500 days')
);
create unique index audit_slots_current_idx on trunkline.audit_slots ((true)) where opened_at is not null and closed_at is null;
insert into trunkline.audit_slots (slot, opened_at) select i, case when i = 0 then clock_timestamp() end from generate_series(0, 7) i;

-- How far each process has written. A batch of which nobody knows whether it was stored is sent again, and what is stored of it is passed over.
create table trunkline.audit_writers (
  writer          bigint      not null,
  instance_id     int         not null,
  begun_at        timestamptz not null default clock_timestamp(),
  written_at      timestamptz not null default clock_timestamp(),
  written_through bigint      not null default 0,
  lost            bigint      not null default 0,
  constraint audit_writers_pk primary key (writer),
  constraint audit_writers_numbers_ck check (writer > 0 and instance_id > 0 and written_through >= 0 and lost >= 0),
  constraint audit_writers_times_ck check (isfinite(begun_at) and isfinite(written_at))
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

-- One key for the whole record: equal arguments have equal digests wherever and whenever they came, and who has not the key cannot try out what
-- they may have been. Three random uuids have 366 random bits, of which the digest keeps 256.
create table trunkline.audit_key (
  one boolean not null default true,
  key bytea   not null,
  constraint audit_key_pk primary key (one),
  constraint audit_key_one_ck check (one),
  constraint audit_key_key_ck check (octet_length(key) = 32)
);
insert into trunkline.audit_key (key)
select sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'));

-- HMAC-SHA-256 (RFC 2104) under that key, as instances make it.
create function trunkline.audit_digest(arguments text) returns bytea
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_key   bytea;
  v_inner bytea := decode(repeat('36', 64), 'hex');
  v_outer bytea := decode(repeat('5c', 64), 'hex');
begin
  if audit_digest.arguments is null then
    raise exception 'the arguments are the text of a JSON object, not null' using errcode = 'null_value_not_allowed';
  end if;
  select k.key into strict v_key from trunkline.audit_key k;
  for i in 0..31 loop
    v_inner := set_byte(v_inner, i, get_byte(v_inner, i) # get_byte(v_key, i));
    v_outer := set_byte(v_outer, i, get_byte(v_outer, i) # get_byte(v_key, i));
  end loop;
  return sha256(v_outer || sha256(v_inner || convert_to(audit_digest.arguments, 'UTF8')));
end $$;
revoke all on function trunkline.audit_digest(text) from public;

-- Empties what has been kept for long enough, then moves the writing on when the current slot was open for a sixth of that and the next is
-- empty. A slot that somebody reads is left for the next time, and nobody queues behind the attempt.
create function trunkline.keep_audit() returns table (chore text, done int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_now     timestamptz := clock_timestamp();
  v_slot    int;
  v_emptied int := 0;
  v_waited  int := 0;
  v_begun   int := 0;
begin
  perform from trunkline.audit_slots s order by s.slot for no key update;
  for v_slot in select s.slot from trunkline.audit_slots s where s.closed_at + s.kept_for < v_now order by s.slot loop
    begin
      execute format('lock table only trunkline.audit_records_%s in access exclusive mode nowait', v_slot);
      execute format('truncate only trunkline.audit_records_%s', v_slot);
      update trunkline.audit_slots s set opened_at = null, closed_at = null, kept_for = interval '0' where s.slot = v_slot;
      v_emptied := v_emptied + 1;
    exception when lock_not_available then
      v_waited := v_waited + 1;
    end;
  end loop;
  if v_emptied > 0 then
    delete from trunkline.audit_writers
     where writer in (
           select w.writer from trunkline.audit_writers w
            where w.written_at < (select min(s.opened_at) from trunkline.audit_slots s)
            order by w.writer limit 10000 for update skip locked);
  end if;
  select s.slot into v_slot from trunkline.audit_slots s
   where s.opened_at is not null and s.closed_at is null and s.kept_for > interval '0' and s.opened_at + s.kept_for / 6 <= v_now
     and exists (select from trunkline.audit_slots n where n.slot = (s.slot + 1) % 8 and n.opened_at is null);
  if found then
    update trunkline.audit_slots s set closed_at = v_now where s.slot = v_slot;
    update trunkline.audit_slots s set opened_at = v_now, kept_for = interval '0' where s.slot = (v_slot + 1) % 8;
    v_begun := 1;
  end if;
  return query values ('audit slots emptied', v_emptied), ('audit slots begun', v_begun), ('audit slots read by somebody', v_waited);
end $$;
revoke all on function trunkline.keep_audit() from public;

-- For operators: the record stays, the person goes. Called until it returns 0; who is still served is recorded again.
create function trunkline.pseudonymize_audit(principal text, rows_max int default 10000) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_pseudonym text;
  v_done      int;
begin
  if pseudonymize_audit.principal is null or pseudonymize_audit.principal = '' or length(pseudonymize_audit.principal) > 4096 then
    raise exception 'a principal has 1 to 4096 characters' using errcode = 'invalid_parameter_value';
  end if;
  if pseudonymize_audit.principal = 'anonymous' then
    raise exception 'anonymous is everybody who was not asked who they are, and no person' using errcode = 'invalid_parameter_value';
  end if;
  if rows_max is null or rows_max < 1 or rows_max > 1000000 then
    raise exception 'a step changes 1 to 1000000 rows, not %', coalesce(rows_max::text, 'null') using errcode = 'invalid_parameter_value';
  end if;
  v_pseudonym := 'pseudonym:' || left(encode(trunkline.audit_digest('principal ' || pseudonymize_audit.principal), 'hex'), 32);
  update trunkline.audit_records r set principal = v_pseudonym, credential = '', client = '', peer = null
   where (r.writer, r.number, r.slot) in (
         select a.writer, a.number, a.slot from trunkline.audit_records a
          where a.principal = pseudonymize_audit.principal
          order by a.writer, a.number limit rows_max for update skip locked);
  get diagnostics v_done = row_count;
  if v_done > 0 then
    perform trunkline.note_action('pseudonymize_audit', format('%s: %s records', v_pseudonym, v_done));
  end if;
  return v_done;
end $$;
revoke all on function trunkline.pseudonymize_audit(text, int) from public;

-- What was done a month ago, or longer than the record is kept; by nobody's decision.
create or replace function trunkline.forget_operator_actions(p_rows_max int) returns int
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_before  timestamptz;
  v_removed int;
begin
  select clock_timestamp() - greatest(interval '30 days', max(s.kept_for)) into v_before from trunkline.audit_slots s;
  delete from trunkline.operator_actions
   where action_id in (
         select a.action_id from trunkline.operator_actions a
          where a.acted_at < v_before
          order by a.acted_at limit p_rows_max for update skip locked);
  get diagnostics v_removed = row_count;
  return v_removed;
end $$;

-- As before, and the record's slots.
create or replace function trunkline.sweep() returns table (chore text, done int)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_done text[] := '{}';
begin
  for chore, done in
    select s.chore, s.done from trunkline.sweep_round() s
     union all
    select k.chore, k.done from trunkline.keep_seal_keys(1000) k
     union all
    select 'api keys removed', trunkline.forget_api_keys(1000)
     union all
    select a.chore, a.done from trunkline.keep_audit() a
  loop
    if done > 0 then
      v_done := v_done || (chore || ' ' || done);
    end if;
    return next;
  end loop;
  if v_done <> '{}' then
    perform trunkline.note_action('sweep', array_to_string(v_done, ', '));
  end if;
end $$;

-- For auditors: what clients did and what operators did, in one shape.
create view trunkline.audit as
select r.begun_at as at, 'client' as by, r.principal, r.credential, r.client, r.peer, r.method, r.name, encode(r.arguments, 'hex') as arguments,
       r.outcome, r.code, r.micros / 1000.0 as millis, r.run, r.times, r.instance_id, r.session_key, r.task_key,
       case when r.revision >= '2026-07-28' then 'stateless' when r.revision <> '' then 'stateful' end as era, r.revision, r.trace
  from trunkline.audit_records r
 union all
select a.acted_at, 'operator', a.by_user, '', a.application_name, host(a.client_addr), a.action, a.about, null,
       'ok', null, null, 1, 1, null, null, null, null, '', null
  from trunkline.operator_actions a;

create view trunkline.audit_slot_directory as
select s.slot, s.opened_at, s.closed_at, s.kept_for, s.opened_at is not null and s.closed_at is null as written,
       pg_total_relation_size(format('trunkline.audit_records_%s', s.slot)::regclass) as bytes,
       (select coalesce(sum(w.lost), 0)::bigint from trunkline.audit_writers w where w.written_at > clock_timestamp() - interval '1 day') as lost_lately
  from trunkline.audit_slots s;

comment on table trunkline.audit_records is 'what clients did, and what they were denied; append-only, in eight slots';
comment on column trunkline.audit_records.slot is 'where it is kept until the slot is emptied';
comment on column trunkline.audit_records.writer is 'the process that wrote it, audit_writers.writer';
comment on column trunkline.audit_records.number is 'its place among those of its writer; one that is missing was lost, or removed';
comment on column trunkline.audit_records.begun_at is 'when it was asked, by the database''s clock';
comment on column trunkline.audit_records.micros is 'microseconds until it was answered';
comment on column trunkline.audit_records.instance_id is 'the instance that answered';
comment on column trunkline.audit_records.principal is 'who; nobody where no credentials were accepted';
comment on column trunkline.audit_records.credential is 'the id of the key or token, or its kind where it was refused';
comment on column trunkline.audit_records.client is 'name and version as the client gives them';
comment on column trunkline.audit_records.method is 'of MCP, or of HTTP where there is no message';
comment on column trunkline.audit_records.name is 'the tool, the prompt, the resource''s URI';
comment on column trunkline.audit_records.arguments is 'HMAC-SHA-256 of their canonical JSON under audit_key';
comment on column trunkline.audit_records.outcome is 'how it ended';
comment on column trunkline.audit_records.code is 'negative: of the JSON-RPC error; positive: the HTTP status';
comment on column trunkline.audit_records.run is 'which run of the call or task';
comment on column trunkline.audit_records.times is 'how many were counted in this record';
comment on column trunkline.audit_records.session_key is 'of the session, if it had one';
comment on column trunkline.audit_records.task_key is 'of the task that it is about';
comment on column trunkline.audit_records.revision is 'of MCP; empty where it is not known';
comment on column trunkline.audit_records.trace is 'the trace id of the client''s traceparent';
comment on column trunkline.audit_records.peer is 'the other end of the connection, where credentials were refused';
comment on table trunkline.audit_slots is 'the slots of the record: since when, until when, and for how long they are kept';
comment on column trunkline.audit_slots.slot is 'its number';
comment on column trunkline.audit_slots.opened_at is 'since when it is or was written; null: it is empty';
comment on column trunkline.audit_slots.closed_at is 'until when it was written; null: it still is';
comment on column trunkline.audit_slots.kept_for is 'the longest that one of its writers promised to keep it, after it is closed';
comment on table trunkline.audit_writers is 'the processes that write the record, and how far they are';
comment on column trunkline.audit_writers.writer is 'a random number of the process';
comment on column trunkline.audit_writers.instance_id is 'its instance when it began';
comment on column trunkline.audit_writers.begun_at is 'when it began to write';
comment on column trunkline.audit_writers.written_at is 'when it wrote last';
comment on column trunkline.audit_writers.written_through is 'the number of its newest record';
comment on column trunkline.audit_writers.lost is 'how many of its records it could not write';
comment on table trunkline.audit_key is 'the key of the digests of arguments; one row';
comment on column trunkline.audit_key.one is 'keeps it one row';
comment on column trunkline.audit_key.key is 'of HMAC-SHA-256; whoever reads it can try out what arguments may have been';
comment on view trunkline.audit is 'for auditors: what clients and operators did';
comment on view trunkline.audit_slot_directory is 'for people: the slots of the record';
comment on function trunkline.audit_digest(text) is 'the digest that these arguments have in the record';
comment on function trunkline.keep_audit() is 'empties the slots of the record that have been kept for long enough, and moves the writing on';
comment on function trunkline.pseudonymize_audit(text, int) is 'takes a person out of the record; returns how many records, until none is left';
do $$
declare
  c record;
begin
  for c in select * from (values
    ('audit', 'at', 'when it was asked, by the database''s clock'),
    ('audit', 'by', 'client, or operator'),
    ('audit', 'principal', 'who; of an operator the role'),
    ('audit', 'credential', 'the id of the key or token, or its kind where it was refused'),
    ('audit', 'client', 'name and version as the client gives them; of an operator the application'),
    ('audit', 'peer', 'the other end of the connection, where credentials were refused, and of an operator'),
    ('audit', 'method', 'of MCP, or of HTTP where there is no message; of an operator the function'),
    ('audit', 'name', 'the tool, the prompt, the resource''s URI; of an operator what it was about'),
    ('audit', 'arguments', 'HMAC-SHA-256 of their canonical JSON, in hex: trunkline.audit_digest'),
    ('audit', 'outcome', 'how it ended'),
    ('audit', 'code', 'negative: of the JSON-RPC error; positive: the HTTP status'),
    ('audit', 'millis', 'milliseconds until it was answered'),
    ('audit', 'run', 'which run of the call or task'),
    ('audit', 'times', 'how many were counted in this row'),
    ('audit', 'instance_id', 'the instance that answered'),
    ('audit', 'session_key', 'of the session, if it had one'),
    ('audit', 'task_key', 'of the task that it is about'),
    ('audit', 'era', 'stateful or stateless'),
    ('audit', 'revision', 'of MCP; empty where it is not known'),
    ('audit', 'trace', 'the trace id of the client''s traceparent'),
    ('audit_slot_directory', 'slot', 'its number'),
    ('audit_slot_directory', 'opened_at', 'since when it is or was written; null: it is empty'),
    ('audit_slot_directory', 'closed_at', 'until when it was written'),
    ('audit_slot_directory', 'kept_for', 'for how long it is kept after that'),
    ('audit_slot_directory', 'written', 'whether it is the one that is written now'),
    ('audit_slot_directory', 'bytes', 'its size, with indexes'),
    ('audit_slot_directory', 'lost_lately', 'records that processes which wrote within a day could not write')
  ) v(relation, name, said) loop
    execute format('comment on column trunkline.%I.%I is %L', c.relation, c.name, c.said);
  end loop;
  for c in select p.relname, a.attname, col_description('trunkline.audit_records'::regclass, a.attnum) as said
             from pg_inherits h join pg_class p on p.oid = h.inhrelid join pg_attribute a on a.attrelid = p.oid and a.attnum > 0
            where h.inhparent = 'trunkline.audit_records'::regclass loop
    execute format('comment on column trunkline.%I.%I is %L', c.relname, c.attname, c.said);
    execute format('comment on table trunkline.%I is %L', c.relname, 'a slot of audit_records');
  end loop;
end $$;
