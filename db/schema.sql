-- The schema after all migrations, for reading; written by .ci/generate, not by hand.

create sequence trunkline.announcement_seq as bigint maxvalue 140737488355327 cache 1;

create sequence trunkline.event_seq as bigint maxvalue 140737488355327 cache 1;

create table trunkline.announcement_lock (
  one boolean not null default true,
  constraint announcement_lock_pk PRIMARY KEY (one),
  constraint announcement_lock_one_ck CHECK (one)
);

create table trunkline.announcements (
  id bigint not null,
  kind text not null,
  about text not null default ''::text,
  payload bytea,
  writer bigint,
  batch_no bigint,
  ord integer,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint announcements_pk PRIMARY KEY (id),
  constraint announcements_batch_uk UNIQUE (writer, batch_no, ord)
);

create table trunkline.calls (
  call_id bigint not null generated always as identity,
  stream_id bigint not null,
  session_key bigint not null,
  request_id text not null,
  method text not null,
  request bytea not null,
  principal text not null,
  rerunnable boolean not null,
  runs integer not null default 1,
  cancelled_at timestamp with time zone,
  cancel_reason text,
  finished_at timestamp with time zone,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint calls_pk PRIMARY KEY (call_id)
) with (fillfactor=80);
CREATE INDEX calls_request_idx ON trunkline.calls USING btree (session_key, request_id);
CREATE INDEX calls_stream_idx ON trunkline.calls USING btree (stream_id);

create table trunkline.catalog_switches (
  kind text not null,
  name text not null,
  enabled boolean not null,
  constraint catalog_switches_pk PRIMARY KEY (kind, name),
  constraint catalog_switches_kind_ck CHECK ((kind = ANY (ARRAY['tool'::text, 'resource'::text, 'template'::text, 'prompt'::text])))
);

create table trunkline.control (
  one boolean not null default true,
  id_base integer not null default 0,
  id_high bigint not null default 0,
  current_slot smallint not null default 0,
  slot_opened_at timestamp with time zone not null default clock_timestamp(),
  announcement_floor bigint not null default 0,
  constraint control_pk PRIMARY KEY (one),
  constraint control_one_ck CHECK (one)
) with (fillfactor=50);

create table trunkline.instances (
  instance_id integer not null generated always as identity,
  lease_until timestamp with time zone not null,
  beat_at timestamp with time zone not null default clock_timestamp(),
  wake_mode text not null default 'notify'::text,
  dead_at timestamp with time zone,
  left_at timestamp with time zone,
  draining_at timestamp with time zone,
  heard_through bigint not null default 0,
  url text not null,
  version text not null,
  started_at timestamp with time zone not null default clock_timestamp(),
  constraint instances_pk PRIMARY KEY (instance_id)
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200, fillfactor=50);

create table trunkline.outbound_messages (
  stream_id bigint not null,
  event_id bigint not null,
  slot smallint not null,
  payload bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint outbound_messages_pk PRIMARY KEY (stream_id, event_id, slot),
  constraint outbound_messages_one_line_ck CHECK (((POSITION(('\x0a'::bytea) IN (payload)) = 0) AND (POSITION(('\x0d'::bytea) IN (payload)) = 0)))
) partition by LIST (slot);

create table trunkline.outbox (
  outbox_id bigint not null generated always as identity,
  kind text not null,
  about text not null default ''::text,
  payload text,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint outbox_pk PRIMARY KEY (outbox_id)
);

create table trunkline.pending_requests (
  pending_id bigint not null,
  session_key bigint not null,
  stream_id bigint not null,
  asker integer not null,
  ordinal integer not null,
  method text not null,
  digest bytea not null,
  deadline timestamp with time zone not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  outcome text,
  answer bytea,
  settled_at timestamp with time zone,
  constraint pending_requests_pk PRIMARY KEY (pending_id),
  constraint pending_requests_outcome_ck CHECK ((outcome = ANY (ARRAY['answered'::text, 'expired'::text, 'cancelled'::text, 'session ended'::text, 'abandoned'::text])))
) with (fillfactor=70);
CREATE INDEX pending_requests_deadline_idx ON trunkline.pending_requests USING btree (deadline);
CREATE INDEX pending_requests_session_idx ON trunkline.pending_requests USING btree (session_key);
CREATE INDEX pending_requests_stream_idx ON trunkline.pending_requests USING btree (stream_id);

create table trunkline.publish_batches (
  writer bigint not null,
  batch_no bigint not null,
  slot smallint not null,
  event_ids bigint[] not null,
  rejected integer[] not null,
  constraint publish_batches_pk PRIMARY KEY (writer, batch_no, slot)
) partition by LIST (slot);

create table trunkline.session_values (
  session_key bigint not null,
  name text not null,
  value text not null,
  constraint session_values_pk PRIMARY KEY (session_key, name)
);

create table trunkline.sessions (
  last_used_at timestamp with time zone not null default clock_timestamp(),
  ended_at timestamp with time zone,
  end_reason text,
  log_level text,
  session_key bigint not null generated always as identity,
  session_id text not null,
  revision text not null,
  principal text not null,
  announced_from bigint not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  capabilities text not null,
  client text not null,
  constraint sessions_pk PRIMARY KEY (session_key),
  constraint sessions_id_ck CHECK ((session_id ~ '^[0-9a-f]{32}$'::text)),
  constraint sessions_id_uk UNIQUE (session_id)
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200, fillfactor=70);

create table trunkline.streams (
  stream_id bigint not null generated always as identity,
  session_key bigint not null,
  standalone boolean not null,
  holder_instance integer,
  holder_epoch bigint not null default 0,
  writer_instance integer,
  writer_epoch integer not null default 0,
  trimmed_through bigint not null default 0,
  position_own bigint not null default 0,
  position_announcement bigint not null default 0,
  position_settled boolean not null default true,
  created_at timestamp with time zone not null default clock_timestamp(),
  opened_at timestamp with time zone,
  closed_at timestamp with time zone,
  close_reason text,
  finished_at timestamp with time zone,
  constraint streams_pk PRIMARY KEY (stream_id)
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200, fillfactor=80);
CREATE INDEX streams_session_idx ON trunkline.streams USING btree (session_key);

create table trunkline.subscriptions (
  uri text not null,
  session_key bigint not null,
  constraint subscriptions_pk PRIMARY KEY (uri, session_key)
);
CREATE INDEX subscriptions_session_idx ON trunkline.subscriptions USING btree (session_key);
create table trunkline.outbound_messages_0 partition of trunkline.outbound_messages FOR VALUES IN ('0') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_1 partition of trunkline.outbound_messages FOR VALUES IN ('1') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_2 partition of trunkline.outbound_messages FOR VALUES IN ('2') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_3 partition of trunkline.outbound_messages FOR VALUES IN ('3') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_4 partition of trunkline.outbound_messages FOR VALUES IN ('4') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_5 partition of trunkline.outbound_messages FOR VALUES IN ('5') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_6 partition of trunkline.outbound_messages FOR VALUES IN ('6') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_7 partition of trunkline.outbound_messages FOR VALUES IN ('7') with (autovacuum_enabled=off);
create table trunkline.publish_batches_0 partition of trunkline.publish_batches FOR VALUES IN ('0') with (autovacuum_enabled=off);
create table trunkline.publish_batches_1 partition of trunkline.publish_batches FOR VALUES IN ('1') with (autovacuum_enabled=off);
create table trunkline.publish_batches_2 partition of trunkline.publish_batches FOR VALUES IN ('2') with (autovacuum_enabled=off);
create table trunkline.publish_batches_3 partition of trunkline.publish_batches FOR VALUES IN ('3') with (autovacuum_enabled=off);
create table trunkline.publish_batches_4 partition of trunkline.publish_batches FOR VALUES IN ('4') with (autovacuum_enabled=off);
create table trunkline.publish_batches_5 partition of trunkline.publish_batches FOR VALUES IN ('5') with (autovacuum_enabled=off);
create table trunkline.publish_batches_6 partition of trunkline.publish_batches FOR VALUES IN ('6') with (autovacuum_enabled=off);
create table trunkline.publish_batches_7 partition of trunkline.publish_batches FOR VALUES IN ('7') with (autovacuum_enabled=off);

CREATE OR REPLACE FUNCTION trunkline.id_prefix()
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$ select (id_base + trunkline.timeline()) << 47 from trunkline.control $function$;

CREATE OR REPLACE FUNCTION trunkline.timeline()
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$ select ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int::bigint $function$;
