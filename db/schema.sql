-- The schema after all migrations, for reading; written by .ci/generate, not by hand.

create sequence trunkline.announcement_seq as bigint maxvalue 140737488355327 cache 1;

create sequence trunkline.event_seq as bigint maxvalue 140737488355327 cache 1;

create sequence trunkline.task_input_seq as bigint maxvalue 9223372036854775807 cache 1;

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
  constraint announcements_about_ck CHECK ((length(about) <= 2048)),
  constraint announcements_batch_uk UNIQUE (writer, batch_no, ord),
  constraint announcements_id_ck CHECK (((id > 0) AND ((id >> 47) < 32768))),
  constraint announcements_kind_ck CHECK ((kind ~ '^[a-z_]{1,40}$'::text)),
  constraint announcements_one_line_ck CHECK (((POSITION(('\x0a'::bytea) IN (payload)) = 0) AND (POSITION(('\x0d'::bytea) IN (payload)) = 0))),
  constraint announcements_size_ck CHECK ((octet_length(payload) <= 262144))
);
CREATE INDEX announcements_cancel_idx ON trunkline.announcements USING btree (about) WHERE (kind = 'call_cancelled'::text);
CREATE INDEX announcements_session_cancels_idx ON trunkline.announcements USING btree (split_part(about, ' '::text, 1), created_at) WHERE (kind = 'call_cancelled'::text);

create table trunkline.api_keys (
  key_id bigint not null generated always as identity,
  sha256 bytea not null,
  principal text not null,
  scopes text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone,
  revoked_at timestamp with time zone,
  last_used_at timestamp with time zone,
  constraint api_keys_pk PRIMARY KEY (key_id),
  constraint api_keys_principal_ck CHECK ((((length(principal) >= 1) AND (length(principal) <= 4096)) AND (principal <> 'anonymous'::text))),
  constraint api_keys_scopes_ck CHECK (((cardinality(scopes) <= 100) AND (array_position(scopes, NULL::text) IS NULL) AND (octet_length(array_to_string(scopes, ' '::text)) <= 20000))),
  constraint api_keys_sha256_ck CHECK ((octet_length(sha256) = 32)),
  constraint api_keys_sha256_uk UNIQUE (sha256),
  constraint api_keys_times_ck CHECK ((isfinite(created_at) AND isfinite(expires_at) AND isfinite(revoked_at) AND isfinite(last_used_at)))
);
CREATE INDEX api_keys_ended_idx ON trunkline.api_keys USING btree (LEAST(revoked_at, expires_at)) WHERE (LEAST(revoked_at, expires_at) IS NOT NULL);
CREATE INDEX api_keys_principal_idx ON trunkline.api_keys USING btree (principal);

create table trunkline.audit_key (
  one boolean not null default true,
  key bytea not null,
  constraint audit_key_pk PRIMARY KEY (one),
  constraint audit_key_key_ck CHECK ((octet_length(key) = 32)),
  constraint audit_key_one_ck CHECK (one)
);

create table trunkline.audit_records (
  slot integer not null,
  writer bigint not null,
  number bigint not null,
  begun_at timestamp with time zone not null,
  micros bigint not null,
  instance_id integer not null,
  principal text not null,
  credential text not null,
  client text not null,
  method text not null,
  name text not null,
  arguments bytea,
  outcome text not null,
  code integer,
  run integer not null,
  times integer not null,
  session_key bigint,
  task_key bigint,
  revision text not null,
  trace text,
  peer text,
  constraint audit_records_pk PRIMARY KEY (writer, number, slot),
  constraint audit_records_arguments_ck CHECK ((octet_length(arguments) = 32)),
  constraint audit_records_numbers_ck CHECK (((writer > 0) AND (number > 0) AND (micros >= 0) AND (instance_id > 0) AND (run > 0) AND (times > 0) AND (session_key > 0) AND (task_key > 0))),
  constraint audit_records_outcome_ck CHECK ((outcome ~ '^[a-z ]{1,40}$'::text)),
  constraint audit_records_texts_ck CHECK ((((length(principal) >= 1) AND (length(principal) <= 4096)) AND (length(credential) <= 200) AND (length(client) <= 200) AND ((length(method) >= 1) AND (length(method) <= 100)) AND (length(name) <= 500) AND (length(revision) <= 20) AND (length(peer) <= 60))),
  constraint audit_records_time_ck CHECK (isfinite(begun_at)),
  constraint audit_records_trace_ck CHECK ((trace ~ '^[0-9a-f]{32}$'::text))
) partition by LIST (slot);
CREATE INDEX audit_records_principal_idx ON ONLY trunkline.audit_records USING btree (principal, begun_at);
CREATE INDEX audit_records_time_idx ON ONLY trunkline.audit_records USING brin (begun_at);

create table trunkline.audit_slots (
  slot integer not null,
  opened_at timestamp with time zone,
  closed_at timestamp with time zone,
  kept_for interval not null default '00:00:00'::interval,
  constraint audit_slots_pk PRIMARY KEY (slot),
  constraint audit_slots_kept_ck CHECK (((kept_for >= '00:00:00'::interval) AND (kept_for <= '36500 days'::interval))),
  constraint audit_slots_slot_ck CHECK (((slot >= 0) AND (slot <= 7))),
  constraint audit_slots_times_ck CHECK ((isfinite(opened_at) AND isfinite(closed_at) AND ((closed_at IS NULL) OR (opened_at IS NOT NULL))))
);
CREATE UNIQUE INDEX audit_slots_current_idx ON trunkline.audit_slots USING btree ((true)) WHERE ((opened_at IS NOT NULL) AND (closed_at IS NULL));

create table trunkline.audit_writers (
  writer bigint not null,
  instance_id integer not null,
  begun_at timestamp with time zone not null default clock_timestamp(),
  written_at timestamp with time zone not null default clock_timestamp(),
  written_through bigint not null default 0,
  lost bigint not null default 0,
  constraint audit_writers_pk PRIMARY KEY (writer),
  constraint audit_writers_numbers_ck CHECK (((writer > 0) AND (instance_id > 0) AND (written_through >= 0) AND (lost >= 0))),
  constraint audit_writers_times_ck CHECK ((isfinite(begun_at) AND isfinite(written_at)))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200, fillfactor=50);

create table trunkline.baton (
  one boolean not null default true,
  instance_id integer,
  taken_at timestamp with time zone not null default clock_timestamp(),
  held_until timestamp with time zone not null default clock_timestamp(),
  constraint baton_pk PRIMARY KEY (one),
  constraint baton_numbers_ck CHECK ((instance_id > 0)),
  constraint baton_one_ck CHECK (one),
  constraint baton_times_ck CHECK ((isfinite(taken_at) AND isfinite(held_until)))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200, fillfactor=50);

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
  opening bigint,
  run_epoch integer,
  step_names text[],
  step_outcomes text[],
  constraint calls_pk PRIMARY KEY (call_id),
  constraint calls_numbers_ck CHECK (((call_id > 0) AND (stream_id > 0) AND (session_key > 0) AND (runs >= 0) AND (runs < 2147483647))),
  constraint calls_request_id_ck CHECK (((octet_length(request_id) <= 1536) AND (request_id ~ '^(-?[0-9]+([eE][+]?[0-9]+)?|"[^\r\n]*")$'::text))),
  constraint calls_steps_ck CHECK (((COALESCE(cardinality(step_names), 0) = COALESCE(cardinality(step_outcomes), 0)) AND (COALESCE(cardinality(step_names), 0) <= 64))),
  constraint calls_texts_ck CHECK ((((length(method) >= 1) AND (length(method) <= 255)) AND ((length(principal) >= 1) AND (length(principal) <= 4096)) AND (octet_length(cancel_reason) <= 65536) AND (octet_length(request) <= 268435456))),
  constraint calls_times_ck CHECK ((isfinite(created_at) AND isfinite(cancelled_at) AND isfinite(finished_at)))
) with (fillfactor=80);
CREATE UNIQUE INDEX calls_running_idx ON trunkline.calls USING btree (session_key, request_id) WHERE (finished_at IS NULL);
CREATE INDEX calls_session_idx ON trunkline.calls USING btree (session_key);
CREATE INDEX calls_stream_idx ON trunkline.calls USING btree (stream_id);

create table trunkline.catalog_switches (
  kind text not null,
  name text not null,
  enabled boolean not null,
  constraint catalog_switches_pk PRIMARY KEY (kind, name),
  constraint catalog_switches_kind_ck CHECK ((kind = ANY (ARRAY['tool'::text, 'resource'::text, 'template'::text, 'prompt'::text]))),
  constraint catalog_switches_name_ck CHECK (((octet_length(name) >= 1) AND (octet_length(name) <= 2048)))
);

create table trunkline.control (
  one boolean not null default true,
  id_base integer not null default 0,
  id_high bigint not null default 0,
  current_slot smallint not null default 0,
  slot_opened_at timestamp with time zone not null default clock_timestamp(),
  announcement_floor bigint not null default 0,
  system_id bigint,
  database_id bigint,
  server_started timestamp with time zone,
  restores integer not null default 0,
  restored_at timestamp with time zone,
  epoch_floor bigint not null default 0,
  timeline integer,
  constraint control_pk PRIMARY KEY (one),
  constraint control_numbers_ck CHECK ((((id_base >= 0) AND (id_base <= 65535)) AND (id_high >= 0) AND (announcement_floor >= 0) AND (restores >= 0) AND (epoch_floor >= 0))),
  constraint control_one_ck CHECK (one),
  constraint control_slot_ck CHECK (((current_slot >= 0) AND (current_slot <= 7))),
  constraint control_timeline_ck CHECK (((timeline >= 0) AND (timeline <= 32767))),
  constraint control_times_ck CHECK ((isfinite(slot_opened_at) AND isfinite(restored_at)))
) with (fillfactor=50);

create table trunkline.instance_minutes (
  minute timestamp with time zone not null,
  instance_id integer not null,
  turn bigint not null,
  requests bigint not null,
  failed bigint not null,
  micros bigint not null,
  published bigint not null,
  delivered bigint not null,
  took bigint[] not null,
  constraint instance_minutes_pk PRIMARY KEY (minute, instance_id),
  constraint instance_minutes_minute_ck CHECK ((isfinite(minute) AND (minute = date_trunc('minute'::text, minute, 'UTC'::text)))),
  constraint instance_minutes_numbers_ck CHECK (((instance_id > 0) AND (turn > 0) AND (requests >= 0) AND ((failed >= 0) AND (failed <= requests)) AND (micros >= 0) AND (published >= 0) AND (delivered >= 0))),
  constraint instance_minutes_took_ck CHECK (((array_ndims(took) = 1) AND (cardinality(took) = 12) AND (array_position(took, NULL::bigint) IS NULL) AND (0 <= ALL (took))))
) with (fillfactor=80);

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
  history_age_max interval,
  steerable boolean not null default false,
  drain_wanted_at timestamp with time zone,
  drained_at timestamp with time zone,
  leaving_at timestamp with time zone,
  hears boolean not null default false,
  streams_held integer,
  constraint instances_pk PRIMARY KEY (instance_id),
  constraint instances_drain_ck CHECK ((isfinite(drain_wanted_at) AND isfinite(drained_at) AND isfinite(leaving_at))),
  constraint instances_held_ck CHECK ((streams_held >= 0)),
  constraint instances_history_age_ck CHECK (((history_age_max >= '00:00:01'::interval) AND (history_age_max <= '1 year'::interval))),
  constraint instances_numbers_ck CHECK (((instance_id > 0) AND (heard_through >= 0))),
  constraint instances_texts_ck CHECK ((((length(url) >= 1) AND (length(url) <= 2048)) AND (url !~ '[\r\n]'::text) AND ((length(version) >= 1) AND (length(version) <= 255)) AND (version !~ '[\r\n]'::text))),
  constraint instances_times_ck CHECK ((isfinite(lease_until) AND isfinite(beat_at) AND isfinite(started_at) AND isfinite(dead_at) AND isfinite(left_at) AND isfinite(draining_at))),
  constraint instances_wake_mode_ck CHECK ((wake_mode = ANY (ARRAY['notify'::text, 'polling'::text])))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200, fillfactor=50);
CREATE INDEX instances_gone_idx ON trunkline.instances USING btree (COALESCE(dead_at, left_at)) WHERE (COALESCE(dead_at, left_at) IS NOT NULL);
CREATE INDEX instances_present_idx ON trunkline.instances USING btree (instance_id) WHERE ((dead_at IS NULL) AND (left_at IS NULL));

create table trunkline.operator_actions (
  action_id bigint not null generated always as identity,
  acted_at timestamp with time zone not null default clock_timestamp(),
  action text not null,
  about text not null,
  by_user text not null default SESSION_USER,
  application_name text not null default current_setting('application_name'::text),
  client_addr inet default inet_client_addr(),
  told_by integer,
  told_round bigint,
  constraint operator_actions_pk PRIMARY KEY (action_id),
  constraint operator_actions_about_ck CHECK ((length(about) <= 4000)),
  constraint operator_actions_action_ck CHECK ((action ~ '^[a-z_]{1,63}$'::text)),
  constraint operator_actions_time_ck CHECK (isfinite(acted_at)),
  constraint operator_actions_told_ck CHECK ((((told_by IS NULL) = (told_round IS NULL)) AND (told_by > 0) AND (told_round > 0)))
);
CREATE INDEX operator_actions_age_idx ON trunkline.operator_actions USING btree (acted_at);
CREATE INDEX operator_actions_told_idx ON trunkline.operator_actions USING btree (told_by, told_round) WHERE (told_by IS NOT NULL);
CREATE INDEX operator_actions_untold_idx ON trunkline.operator_actions USING btree (action_id) WHERE (told_by IS NULL);

create table trunkline.outbound_messages (
  stream_id bigint not null,
  event_id bigint not null,
  slot smallint not null,
  payload bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint outbound_messages_pk PRIMARY KEY (stream_id, event_id, slot),
  constraint outbound_messages_numbers_ck CHECK (((stream_id > 0) AND (event_id > 0))),
  constraint outbound_messages_one_line_ck CHECK (((POSITION(('\x0a'::bytea) IN (payload)) = 0) AND (POSITION(('\x0d'::bytea) IN (payload)) = 0))),
  constraint outbound_messages_size_ck CHECK (((octet_length(payload) >= 1) AND (octet_length(payload) <= 67108864))),
  constraint outbound_messages_times_ck CHECK (isfinite(created_at))
) partition by LIST (slot);

create table trunkline.outbox (
  outbox_id bigint not null generated always as identity,
  kind text not null,
  about text not null default ''::text,
  payload text,
  created_at timestamp with time zone not null default clock_timestamp(),
  constraint outbox_pk PRIMARY KEY (outbox_id),
  constraint outbox_about_ck CHECK ((length(about) <= 2048)),
  constraint outbox_kind_ck CHECK ((kind ~ '^[a-z_]{1,40}$'::text)),
  constraint outbox_one_line_ck CHECK ((payload = translate(payload, '
'::text, ''::text))),
  constraint outbox_size_ck CHECK ((octet_length(payload) <= 262144))
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
  progress double precision,
  progress_total double precision,
  progress_message text,
  task_input bigint,
  trace text,
  answered_by integer,
  constraint pending_requests_pk PRIMARY KEY (pending_id),
  constraint pending_requests_answer_ck CHECK (((octet_length(answer) <= 268435456) AND ((outcome = 'answered'::text) = (answer IS NOT NULL)))),
  constraint pending_requests_answered_by_ck CHECK ((answered_by > 0)),
  constraint pending_requests_numbers_ck CHECK (((pending_id > 0) AND (session_key > 0) AND (stream_id > 0) AND (asker > 0) AND (ordinal >= 0) AND (task_input > 0))),
  constraint pending_requests_outcome_ck CHECK ((outcome = ANY (ARRAY['answered'::text, 'expired'::text, 'cancelled'::text, 'session ended'::text, 'abandoned'::text]))),
  constraint pending_requests_progress_ck CHECK (((progress > '-Infinity'::double precision) AND (progress < 'Infinity'::double precision) AND (progress_total > '-Infinity'::double precision) AND (progress_total < 'Infinity'::double precision))),
  constraint pending_requests_texts_ck CHECK ((((length(method) >= 1) AND (length(method) <= 255)) AND (octet_length(progress_message) <= 268435456))),
  constraint pending_requests_times_ck CHECK ((isfinite(deadline) AND isfinite(created_at) AND isfinite(settled_at))),
  constraint pending_requests_trace_ck CHECK ((trace ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'::text))
) with (fillfactor=70);
CREATE INDEX pending_requests_deadline_idx ON trunkline.pending_requests USING btree (deadline);
CREATE INDEX pending_requests_session_idx ON trunkline.pending_requests USING btree (session_key);
CREATE INDEX pending_requests_stream_idx ON trunkline.pending_requests USING btree (stream_id);
CREATE INDEX pending_requests_task_idx ON trunkline.pending_requests USING btree (task_input) WHERE (task_input IS NOT NULL);

create table trunkline.principal_switches (
  principal text not null,
  kind text not null,
  name text not null,
  enabled boolean not null,
  constraint principal_switches_pk PRIMARY KEY (principal, kind, name),
  constraint principal_switches_kind_ck CHECK ((kind = ANY (ARRAY['tool'::text, 'resource'::text, 'template'::text, 'prompt'::text]))),
  constraint principal_switches_texts_ck CHECK ((((octet_length(principal) >= 1) AND (octet_length(principal) <= 2048)) AND ((octet_length(name) >= 1) AND (octet_length(name) <= 2048)) AND ((octet_length(principal) + octet_length(name)) <= 2500)))
);
CREATE INDEX principal_switches_kind_idx ON trunkline.principal_switches USING btree (kind);

create table trunkline.publish_batches (
  writer bigint not null,
  batch_no bigint not null,
  slot smallint not null,
  event_ids bigint[] not null,
  rejected integer[] not null,
  constraint publish_batches_pk PRIMARY KEY (writer, batch_no, slot),
  constraint publish_batches_numbers_ck CHECK (((writer > 0) AND (batch_no >= 0)))
) partition by LIST (slot);

create table trunkline.rate_buckets (
  bucket_key bytea not null,
  tokens double precision not null,
  refilled_at timestamp with time zone not null,
  forget_at timestamp with time zone not null,
  constraint rate_buckets_pk PRIMARY KEY (bucket_key),
  constraint rate_buckets_key_ck CHECK ((octet_length(bucket_key) = 16)),
  constraint rate_buckets_times_ck CHECK ((isfinite(refilled_at) AND isfinite(forget_at))),
  constraint rate_buckets_tokens_ck CHECK (((tokens >= ('-20000000'::integer)::double precision) AND (tokens <= (20000000)::double precision)))
) with (autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0.05, fillfactor=50);
CREATE INDEX rate_buckets_forget_idx ON trunkline.rate_buckets USING btree (forget_at);

create table trunkline.rate_limits (
  scope text not null,
  principal text not null default ''::text,
  tool text not null default ''::text,
  amount integer,
  seconds integer,
  burst integer,
  set_at timestamp with time zone not null default clock_timestamp(),
  constraint rate_limits_pk PRIMARY KEY (scope, principal, tool),
  constraint rate_limits_rate_ck CHECK ((((amount IS NULL) = (seconds IS NULL)) AND ((amount IS NULL) = (burst IS NULL)) AND ((amount >= 0) AND (amount <= 1000000)) AND (seconds = ANY (ARRAY[1, 60, 3600, 86400])) AND ((burst >= 1) AND (burst <= 10000000)))),
  constraint rate_limits_scope_ck CHECK (((scope = ANY (ARRAY['principal'::text, 'tool'::text, 'principal_tool'::text])) AND ((principal = ''::text) = (scope = 'tool'::text)) AND ((tool = ''::text) = (scope = 'principal'::text)))),
  constraint rate_limits_texts_ck CHECK (((octet_length(principal) <= 1000) AND (octet_length(tool) <= 1000))),
  constraint rate_limits_time_ck CHECK (isfinite(set_at))
);

create table trunkline.seal_keys (
  key_id uuid not null default gen_random_uuid(),
  key bytea not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  usable_at timestamp with time zone not null,
  constraint seal_keys_pk PRIMARY KEY (key_id),
  constraint seal_keys_key_ck CHECK ((octet_length(key) = 32)),
  constraint seal_keys_times_ck CHECK ((isfinite(created_at) AND isfinite(usable_at)))
);

create table trunkline.session_tally (
  one boolean not null default true,
  living bigint not null default 0,
  counted_at timestamp with time zone not null default clock_timestamp(),
  constraint session_tally_pk PRIMARY KEY (one),
  constraint session_tally_numbers_ck CHECK ((living >= 0)),
  constraint session_tally_one_ck CHECK (one),
  constraint session_tally_times_ck CHECK (isfinite(counted_at))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200, fillfactor=50);

create table trunkline.session_values (
  session_key bigint not null,
  name text not null,
  value text not null,
  constraint session_values_pk PRIMARY KEY (session_key, name),
  constraint session_values_ck CHECK (((session_key > 0) AND ((length(name) >= 1) AND (length(name) <= 128)) AND (octet_length(value) <= 65536)))
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
  roots_version integer not null default 0,
  roots_asked integer,
  roots text,
  toolset text,
  constraint sessions_pk PRIMARY KEY (session_key),
  constraint sessions_end_reason_ck CHECK ((end_reason = ANY (ARRAY['client'::text, 'server'::text, 'unused'::text, 'idle'::text, 'lifetime over'::text, 'ended by SQL'::text]))),
  constraint sessions_id_ck CHECK ((session_id ~ '^[0-9a-f]{32}$'::text)),
  constraint sessions_id_uk UNIQUE (session_id),
  constraint sessions_log_level_ck CHECK ((log_level = ANY (ARRAY['debug'::text, 'info'::text, 'notice'::text, 'warning'::text, 'error'::text, 'critical'::text, 'alert'::text, 'emergency'::text]))),
  constraint sessions_numbers_ck CHECK (((session_key > 0) AND (announced_from >= 0) AND (roots_version >= 0) AND (roots_asked >= 0))),
  constraint sessions_texts_ck CHECK (((revision ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'::text) AND ((length(principal) >= 1) AND (length(principal) <= 4096)) AND (octet_length(capabilities) <= 268435456) AND ("left"(capabilities, 1) = '{'::text) AND (octet_length(client) <= 268435456) AND ("left"(client, 1) = '{'::text) AND (octet_length(roots) <= 268435456) AND ("left"(roots, 1) = '['::text))),
  constraint sessions_times_ck CHECK ((isfinite(created_at) AND isfinite(last_used_at) AND isfinite(ended_at))),
  constraint sessions_toolset_ck CHECK ((toolset ~ '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$'::text))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200, fillfactor=70);
CREATE INDEX sessions_ended_idx ON trunkline.sessions USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX sessions_living_idx ON trunkline.sessions USING btree (principal) WHERE (ended_at IS NULL);

create table trunkline.stream_moves (
  stream_id bigint not null,
  holder_epoch bigint not null,
  to_instance integer not null,
  wanted_at timestamp with time zone not null default clock_timestamp(),
  constraint stream_moves_pk PRIMARY KEY (stream_id),
  constraint stream_moves_ck CHECK (((stream_id > 0) AND (holder_epoch > 0) AND (to_instance > 0) AND isfinite(wanted_at)))
);

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
  position_epoch bigint not null default 0,
  handed_epoch integer,
  reader_instance integer,
  constraint streams_pk PRIMARY KEY (stream_id),
  constraint streams_close_reason_ck CHECK ((close_reason = ANY (ARRAY['ended'::text, 'taken over'::text, 'client left'::text, 'slow'::text, 'database away'::text, 'drained'::text, 'released'::text, 'abandoned'::text, 'fenced'::text, 'migrated'::text]))),
  constraint streams_numbers_ck CHECK (((stream_id > 0) AND (session_key > 0) AND (trimmed_through >= 0) AND (position_own >= 0) AND (position_announcement >= 0) AND (position_epoch >= 0) AND (holder_epoch >= 0) AND (holder_epoch < '9223372036854775807'::bigint) AND (writer_epoch >= 0) AND (writer_epoch < 2147483647))),
  constraint streams_reader_ck CHECK ((reader_instance > 0)),
  constraint streams_times_ck CHECK ((isfinite(created_at) AND isfinite(opened_at) AND isfinite(closed_at) AND isfinite(finished_at)))
) with (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200, fillfactor=80);
CREATE INDEX streams_finished_idx ON trunkline.streams USING btree (finished_at) WHERE ((finished_at IS NOT NULL) AND (NOT standalone));
CREATE INDEX streams_handed_idx ON trunkline.streams USING btree (stream_id) WHERE ((handed_epoch = writer_epoch) AND (finished_at IS NULL));
CREATE INDEX streams_session_idx ON trunkline.streams USING btree (session_key);
CREATE UNIQUE INDEX streams_standalone_idx ON trunkline.streams USING btree (session_key) WHERE standalone;
CREATE INDEX streams_writer_idx ON trunkline.streams USING btree (writer_instance, stream_id) WHERE ((finished_at IS NULL) AND (writer_instance IS NOT NULL));

create table trunkline.subscriptions (
  uri text not null,
  session_key bigint not null,
  constraint subscriptions_pk PRIMARY KEY (uri, session_key),
  constraint subscriptions_ck CHECK (((session_key > 0) AND ((length(uri) >= 1) AND (length(uri) <= 2048))))
);
CREATE INDEX subscriptions_session_idx ON trunkline.subscriptions USING btree (session_key);

create table trunkline.task_inputs (
  task_key bigint not null,
  ordinal integer not null,
  input_id bigint not null default nextval('task_input_seq'::regclass),
  run integer not null,
  method text not null,
  params bytea not null,
  digest bytea not null,
  deadline timestamp with time zone not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  outcome text,
  answer bytea,
  settled_at timestamp with time zone,
  name text,
  constraint task_inputs_pk PRIMARY KEY (task_key, ordinal),
  constraint task_inputs_answer_ck CHECK (((octet_length(answer) <= 268435456) AND ((outcome = 'answered'::text) = (answer IS NOT NULL)))),
  constraint task_inputs_id_uk UNIQUE (input_id),
  constraint task_inputs_name_ck CHECK (((length(name) >= 1) AND (length(name) <= 1024))),
  constraint task_inputs_numbers_ck CHECK (((task_key > 0) AND (ordinal > 0) AND (input_id > 0) AND (run >= 0))),
  constraint task_inputs_outcome_ck CHECK ((outcome = ANY (ARRAY['answered'::text, 'expired'::text]))),
  constraint task_inputs_texts_ck CHECK ((((length(method) >= 1) AND (length(method) <= 255)) AND (octet_length(params) <= 268435456))),
  constraint task_inputs_times_ck CHECK ((isfinite(deadline) AND isfinite(created_at) AND isfinite(settled_at)))
) with (fillfactor=70);

create table trunkline.tasks (
  task_key bigint not null generated always as identity,
  task_id text not null,
  principal text not null,
  session_id text,
  stream_id bigint not null,
  tool text not null,
  request bytea not null,
  rerunnable boolean not null,
  executor integer not null,
  run integer not null default 1,
  status text not null default 'working'::text,
  status_message text,
  outcome bytea,
  changes integer not null default 1,
  ttl_millis bigint not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  updated_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  begun integer not null default 1,
  handed_run integer,
  step_names text[],
  step_outcomes text[],
  revision text,
  capabilities bytea,
  recollection bytea,
  alone_run integer,
  constraint tasks_pk PRIMARY KEY (task_key),
  constraint tasks_alone_ck CHECK ((((length(revision) >= 1) AND (length(revision) <= 255)) AND (substr(capabilities, 1, 1) = '\x7b'::bytea) AND (octet_length(capabilities) <= 268435456) AND (substr(recollection, 1, 1) = '\x7b'::bytea) AND (octet_length(recollection) <= 268435456) AND (alone_run > 0))),
  constraint tasks_begun_ck CHECK ((begun >= 0)),
  constraint tasks_id_ck CHECK ((task_id ~ '^[0-9a-f]{32}$'::text)),
  constraint tasks_id_uk UNIQUE (task_id),
  constraint tasks_numbers_ck CHECK (((task_key > 0) AND (stream_id > 0) AND (executor > 0) AND (run >= 0) AND (run < 2147483647) AND (begun < 2147483647) AND (changes >= 0) AND (changes < 2147483647) AND ((ttl_millis >= 1) AND (ttl_millis <= '31622400000'::bigint)))),
  constraint tasks_origin_ck CHECK ((((session_id IS NULL) = (revision IS NOT NULL)) AND ((session_id IS NULL) = (capabilities IS NOT NULL)) AND ((session_id IS NULL) = (alone_run IS NOT NULL)) AND ((session_id IS NULL) = (stream_id = '9223372036854775807'::bigint)))),
  constraint tasks_outcome_ck CHECK (((octet_length(outcome) >= 1) AND (octet_length(outcome) <= 268435456))),
  constraint tasks_request_ck CHECK (((octet_length(request) <= 268435456) AND (substr(request, 1, 1) = '\x7b'::bytea))),
  constraint tasks_session_id_ck CHECK ((session_id ~ '^[0-9a-f]{32}$'::text)),
  constraint tasks_status_ck CHECK ((status = ANY (ARRAY['working'::text, 'input_required'::text, 'completed'::text, 'failed'::text, 'cancelled'::text]))),
  constraint tasks_steps_ck CHECK (((COALESCE(cardinality(step_names), 0) = COALESCE(cardinality(step_outcomes), 0)) AND (COALESCE(cardinality(step_names), 0) <= 64))),
  constraint tasks_texts_ck CHECK ((((length(principal) >= 1) AND (length(principal) <= 4096)) AND ((length(tool) >= 1) AND (length(tool) <= 2048)) AND (octet_length(status_message) <= 1048576))),
  constraint tasks_times_ck CHECK ((isfinite(created_at) AND isfinite(updated_at) AND isfinite(expires_at)))
) with (fillfactor=70);
CREATE INDEX tasks_alone_idx ON trunkline.tasks USING btree (principal) WHERE ((session_id IS NULL) AND (status = ANY (ARRAY['working'::text, 'input_required'::text])));
CREATE INDEX tasks_executor_idx ON trunkline.tasks USING btree (executor) WHERE (status = ANY (ARRAY['working'::text, 'input_required'::text]));
CREATE INDEX tasks_expiry_idx ON trunkline.tasks USING btree (expires_at);
CREATE INDEX tasks_handed_idx ON trunkline.tasks USING btree (task_key) WHERE ((handed_run = run) AND (status = ANY (ARRAY['working'::text, 'input_required'::text])));
CREATE INDEX tasks_principal_idx ON trunkline.tasks USING btree (principal, task_key);
CREATE INDEX tasks_session_idx ON trunkline.tasks USING btree (session_id) WHERE (status = ANY (ARRAY['working'::text, 'input_required'::text]));

create table trunkline.url_elicitations (
  elicitation_id text not null,
  session_key bigint,
  principal text not null,
  created_at timestamp with time zone not null default clock_timestamp(),
  expires_at timestamp with time zone not null,
  completed_at timestamp with time zone,
  constraint url_elicitations_pk PRIMARY KEY (elicitation_id),
  constraint url_elicitations_id_ck CHECK ((elicitation_id ~ '^[0-9a-f]{32}$'::text)),
  constraint url_elicitations_principal_ck CHECK (((session_key > 0) AND ((length(principal) >= 1) AND (length(principal) <= 4096)))),
  constraint url_elicitations_times_ck CHECK ((isfinite(created_at) AND isfinite(expires_at) AND isfinite(completed_at)))
) with (fillfactor=70);
CREATE INDEX url_elicitations_expiry_idx ON trunkline.url_elicitations USING btree (expires_at);
create table trunkline.audit_records_0 partition of audit_records FOR VALUES IN (0);
create table trunkline.audit_records_1 partition of audit_records FOR VALUES IN (1);
create table trunkline.audit_records_2 partition of audit_records FOR VALUES IN (2);
create table trunkline.audit_records_3 partition of audit_records FOR VALUES IN (3);
create table trunkline.audit_records_4 partition of audit_records FOR VALUES IN (4);
create table trunkline.audit_records_5 partition of audit_records FOR VALUES IN (5);
create table trunkline.audit_records_6 partition of audit_records FOR VALUES IN (6);
create table trunkline.audit_records_7 partition of audit_records FOR VALUES IN (7);
create table trunkline.outbound_messages_0 partition of outbound_messages FOR VALUES IN ('0') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_1 partition of outbound_messages FOR VALUES IN ('1') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_2 partition of outbound_messages FOR VALUES IN ('2') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_3 partition of outbound_messages FOR VALUES IN ('3') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_4 partition of outbound_messages FOR VALUES IN ('4') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_5 partition of outbound_messages FOR VALUES IN ('5') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_6 partition of outbound_messages FOR VALUES IN ('6') with (autovacuum_enabled=off);
create table trunkline.outbound_messages_7 partition of outbound_messages FOR VALUES IN ('7') with (autovacuum_enabled=off);
create table trunkline.publish_batches_0 partition of publish_batches FOR VALUES IN ('0') with (autovacuum_enabled=off);
create table trunkline.publish_batches_1 partition of publish_batches FOR VALUES IN ('1') with (autovacuum_enabled=off);
create table trunkline.publish_batches_2 partition of publish_batches FOR VALUES IN ('2') with (autovacuum_enabled=off);
create table trunkline.publish_batches_3 partition of publish_batches FOR VALUES IN ('3') with (autovacuum_enabled=off);
create table trunkline.publish_batches_4 partition of publish_batches FOR VALUES IN ('4') with (autovacuum_enabled=off);
create table trunkline.publish_batches_5 partition of publish_batches FOR VALUES IN ('5') with (autovacuum_enabled=off);
create table trunkline.publish_batches_6 partition of publish_batches FOR VALUES IN ('6') with (autovacuum_enabled=off);
create table trunkline.publish_batches_7 partition of publish_batches FOR VALUES IN ('7') with (autovacuum_enabled=off);

create view trunkline.announcement_directory as
 SELECT id,
    kind,
    about,
    octet_length(payload) AS bytes,
    created_at
   FROM announcements a;

create view trunkline.audit as
 SELECT r.begun_at AS at,
    'client'::text AS by,
    r.principal,
    r.credential,
    r.client,
    r.peer,
    r.method,
    r.name,
    encode(r.arguments, 'hex'::text) AS arguments,
    r.outcome,
    r.code,
    r.micros::numeric / 1000.0 AS millis,
    r.run,
    r.times,
    r.instance_id,
    r.session_key,
    r.task_key,
        CASE
            WHEN r.revision >= '2026-07-28'::text THEN 'stateless'::text
            WHEN r.revision <> ''::text THEN 'stateful'::text
            ELSE NULL::text
        END AS era,
    r.revision,
    r.trace
   FROM audit_records r
UNION ALL
 SELECT a.acted_at AS at,
    'operator'::text AS by,
    a.by_user AS principal,
    ''::text AS credential,
    a.application_name AS client,
    host(a.client_addr) AS peer,
    a.action AS method,
    a.about AS name,
    NULL::text AS arguments,
    'ok'::text AS outcome,
    NULL::integer AS code,
    NULL::numeric AS millis,
    1 AS run,
    1 AS times,
    NULL::integer AS instance_id,
    NULL::bigint AS session_key,
    NULL::bigint AS task_key,
    NULL::text AS era,
    ''::text AS revision,
    NULL::text AS trace
   FROM operator_actions a;

create view trunkline.audit_slot_directory as
 SELECT slot,
    opened_at,
    closed_at,
    kept_for,
    opened_at IS NOT NULL AND closed_at IS NULL AS written,
    pg_total_relation_size(format('trunkline.audit_records_%s'::text, slot)::regclass) AS bytes,
    ( SELECT COALESCE(sum(w.lost), 0::numeric)::bigint AS "coalesce"
           FROM audit_writers w
          WHERE w.written_at > (clock_timestamp() - '1 day'::interval)) AS lost_lately
   FROM audit_slots s;

create view trunkline.call_directory as
 SELECT c.call_id,
    c.session_key,
    s.session_id,
    c.stream_id,
    c.request_id,
    c.method,
    c.principal,
    t.writer_instance AS instance_id,
    c.rerunnable,
    c.runs,
    c.created_at,
    c.cancelled_at,
    c.finished_at
   FROM calls c
     JOIN sessions s USING (session_key)
     LEFT JOIN streams t USING (stream_id);

create view trunkline.client_directory as
 SELECT name,
    version,
    revision,
    sum(sessions)::bigint AS sessions,
    min(oldest_at) AS oldest_at,
    max(last_used_at) AS last_used_at
   FROM ( SELECT COALESCE("left"("substring"("left"(g.client, 4096), '"name"\s*:\s*"((?:[^"\\]|\\.)*)"'::text), 200), ''::text) AS name,
            COALESCE("left"("substring"("left"(g.client, 4096), '"version"\s*:\s*"((?:[^"\\]|\\.)*)"'::text), 200), ''::text) AS version,
            g.revision,
            g.sessions,
            g.oldest_at,
            g.last_used_at
           FROM ( SELECT s.client,
                    s.revision,
                    count(*) AS sessions,
                    min(s.created_at) AS oldest_at,
                    max(s.last_used_at) AS last_used_at
                   FROM sessions s
                  WHERE s.ended_at IS NULL
                  GROUP BY s.client, s.revision) g) c
  GROUP BY name, version, revision;

create view trunkline.instance_directory as
 SELECT instance_id,
    url,
    version,
        CASE
            WHEN left_at IS NOT NULL THEN 'left'::text
            WHEN dead_at IS NOT NULL THEN 'dead'::text
            WHEN lease_until < clock_timestamp() THEN 'silent'::text
            WHEN draining_at IS NOT NULL THEN 'draining'::text
            ELSE 'ready'::text
        END AS state,
        CASE
            WHEN left_at IS NULL AND dead_at IS NULL THEN COALESCE(streams_held::bigint, ( SELECT count(*) AS count
               FROM streams s
              WHERE s.holder_instance = i.instance_id))
            ELSE 0::bigint
        END AS streams_held,
    beat_at,
    wake_mode,
    started_at,
    drain_wanted_at,
    drained_at,
    ( SELECT count(*) AS count
           FROM streams s
          WHERE s.writer_instance = i.instance_id AND s.finished_at IS NULL AND NOT s.standalone) AS calls_written
   FROM instances i;

create view trunkline.issuing as
 SELECT
        CASE
            WHEN c.current_slot >= 0 AND c.current_slot <= 7 THEN c.current_slot
            ELSE current_slot()
        END AS current_slot,
        CASE
            WHEN c.id_base >= 0 AND c.server_started = pg_postmaster_start_time() AND c.database_id::oid = (( SELECT d.oid
               FROM pg_database d
              WHERE d.datname = current_database())) THEN (c.id_base + COALESCE(c.timeline, (('x'::text || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8)))::bit(32)::integer)::bigint) << 47
            ELSE id_prefix()
        END AS prefix
   FROM ( SELECT) one
     LEFT JOIN control c ON true;

create view trunkline.key_directory as
 SELECT key_id,
    principal,
    scopes,
    created_at,
    expires_at,
    revoked_at,
    last_used_at,
        CASE
            WHEN revoked_at IS NOT NULL THEN 'revoked'::text
            WHEN expires_at <= clock_timestamp() THEN 'expired'::text
            ELSE 'living'::text
        END AS state
   FROM api_keys k;

create view trunkline.message_directory as
 SELECT t.session_key,
    m.stream_id,
    m.event_id,
    m.created_at,
    octet_length(m.payload) AS bytes,
    m.event_id <= t.position_own AS delivered
   FROM streams t
     JOIN outbound_messages m ON m.stream_id = t.stream_id AND m.event_id > t.trimmed_through;

create view trunkline.message_payloads as
 SELECT stream_id,
    event_id,
    payload
   FROM outbound_messages m;

create view trunkline.minute_directory as
 SELECT minute,
    instance_id,
    requests,
    failed,
    micros / NULLIF(requests, 0) AS mean_micros,
    published,
    delivered,
    took
   FROM instance_minutes m;

create view trunkline.question_directory as
 SELECT p.pending_id,
    p.session_key,
    s.session_id,
    p.stream_id,
    p.task_input,
    p.method,
    p.asker AS instance_id,
    p.created_at,
    p.deadline,
    p.outcome,
    p.settled_at,
    p.progress,
    p.progress_total,
    p.answered_by
   FROM pending_requests p
     JOIN sessions s USING (session_key);

create view trunkline.rates as
 SELECT scope,
    NULLIF(principal, ''::text) AS principal,
    NULLIF(tool, ''::text) AS tool,
    COALESCE((amount || '/'::text) ||
        CASE seconds
            WHEN 1 THEN 's'::text
            WHEN 60 THEN 'm'::text
            WHEN 3600 THEN 'h'::text
            ELSE 'd'::text
        END, 'unlimited'::text) AS rate,
    burst,
    set_at
   FROM rate_limits l;

create view trunkline.session_count as
 SELECT living,
    counted_at
   FROM session_tally t;

create view trunkline.session_directory as
 SELECT session_id,
    revision,
    principal,
    client,
    log_level,
    created_at,
    last_used_at,
    ended_at,
    end_reason,
    ( SELECT count(*) AS count
           FROM streams t
          WHERE t.session_key = s.session_key AND t.holder_instance IS NOT NULL) AS open_streams,
    ( SELECT count(*) AS count
           FROM calls c
          WHERE c.session_key = s.session_key AND c.finished_at IS NULL) AS running_calls,
    ( SELECT count(*) AS count
           FROM pending_requests p
          WHERE p.session_key = s.session_key AND p.outcome IS NULL) AS pending_requests,
    ( SELECT count(*) AS count
           FROM subscriptions u
          WHERE u.session_key = s.session_key) AS subscriptions,
    session_key
   FROM sessions s;

create view trunkline.slot_directory as
 SELECT n.slot,
    n.slot = c.current_slot AS written,
        CASE
            WHEN n.slot = c.current_slot THEN c.slot_opened_at
            ELSE NULL::timestamp with time zone
        END AS written_since,
    pg_stat_get_live_tuples(m.oid) AS messages,
    pg_total_relation_size(m.oid::regclass) AS message_bytes,
    pg_total_relation_size(b.oid::regclass) AS batch_bytes,
    ( SELECT min(o.created_at) AS min
           FROM outbound_messages o
          WHERE o.slot = n.slot AND o.ctid < '(4,0)'::tid) AS oldest_at
   FROM ( SELECT generate_series(0, 7)::smallint AS slot) n
     JOIN pg_class m ON m.relnamespace = 'trunkline'::regnamespace::oid AND m.relname = ('outbound_messages_'::text || n.slot)
     JOIN pg_class b ON b.relnamespace = 'trunkline'::regnamespace::oid AND b.relname = ('publish_batches_'::text || n.slot)
     LEFT JOIN control c ON true;

create view trunkline.stream_directory as
 SELECT s.session_id,
    t.stream_id,
    t.standalone,
    t.holder_instance AS instance_id,
    t.holder_epoch AS epoch,
    t.opened_at,
    t.closed_at,
    t.close_reason,
    t.finished_at,
    t.session_key,
    t.reader_instance
   FROM streams t
     LEFT JOIN sessions s USING (session_key);

create view trunkline.switch_directory as
 SELECT s.kind,
    s.name,
    NULL::text AS principal,
    s.enabled
   FROM catalog_switches s
UNION ALL
 SELECT p.kind,
    p.name,
    p.principal,
    p.enabled
   FROM principal_switches p;

create view trunkline.task_directory as
 SELECT task_id,
    principal,
    session_id,
    tool,
    status,
    executor AS instance_id,
    run,
    created_at,
    updated_at,
    expires_at,
    ( SELECT count(*) AS count
           FROM task_inputs i
          WHERE i.task_key = t.task_key AND i.outcome IS NULL) AS open_inputs,
    task_key,
    ( SELECT s.session_key
           FROM sessions s
          WHERE s.session_id = t.session_id) AS session_key
   FROM tasks t;

CREATE OR REPLACE FUNCTION trunkline.adopt_database(p_restored boolean, p_restores integer, OUT base integer, OUT raised boolean, OUT restored boolean, OUT restores integer)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known              trunkline.control;
  here               record;
  events_used        bigint;
  announcements_used bigint;
  next_event         bigint;
  next_announcement  bigint;
  prefix             bigint;
  never_reached      bigint := 50000 * extract(epoch from clock_timestamp() - timestamptz '2026-01-01 00:00:00+00')::bigint;
  drawn              record;
  gap                bigint;
begin
  -- The lock lets two instances that start together do it once. Publishing reads the row and does not wait.
  select * into known from trunkline.control for no key update;
  if not found then
    raise exception 'trunkline.control has no row; select trunkline.mend_control()';
  end if;
  restored := not trunkline.is_home() or (p_restored and (p_restores < 0 or known.restores <= p_restores));
  restores := known.restores;
  here := trunkline.place();
  update trunkline.control c
     set system_id = coalesce(here.system_id, c.system_id), database_id = here.database_id,
         server_started = pg_postmaster_start_time()
   where (coalesce(here.system_id, c.system_id), here.database_id, pg_postmaster_start_time())
         is distinct from (c.system_id, c.database_id, c.server_started);

  events_used := known.id_high;
  -- Rows that nobody can have written do not count: they would use up all bases there are.
  select coalesce(max(id), 0) into announcements_used from trunkline.announcements where id >> 47 < 32768;
  prefix := (known.id_base + trunkline.timeline()) << 47;
  select prefix | (last_value + is_called::int) into next_event from trunkline.event_seq;
  select prefix | (last_value + is_called::int) into next_announcement from trunkline.announcement_seq;
  raised := restored or next_event <= events_used or next_announcement <= announcements_used;
  base := known.id_base;
  if not raised then
    return;
  end if;
  base := (greatest(events_used, announcements_used, prefix) >> 47) - trunkline.timeline()
          + case when restored then 16 else 1 end;
  if base + trunkline.timeline() > 32767 then
    raise exception 'event ids are used up: base % and timeline % exceed 32767', base, trunkline.timeline();
  end if;
  update trunkline.control set id_base = base;
  if not restored then
    return;
  end if;

  restores := greatest(known.restores, p_restores) + 1;
  update trunkline.control c
     set restores = adopt_database.restores, restored_at = clock_timestamp(), epoch_floor = greatest(c.epoch_floor, never_reached);
  for drawn in
    select s.seqrelid::regclass as name, coalesce(pg_sequence_last_value(s.seqrelid), 0) as last, s.seqtypid = 'bigint'::regtype as is_big
      from pg_sequence s join pg_class c on c.oid = s.seqrelid
     where c.relnamespace = 'trunkline'::regnamespace
  loop
    -- The numbers of instances are few, and stand above bit 32 of ids that JavaScript keeps exact up to bit 53.
    perform setval(drawn.name, case when drawn.is_big then greatest(drawn.last, never_reached)
                                    else drawn.last + 500 + (random() * 500)::int end);
  end loop;
  update trunkline.instances set dead_at = clock_timestamp() where dead_at is null and left_at is null;
  perform from trunkline.announcement_lock for no key update;
  insert into trunkline.announcements (id, kind)
  values (trunkline.id_prefix() | nextval('trunkline.announcement_seq'), 'database_restored')
  returning id into gap;
  update trunkline.control set announcement_floor = gap;
  perform trunkline.ring('trunkline_all', 'n1 i0');
  if p_restores < 0 then  -- no instance says so
    perform trunkline.note_action('adopt_database', 'restore ' || restores);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.advance_slot(p_open_for interval, OUT outcome text, OUT slot integer)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_opened timestamptz;
  v_full   boolean;
  v_sixth  interval := (select max(history_age_max) / 6 from trunkline.instances where dead_at is null and left_at is null);
begin
  select (c.current_slot + 1) % 8, c.slot_opened_at into slot, v_opened from trunkline.control c;
  if v_opened + greatest(p_open_for, v_sixth) > clock_timestamp() then
    outcome := 'young';
    return;
  end if;
  execute format('select exists (select from trunkline.outbound_messages_%1$s) or exists (select from trunkline.publish_batches_%1$s)',
                 slot) into v_full;
  if v_full then
    outcome := 'full';
    return;
  end if;
  update trunkline.control c set current_slot = advance_slot.slot, slot_opened_at = clock_timestamp()
   where c.slot_opened_at = v_opened;  -- another instance may have been faster
  outcome := case when found then 'moved' else 'young' end;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.announce_now(p_kind text, p_about text, p_payload bytea)
 RETURNS wake
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  -- the lock comes before the id, so whoever sees an announcement sees every earlier one
  v_high bigint := trunkline.lock_announcements();
begin
  insert into trunkline.announcements (id, kind, about, payload)
  values (v_high | nextval('trunkline.announcement_seq'), p_kind, p_about, p_payload);
  return row(null, 'n', 1)::trunkline.wake;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.announcement_high()
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return trunkline.id_prefix() | (select s.last_value from trunkline.announcement_seq s);
end $function$;

CREATE OR REPLACE FUNCTION trunkline.answer_task_inputs(p_task bigint, p_names text[], p_answers bytea[])
 RETURNS SETOF tasks
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_run   int;
  v_waits boolean;
begin
  select run into v_run from trunkline.tasks
   where task_key = p_task and status in ('working', 'input_required') and expires_at > clock_timestamp()
     for no key update;
  if not found then
    return;
  end if;
  update trunkline.task_inputs i
     set outcome = 'answered', answer = a.answer, settled_at = clock_timestamp()
    from unnest(p_names, p_answers) a(name, answer)
   where i.task_key = p_task and coalesce(i.name, 'question-' || i.ordinal) = a.name
     and i.outcome is distinct from 'answered' and i.deadline > clock_timestamp();
  if not found then
    return;
  end if;
  v_waits := exists (select from trunkline.task_inputs where task_key = p_task and run = v_run and outcome is null);
  return query
    update trunkline.tasks t
       set status = case when v_waits then t.status else 'working' end,
           status_message = case when v_waits then t.status_message end,
           updated_at = clock_timestamp(), changes = t.changes + 1
     where t.task_key = p_task
    returning t.*;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.audit_digest(arguments text)
 RETURNS bytea
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION trunkline.broadcast(payload text)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  insert into trunkline.outbox (kind, payload) values ('broadcast', trunkline.notification_line(payload))
$function$;

CREATE OR REPLACE FUNCTION trunkline.broken_checks(OUT table_name text, OUT check_name text, OUT broken bigint, OUT first_row text)
 RETURNS SETOF record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  c record;
begin
  for c in select conrelid, conname, pg_get_constraintdef(oid) as definition from pg_constraint
            where connamespace = 'trunkline'::regnamespace and contype = 'c' and not convalidated and conparentid = 0
            order by conname loop
    table_name := c.conrelid::regclass;
    check_name := c.conname;
    execute format('select count(*), min(r.ctid)::text from %s r where (%s) is false', c.conrelid::regclass,
                   regexp_replace(c.definition, '^CHECK (.*?)( NOT VALID)?$', '\1'))
      into broken, first_row;
    return next;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.cancel_call(session_id text, request_id json)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_text    text;
  v_request text;
  v_key     bigint;
begin
  if request_id is null or json_typeof(request_id) not in ('string', 'number') then
    raise exception 'a request id is a JSON string or a number without a fraction' using errcode = 'invalid_parameter_value';
  end if;
  begin
    v_text := request_id #>> '{}';
  exception when untranslatable_character then
    v_text := null;  -- a NUL, which no text of ours can hold: only as it is spelled
  end;
  if length(coalesce(v_text, request_id::text)) > 255 then
    raise exception 'a request id has at most 255 characters' using errcode = 'invalid_parameter_value';
  end if;
  if json_typeof(request_id) = 'number' then
    if v_text !~ '^-?[0-9]+([eE][+]?[0-9]+)?$' then
      raise exception 'a request id is a JSON string or a number without a fraction' using errcode = 'invalid_parameter_value';
    end if;
    v_request := v_text;
  elsif v_text is null then
    v_request := btrim(request_id::text, e' \t\r\n');
  else
    -- as instances spell it: to_json writes the digits of \u001F in lower case
    select '"' || coalesce(string_agg(
             case when ascii(c) between 1 and 31 and ascii(c) not in (8, 9, 10, 12, 13) then '\u00' || upper(lpad(to_hex(ascii(c)), 2, '0'))
                  else substr(to_json(c)::text, 2, length(to_json(c)::text) - 2) end, '' order by n), '') || '"'
      into v_request from regexp_split_to_table(v_text, '') with ordinality as t(c, n);
  end if;
  select s.session_key into v_key from trunkline.sessions s where s.session_id = cancel_call.session_id and s.ended_at is null;
  if found then
    insert into trunkline.outbox (kind, about, payload) values ('cancel_call', cancel_call.session_id, v_request);
    perform trunkline.note_action('cancel_call', 'session ' || v_key);
    return true;
  end if;
  return false;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.cancel_call_anywhere(p_session bigint, p_request text, p_reason text, OUT wakes wake[], OUT outcome text)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_about  text := p_session || ' ' || p_request;
  v_reason text := left(translate(coalesce(p_reason, ''), e'\r\n', '  '), 500);
begin
  wakes := '{}';
  if v_about is null or octet_length(v_about) > 1600 then
    outcome := 'refused';  -- longer than any id of ours, and than an index can hold
    return;
  end if;
  with mine as materialized (
         select call_id from trunkline.calls
          where session_key = p_session and request_id = p_request and finished_at is null and cancelled_at is null
          order by call_id for no key update),
       cancelled as (
         update trunkline.calls c set cancelled_at = clock_timestamp(), cancel_reason = v_reason
           from mine m where c.call_id = m.call_id
         returning c.call_id, c.stream_id)
  select coalesce(array_agg(row(s.writer_instance, 'c', c.call_id)::trunkline.wake)
                    filter (where s.writer_instance is not null), '{}')
    into wakes from cancelled c join trunkline.streams s using (stream_id);
  if wakes <> '{}' then
    outcome := 'cancelled';
    return;
  end if;
  -- finished ones do not count: their id may come again, in a call that has no row yet
  if exists (select from trunkline.calls where session_key = p_session and request_id = p_request and finished_at is null) then
    outcome := 'known';
    return;
  end if;

  for pass in 1..2 loop  -- without the lock, which most of a flood never takes; then under it
    outcome := case
      when exists (select from trunkline.announcements a
                    where a.kind = 'call_cancelled' and a.about = v_about
                      and a.created_at > clock_timestamp() - interval '5 seconds') then 'known'
      when (select count(*) from (select from trunkline.announcements a
                                   where a.kind = 'call_cancelled' and split_part(a.about, ' ', 1) = p_session::text
                                     and a.created_at > clock_timestamp() - interval '10 seconds' limit 20) l) = 20 then 'limited'
      else 'announced' end;
    exit when outcome <> 'announced';
    if pass = 1 then
      perform trunkline.lock_announcements();
    end if;
  end loop;
  if outcome = 'announced' then
    delete from trunkline.announcements a where a.kind = 'call_cancelled' and a.about = v_about;
    wakes := array[trunkline.announce_now('call_cancelled', v_about, convert_to(v_reason, 'UTF8'))];
  end if;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.cancel_call_now(p_session bigint, p_request text, p_reason text, OUT wakes wake[])
 RETURNS wake[]
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select c.wakes from trunkline.cancel_call_anywhere(p_session, p_request, p_reason) c
$function$;

CREATE OR REPLACE FUNCTION trunkline.cancel_task(task_id text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_key bigint;
begin
  update trunkline.tasks t
     set status = 'cancelled', status_message = 'cancelled by SQL', updated_at = clock_timestamp(), changes = t.changes + 1
   where t.task_id = cancel_task.task_id and t.status in ('working', 'input_required')
  returning t.task_key into v_key;
  if found then
    perform trunkline.note_action('cancel_task', 'task ' || v_key);
    return true;
  end if;
  return false;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.clear_rate(scope text, name text, tool text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_names record;
begin
  v_names := trunkline.rate_names(scope, name, tool);
  delete from trunkline.rate_limits l
   where l.scope = clear_rate.scope and l.principal = v_names.principal and l.tool = v_names.tool;
  if not found then
    return false;
  end if;
  insert into trunkline.outbox (kind, payload) values ('rates_changed', '{}');
  perform trunkline.note_action('clear_rate', concat_ws(' ', scope, case when scope <> 'tool' then trunkline.rate_noted(v_names.principal) end,
                                                        nullif(v_names.tool, '')));
  return true;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.complete_elicitation(elicitation_id text, principal text)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_session text;
begin
  update trunkline.url_elicitations e set completed_at = clock_timestamp()
   where e.elicitation_id = complete_elicitation.elicitation_id and e.principal = complete_elicitation.principal
     and e.completed_at is null and e.expires_at > clock_timestamp()
     and (e.session_key is null
          or exists (select from trunkline.sessions s where s.session_key = e.session_key and s.ended_at is null))
  returning (select s.session_id from trunkline.sessions s where s.session_key = e.session_key) into v_session;
  if not found then
    return false;
  end if;
  insert into trunkline.outbox (kind, about, payload)
  values ('elicitation_completed', coalesce(v_session, ''),
          '{"jsonrpc":"2.0","method":"notifications/elicitation/complete",'
          '"params":{"elicitationId":"' || elicitation_id || '"}}');
  return true;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.control_faults()
 RETURNS TABLE(fault text, stops boolean)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_control trunkline.control;
  v_newest  bigint;
  v_remedy  text := '; select trunkline.mend_control()';
begin
  if not exists (select from trunkline.announcement_lock) then
    return query select 'trunkline.announcement_lock has no row, so nothing can be announced' || v_remedy, true;
  end if;
  select * into v_control from trunkline.control;
  if not found then
    return query select 'trunkline.control has no row, so no id is issued' || v_remedy, true;
    return;
  end if;
  if v_control.id_base < 0 then
    return query select format('trunkline.control says id_base %s, so no id is issued', v_control.id_base) || v_remedy, true;
  end if;
  if v_control.current_slot not between 0 and 7 then
    return query select format('trunkline.control says current_slot %s, and the slots are 0 to 7', v_control.current_slot)
                        || v_remedy, true;
  end if;
  select coalesce(max(a.id), 0) into v_newest from trunkline.announcements a where a.id >> 47 < 32768;
  if v_control.announcement_floor not between 0 and v_newest then
    return query select format('trunkline.control says announcement_floor %s, and the last announcement is %s: who missed some is not told',
                               v_control.announcement_floor, v_newest) || v_remedy, false;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.current_slot()
 RETURNS smallint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_slot smallint;
begin
  select c.current_slot into v_slot from trunkline.control c;
  if v_slot is null or v_slot not between 0 and 7 then
    raise exception 'trunkline.control %; select trunkline.mend_control()',
      coalesce('says current_slot ' || v_slot, 'has no row') using errcode = 'cannot_connect_now';
  end if;
  return v_slot;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.declare_dead(instance integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update trunkline.instances
     set dead_at = clock_timestamp()
   where instance_id = instance and dead_at is null and left_at is null;
  if not found then
    return false;
  end if;
  perform trunkline.ring('trunkline_all', 'i' || instance);  -- a hint: everybody looks within a poll interval anyway
  perform trunkline.note_action('declare_dead', 'instance ' || instance);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.drain(instance integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  i trunkline.instances;
begin
  if instance is null then
    raise exception 'an instance is named by its number, not by null' using errcode = 'null_value_not_allowed';
  end if;
  select * into i from trunkline.instances n where n.instance_id = instance for no key update;
  case
    when not found then return 'unknown instance';
    when i.left_at is not null then return 'left';
    when i.dead_at is not null then return 'dead';
    when not i.steerable then return 'older release';
    when i.drain_wanted_at is not null or i.leaving_at is not null then return 'drains already';
    else null;
  end case;
  update trunkline.instances n set drain_wanted_at = clock_timestamp() where n.instance_id = instance;
  perform trunkline.ring('trunkline_' || instance, 'i' || instance);
  perform trunkline.note_action('drain', 'instance ' || instance);
  return 'drains';
end $function$;

CREATE OR REPLACE FUNCTION trunkline.empty_outbox(p_rows_max integer, OUT moved integer, OUT dropped integer, OUT refused text[], OUT wakes wake[])
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_class    text;
  v_rows     bigint[];
  v_about    text;
  v_payload  text;
  v_session  bigint;
  v_streams  bigint[];
  v_locked   bigint[];
  v_high     bigint;
  v_rows_max int     := p_rows_max;  -- of a run: halved while the database refuses one of its rows
  v_busy     text[]  := '{}';        -- sessions whose stream is locked: all that is about them waits
  v_patient  boolean := false;
begin
  moved := 0;
  dropped := 0;
  refused := '{}';
  wakes := '{}';
  if not exists (select from trunkline.outbox) or not pg_try_advisory_xact_lock(hashtextextended('trunkline.outbox', 0)) then
    return;
  end if;

  -- rows that were put there by hand and that nobody can send must not hold up, or hurt, the others
  with judged as (
         select o.outbox_id,
                case when o.kind not in ('rates_changed', 'send', 'elicitation_completed', 'broadcast', 'resource_updated', 'tools_changed',
                                         'resources_changed', 'prompts_changed', 'end_session', 'cancel_call') then 'unknown kind'
                     when length(o.about) > 2048 then 'about has ' || length(o.about) || ' characters'
                     when o.kind = 'end_session' then null
                     when coalesce(o.payload, '') = '' then 'no payload'
                     when octet_length(o.payload) > 262144 then 'payload has ' || octet_length(o.payload) || ' bytes'
                     when o.payload <> translate(o.payload, e'\r\n', '') then 'payload has a line break'
                end as fault
           from (select * from trunkline.outbox order by outbox_id limit p_rows_max) o),
       taken as (
         delete from trunkline.outbox o using judged j where o.outbox_id = j.outbox_id and j.fault is not null
         returning o.outbox_id, o.kind, j.fault)
  select coalesce(array_agg(format('row %s (%s): %s', outbox_id, left(kind, 40), fault) order by outbox_id), '{}')
    into refused from taken;
  if refused <> '{}' then
    moved := cardinality(refused);
    dropped := moved;
    return;
  end if;

  loop
    -- the longest run of one class from the front; an end or a cancel goes alone, because it locks what the next would lock first
    with front as (
           select outbox_id, about, payload, class, sum(coalesce(octet_length(payload), 0)) over (order by outbox_id) as bytes
             from (select o.*, c.class
                     from trunkline.outbox o
                    cross join lateral (select case when o.kind in ('send', 'elicitation_completed') then 'send'
                                                    when o.kind in ('end_session', 'cancel_call') then o.kind
                                                    else 'announce' end as class) c
                    where c.class = 'announce' or o.about <> all (v_busy)
                    order by o.outbox_id limit v_rows_max) o),
         first as (
           select class, outbox_id, about, payload from front order by outbox_id limit 1),
         run as (
           select f.outbox_id, first.class, bool_and(f.class = first.class) over (order by f.outbox_id) as same, f.bytes
             from front f cross join first)
    select first.class, first.about, first.payload,
           (select array_agg(run.outbox_id order by run.outbox_id) from run
             where run.same and (run.bytes <= 8388608 or run.outbox_id = first.outbox_id)
               and (first.class in ('send', 'announce') or run.outbox_id = first.outbox_id))
      into v_class, v_about, v_payload, v_rows from first;
    if v_rows is null then
      if v_busy = '{}' or v_patient then
        return;
      end if;
      v_patient := true;  -- all that is left waits for a lock: give it a moment, for a stream that is written all the time
      v_busy := '{}';
      perform set_config('lock_timeout', '50ms', true);
      continue;
    end if;

    begin
      case v_class
      when 'send' then
        select coalesce(array_agg(distinct t.stream_id), '{}') into v_streams
          from trunkline.outbox o
          join trunkline.sessions s on s.session_id = o.about
          join trunkline.streams t on t.session_key = s.session_key and t.standalone
         where o.outbox_id = any (v_rows);
        begin
          if v_patient then
            perform from trunkline.streams
              where stream_id = any (v_streams) and finished_at is null order by stream_id for no key update;
          end if;
        exception when lock_not_available then
          null;  -- not now
        end;
        select coalesce(array_agg(l.stream_id), '{}') into v_locked from (
          select stream_id from trunkline.streams
           where stream_id = any (v_streams) and finished_at is null order by stream_id for no key update skip locked) l;
        with addressed as materialized (
               select o.outbox_id, o.kind, o.payload, t.stream_id, t.holder_instance, t.stream_id = any (v_locked) as open
                 from trunkline.outbox o
                 left join trunkline.sessions s on s.session_id = o.about
                 left join trunkline.streams t on t.session_key = s.session_key and t.standalone
                where o.outbox_id = any (v_rows)
                  and (t.stream_id is null or t.finished_at is not null or t.stream_id = any (v_locked))),
             taken as (
               delete from trunkline.outbox o using addressed a where o.outbox_id = a.outbox_id returning a.*),
             place as materialized (
               select trunkline.current_slot() as slot, trunkline.id_prefix() as high),
             sent as (
               insert into trunkline.outbound_messages (stream_id, event_id, slot, payload)
               select q.stream_id, q.high | nextval('trunkline.event_seq'), q.slot, convert_to(q.payload, 'UTF8')
                 from (select k.stream_id, k.payload, p.slot, p.high
                         from taken k cross join place p where k.open order by k.outbox_id) q)
        select count(*), count(*) filter (where open is not true),
               coalesce(array_agg(distinct row(holder_instance, 's', stream_id)::trunkline.wake)
                          filter (where open and holder_instance is not null), '{}')
               -- nobody knows who waits for a completion, so everybody looks
               || case when bool_or(kind = 'elicitation_completed') then array[row(null, 'a', 0)::trunkline.wake] else '{}' end
          into moved, dropped, wakes from taken;
        if moved = 0 then
          select v_busy || array_agg(distinct o.about) into v_busy from trunkline.outbox o where o.outbox_id = any (v_rows);
          continue;
        end if;

      when 'announce' then
        v_high := trunkline.lock_announcements();
        with taken as (
               delete from trunkline.outbox where outbox_id = any (v_rows) returning outbox_id, kind, about, payload),
             said as (
               insert into trunkline.announcements (id, kind, about, payload)
               select v_high | nextval('trunkline.announcement_seq'), q.kind, q.about, convert_to(q.payload, 'UTF8')
                 from (select * from taken order by outbox_id) q)
        select count(*), array[row(null, 'n', 1)::trunkline.wake] into moved, wakes from taken;

      else
        begin
          select session_key into v_session from trunkline.sessions where session_id = v_about;
          if v_class = 'end_session' then
            select e.wakes into empty_outbox.wakes from trunkline.end_session_now(v_session, 'ended by SQL') e;
          elsif exists (select from trunkline.sessions where session_key = v_session and ended_at is null) then
            select c.wakes into empty_outbox.wakes from trunkline.cancel_call_anywhere(v_session, v_payload, 'cancelled by SQL') c;
          end if;
        exception when lock_not_available then
          -- somebody keeps a row of that session locked: to the end of the queue with it, so that the others get their turn
          insert into trunkline.outbox (kind, about, payload, created_at)
          select kind, about, payload, created_at from trunkline.outbox where outbox_id = any (v_rows);
          delete from trunkline.outbox where outbox_id = any (v_rows);
          return;
        end;
        delete from trunkline.outbox where outbox_id = any (v_rows);
        moved := 1;
        dropped := case when wakes = '{}' then 1 else 0 end;
      end case;
      return;
    exception when data_exception or check_violation or not_null_violation or program_limit_exceeded then
      if cardinality(v_rows) = 1 then
        refused := array[format('row %s (%s): %s', v_rows[1], v_class, sqlerrm)];
        delete from trunkline.outbox where outbox_id = v_rows[1];
        moved := 1;
        dropped := 1;
        wakes := '{}';
        return;
      end if;
      v_rows_max := cardinality(v_rows) / 2;
    end;
  end loop;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.end_session(session_id text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_key bigint;
begin
  select s.session_key into v_key from trunkline.sessions s where s.session_id = end_session.session_id and s.ended_at is null;
  if found then
    insert into trunkline.outbox (kind, about) values ('end_session', end_session.session_id);
    perform trunkline.note_action('end_session', 'session ' || v_key);
    return true;
  end if;
  return false;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.end_session_now(p_session bigint, p_reason text, OUT ended boolean, OUT wakes wake[])
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_holders trunkline.wake[];
  v_writers trunkline.wake[];
  v_askers  trunkline.wake[];
begin
  wakes := '{}';
  perform from trunkline.sessions where session_key = p_session and ended_at is null for update;
  ended := found;
  if not ended then
    return;
  end if;
  update trunkline.sessions set ended_at = clock_timestamp(), end_reason = p_reason where session_key = p_session;

  -- after this no publish, and so no ask, is accepted on any of its streams
  with mine as materialized (
         select stream_id from trunkline.streams where session_key = p_session order by stream_id for no key update),
       finished as (
         update trunkline.streams s set finished_at = coalesce(s.finished_at, clock_timestamp())
           from mine m where s.stream_id = m.stream_id
         returning s.stream_id, s.holder_instance)
  select array_agg(row(holder_instance, 's', stream_id)::trunkline.wake) filter (where holder_instance is not null)
    into v_holders from finished;

  with mine as materialized (
         select call_id from trunkline.calls
          where session_key = p_session and finished_at is null order by call_id for no key update),
       cancelled as (
         update trunkline.calls c
            set cancelled_at = coalesce(c.cancelled_at, clock_timestamp()),
                cancel_reason = coalesce(c.cancel_reason, 'session ended'),
                finished_at = clock_timestamp()
           from mine m where c.call_id = m.call_id
         returning c.call_id, c.stream_id)
  select array_agg(row(s.writer_instance, 'c', c.call_id)::trunkline.wake) filter (where s.writer_instance is not null)
    into v_writers from cancelled c join trunkline.streams s using (stream_id);

  with mine as materialized (
         select pending_id from trunkline.pending_requests
          where session_key = p_session and outcome is null order by pending_id for no key update),
       settled as (
         update trunkline.pending_requests p set outcome = 'session ended', settled_at = clock_timestamp()
           from mine m where p.pending_id = m.pending_id
         returning p.pending_id, p.asker)
  select array_agg(row(asker, 'a', pending_id)::trunkline.wake) into v_askers from settled;

  wakes := coalesce(v_holders, '{}') || coalesce(v_writers, '{}') || coalesce(v_askers, '{}')
           || trunkline.announce_now('session_changed', p_session::text, convert_to('ended', 'UTF8'));
end $function$;

CREATE OR REPLACE FUNCTION trunkline.end_unused_session(p_session bigint, p_idle interval, p_lifetime interval, OUT ended boolean, OUT wakes wake[])
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_reason text;
begin
  ended := false;
  wakes := '{}';
  perform from trunkline.sessions where session_key = p_session and ended_at is null for update skip locked;
  if not found then
    return;
  end if;
  -- judged under the lock: a stream, a call or a use that came in the meantime keeps it alive
  select case when s.created_at + p_lifetime <= clock_timestamp() then 'lifetime over'
              when s.last_used_at + p_idle <= clock_timestamp()
               and not exists (select from trunkline.streams t
                                where t.session_key = p_session
                                  -- a stream that was open is a use until it was closed: its client may be on its way back
                                  and (t.holder_instance is not null or t.closed_at + p_idle > clock_timestamp()))
               and not exists (select from trunkline.calls c
                                where c.session_key = p_session
                                  and (c.finished_at is null or c.finished_at + p_idle > clock_timestamp())) then 'idle' end
    into v_reason from trunkline.sessions s where s.session_key = p_session;
  if v_reason is not null then
    select e.ended, e.wakes into end_unused_session.ended, end_unused_session.wakes
      from trunkline.end_session_now(p_session, v_reason) e;
  end if;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.forget_api_keys(p_rows_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_removed int;
begin
  delete from trunkline.api_keys
   where key_id in (
         select k.key_id from trunkline.api_keys k
          where least(k.revoked_at, k.expires_at) < (select clock_timestamp() - interval '30 days')
          order by least(k.revoked_at, k.expires_at) limit p_rows_max for update skip locked);
  get diagnostics v_removed = row_count;
  return v_removed;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.forget_ended_sessions(p_age interval, p_rows_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_until    timestamptz := clock_timestamp() - p_age;
  v_sessions bigint[];
begin
  v_sessions := array(select session_key from trunkline.sessions where ended_at < v_until order by ended_at limit p_rows_max);
  select array_agg(session_key) into v_sessions from (
    select session_key from trunkline.sessions
     where session_key = any (v_sessions) and ended_at < v_until order by session_key for update skip locked) s;
  if v_sessions is null then
    return 0;
  end if;
  perform from trunkline.streams where session_key = any (v_sessions) order by stream_id for update;
  delete from trunkline.streams where session_key = any (v_sessions);
  perform from trunkline.calls where session_key = any (v_sessions) order by call_id for update;
  delete from trunkline.calls where session_key = any (v_sessions);
  perform from trunkline.pending_requests where session_key = any (v_sessions) order by pending_id for update;
  delete from trunkline.pending_requests where session_key = any (v_sessions);
  delete from trunkline.subscriptions where session_key = any (v_sessions);
  delete from trunkline.session_values where session_key = any (v_sessions);
  delete from trunkline.sessions where session_key = any (v_sessions);
  return cardinality(v_sessions);
end $function$;

CREATE OR REPLACE FUNCTION trunkline.forget_expired_tasks(p_rows_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_now   timestamptz := clock_timestamp();
  v_tasks bigint[];
begin
  v_tasks := array(select task_key from trunkline.tasks where expires_at < v_now order by expires_at limit p_rows_max);
  select array_agg(task_key) into v_tasks from (
    select task_key from trunkline.tasks
     where task_key = any (v_tasks) and expires_at < v_now order by task_key for update skip locked) t;
  if v_tasks is null then
    return 0;
  end if;
  delete from trunkline.task_inputs where task_key = any (v_tasks);
  delete from trunkline.tasks where task_key = any (v_tasks);
  return cardinality(v_tasks);
end $function$;

CREATE OR REPLACE FUNCTION trunkline.forget_finished_streams(p_after bigint, p_age interval, p_rows_max integer, OUT removed integer, OUT through bigint)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_streams bigint[];
  v_until   timestamptz := clock_timestamp()
    - greatest(p_age, (select max(history_age_max) from trunkline.instances where dead_at is null and left_at is null));
begin
  v_streams := array(select stream_id from trunkline.streams
                      where finished_at < v_until and not standalone and holder_instance is null and stream_id > p_after
                      order by finished_at limit p_rows_max);
  -- judged under the lock: a claim may have come in the meantime, and its client reads on
  select array_agg(stream_id) into v_streams from (
    select stream_id from trunkline.streams
     where stream_id = any (v_streams)
       and not standalone and finished_at < v_until and holder_instance is null
     order by stream_id for update skip locked) s;
  delete from trunkline.streams where stream_id = any (v_streams);
  get diagnostics removed = row_count;
  if removed = 0 then
    return;
  end if;
  delete from trunkline.calls where stream_id = any (v_streams);
  delete from trunkline.pending_requests where stream_id = any (v_streams) and outcome is not null;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.forget_operator_actions(p_rows_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION trunkline.history_age()
 RETURNS interval
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select coalesce(max(coalesce(history_age_max, interval '1 hour')), interval '1 hour')
     from trunkline.instances
    where (dead_at is null and left_at is null) or coalesce(left_at, dead_at) > clock_timestamp() - interval '1 day' $function$;

CREATE OR REPLACE FUNCTION trunkline.id_prefix()
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_base int;
  v_home boolean;
begin
  select c.id_base,
         case when c.server_started = pg_postmaster_start_time()
                   and c.database_id = (select d.oid from pg_database d where d.datname = current_database())
              then true else trunkline.is_home() end
    into v_base, v_home from trunkline.control c;
  if v_base is null or v_base < 0 then
    raise exception 'trunkline.control %; select trunkline.mend_control()',
      coalesce('says id_base ' || v_base, 'has no row') using errcode = 'cannot_connect_now';
  end if;
  if not v_home then
    raise exception 'this database was restored or copied, and no instance has looked at it yet'
      using errcode = 'cannot_connect_now', hint = 'each instance looks at its start, and with each beat';
  end if;
  return (v_base + trunkline.timeline()) << 47;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.is_home()
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  known record;
  here  record;
begin
  select c.system_id, c.database_id into known from trunkline.control c;
  here := trunkline.place();
  return (known.system_id = here.system_id) is not false and (known.database_id = here.database_id) is not false;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.issue_key(principal text, scopes text[] DEFAULT '{}'::text[], expires timestamp with time zone DEFAULT NULL::timestamp with time zone)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_id     bigint;
  v_key    text;
  v_scopes text[];
begin
  if issue_key.principal is null or issue_key.principal !~ '^[^[:space:][:cntrl:]]+( [^[:space:][:cntrl:]]+)*$' or length(issue_key.principal) > 1000 then
    raise exception 'a principal is a name of 1 to 1000 visible characters, with single spaces between' using errcode = 'invalid_parameter_value';
  end if;
  if issue_key.principal = 'anonymous' then
    raise exception 'anonymous is everybody who was not asked who they are: a key is somebody''s' using errcode = 'invalid_parameter_value';
  end if;
  v_scopes := coalesce(issue_key.scopes, '{}');
  if array_ndims(v_scopes) > 1 or cardinality(v_scopes) > 100
     or exists (select from unnest(v_scopes) s where s is null or s !~ '^[\x21\x23-\x5B\x5D-\x7E]+$' or length(s) > 200) then
    raise exception 'scopes are up to 100 words of up to 200 characters, without blanks, quotes and backslashes (RFC 6749, section 3.3)'
      using errcode = 'invalid_parameter_value';
  end if;
  if not isfinite(issue_key.expires) or issue_key.expires <= clock_timestamp() then
    raise exception 'a key expires in the future, or never where no time is given; not at %', issue_key.expires
      using errcode = 'invalid_parameter_value';
  end if;
  v_id := nextval(pg_get_serial_sequence('trunkline.api_keys', 'key_id'));
  v_key := 'tk_' || v_id || '_' || translate(encode(
             sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'base64'), '+/=', '-_');
  insert into trunkline.api_keys (key_id, sha256, principal, scopes, expires_at) overriding system value
  values (v_id, sha256(convert_to(v_key, 'UTF8')), issue_key.principal,
          array(select distinct s from unnest(v_scopes) s order by s), issue_key.expires);
  perform trunkline.note_action('issue_key', 'key ' || v_id);
  return v_key;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.keep_audit()
 RETURNS TABLE(chore text, done integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION trunkline.keep_seal_keys(p_rows_max integer)
 RETURNS TABLE(chore text, done integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_now timestamptz := clock_timestamp();
begin
  chore := 'seal keys made';
  done := 0;
  if not exists (select from trunkline.seal_keys k
                  where k.created_at between v_now - interval '24 hours' and v_now + interval '1 hour') then
    select case when m.made then 1 else 0 end into done from trunkline.make_seal_key() m;
  end if;
  return next;
  chore := 'seal keys removed';
  delete from trunkline.seal_keys
   where key_id in (
         select k.key_id from trunkline.seal_keys k
          where k.usable_at < (select max(n.usable_at) from trunkline.seal_keys n where n.usable_at < v_now - interval '48 hours')
          order by k.key_id limit p_rows_max for update skip locked);
  get diagnostics done = row_count;
  return next;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.list_changed(kind text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if kind is null or kind not in ('tools', 'resources', 'prompts') then
    raise exception 'the lists are tools, resources and prompts, not %', coalesce(kind, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  insert into trunkline.outbox (kind, payload)
  values (list_changed.kind || '_changed', '{"jsonrpc":"2.0","method":"notifications/' || list_changed.kind || '/list_changed"}');
end $function$;

CREATE OR REPLACE FUNCTION trunkline.lock_announcements()
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform from trunkline.announcement_lock for no key update;
  if not found then
    raise exception 'trunkline.announcement_lock has no row; select trunkline.mend_control()' using errcode = 'cannot_connect_now';
  end if;
  return trunkline.id_prefix();
end $function$;

CREATE OR REPLACE FUNCTION trunkline.make_seal_key(OUT key_id uuid, OUT usable_at timestamp with time zone, OUT made boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_now timestamptz := clock_timestamp();
begin
  select k.key_id, k.usable_at, false into key_id, usable_at, made from trunkline.seal_keys k
   where k.usable_at > v_now and k.usable_at <= v_now + interval '1 minute'
   order by k.usable_at desc, k.key_id limit 1;
  if found then
    return;
  end if;
  insert into trunkline.seal_keys as k (key, created_at, usable_at)
  select sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), v_now,
         case when exists (select from trunkline.seal_keys) then v_now + interval '1 minute' else v_now end
  returning k.key_id, k.usable_at, true into key_id, usable_at, made;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.mend_control()
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_done     text[] := '{}';
  v_control  trunkline.control;
  v_created  boolean;
  v_events   bigint;
  v_used     bigint;
  v_newest   bigint;
  v_base     int;
  v_slot     smallint;
  v_floor    bigint;
begin
  insert into trunkline.control default values on conflict do nothing;
  v_created := found;
  if v_created then
    v_done := v_done || 'control had no row'::text;
  end if;
  select * into v_control from trunkline.control for no key update;
  insert into trunkline.announcement_lock default values on conflict do nothing;
  if found then
    v_done := v_done || 'announcement_lock had no row'::text;
  end if;

  select greatest(v_control.id_high, coalesce(max(m.event_id), 0)) into v_events from trunkline.outbound_messages m;
  -- what nobody can have drawn does not count; the upper half of all ids was never reached by anybody
  select coalesce(max(a.id), 0) into v_newest from trunkline.announcements a where a.id >> 47 < 32768;
  v_base := greatest(v_control.id_base, 0);
  v_used := greatest(v_events, v_newest);
  if v_created or v_control.id_base < 0 then
    v_base := greatest(v_base, (v_used >> 47) - trunkline.timeline() + 1);
    v_done := v_done || format('id_base %s instead of %s', v_base, v_control.id_base);
  end if;

  v_slot := v_control.current_slot;
  if v_created or v_slot not between 0 and 7 then
    v_slot := coalesce((select m.slot from trunkline.outbound_messages m order by m.event_id desc limit 1), 0);
    v_done := v_done || format('current_slot %s instead of %s', v_slot, v_control.current_slot);
  end if;

  v_floor := v_control.announcement_floor;
  if v_created then
    -- which are gone is not known: below the oldest that is kept, all
    v_floor := coalesce((select min(a.id) - 1 from trunkline.announcements a), 0);
  elsif v_floor > v_newest or v_floor < 0 then
    v_floor := v_newest;
    v_done := v_done || format('announcement_floor %s instead of %s', v_floor, v_control.announcement_floor);
  end if;

  if v_done = '{}' then
    return 'nothing to mend';
  end if;
  update trunkline.control
     set id_base = v_base, current_slot = v_slot, announcement_floor = v_floor, id_high = greatest(id_high, v_events);
  if v_created then
    -- which restores there were is gone with the row, so this counts as one; the function comes with V030
    perform trunkline.adopt_database(true, -1);
  end if;
  perform trunkline.note_action('mend_control', array_to_string(v_done, ', '));
  return 'mended: ' || array_to_string(v_done, ', ');
end $function$;

CREATE OR REPLACE FUNCTION trunkline.migrate(session_id text, instance integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  s record;
  i trunkline.instances;
  t record;
begin
  if session_id is null or instance is null then
    raise exception 'a session is named by its id, an instance by its number, neither by null' using errcode = 'null_value_not_allowed';
  end if;
  select n.session_key, n.revision into s from trunkline.sessions n where n.session_id = migrate.session_id and n.ended_at is null;
  if not found then
    return 'unknown session';
  end if;
  select * into i from trunkline.instances n where n.instance_id = instance;
  if not found then
    return 'unknown instance';
  end if;
  if i.left_at is not null or i.dead_at is not null or i.lease_until < clock_timestamp()
     or i.draining_at is not null or i.drain_wanted_at is not null or i.leaving_at is not null then
    return 'instance not ready';
  end if;
  select n.stream_id, n.holder_instance, n.holder_epoch, h.steerable into t
    from trunkline.streams n join trunkline.instances h on h.instance_id = n.holder_instance
   where n.session_key = s.session_key and n.standalone and h.left_at is null and h.dead_at is null;
  case
    when not found then return 'no open stream';
    when t.holder_instance = instance then return 'already there';
    when s.revision < '2025-11-25' then return 'older revision';
    when not t.steerable then return 'older release';
    else null;
  end case;
  insert into trunkline.stream_moves as m (stream_id, holder_epoch, to_instance) values (t.stream_id, t.holder_epoch, instance)
  on conflict on constraint stream_moves_pk
  do update set holder_epoch = excluded.holder_epoch, to_instance = excluded.to_instance, wanted_at = clock_timestamp();
  perform trunkline.ring('trunkline_' || t.holder_instance, 'i' || t.holder_instance);
  perform trunkline.note_action('migrate', format('session %s to instance %s', s.session_key, instance));
  return 'moved';
end $function$;

CREATE OR REPLACE FUNCTION trunkline.move_outbox(p_rows_max integer, OUT moved integer, OUT dropped integer, OUT wakes wake[])
 RETURNS record
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select e.moved, e.dropped, e.wakes from trunkline.empty_outbox(p_rows_max) e
$function$;

CREATE OR REPLACE FUNCTION trunkline.newest_announcement()
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_high bigint := trunkline.announcement_high();
begin
  return coalesce((select max(a.id) from trunkline.announcements a where a.id <= v_high), 0);
end $function$;

CREATE OR REPLACE FUNCTION trunkline.note_action(p_action text, p_about text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if p_action is null or p_action !~ '^[a-z_]{1,63}$' then
    raise exception 'an action is the name of a function' using errcode = 'invalid_parameter_value';
  end if;
  insert into trunkline.operator_actions (action, about) values (p_action, left(coalesce(p_about, ''), 4000));
end $function$;

CREATE OR REPLACE FUNCTION trunkline.notification_line(p_payload text)
 RETURNS text
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_json json;
begin
  if p_payload is null then
    raise exception 'the notification is null' using errcode = 'null_value_not_allowed';
  end if;
  begin
    v_json := p_payload::json;
  exception when others then
    raise exception 'the notification is not JSON: %', sqlerrm using errcode = 'invalid_parameter_value';
  end;
  if json_typeof(v_json) <> 'object' then
    raise exception 'a notification is a JSON object, not % (batches are not sent)',
      json_typeof(v_json) using errcode = 'invalid_parameter_value';
  end if;
  if v_json ->> 'jsonrpc' is distinct from '2.0' then
    raise exception 'a notification has "jsonrpc":"2.0"' using errcode = 'invalid_parameter_value';
  end if;
  if json_typeof(v_json -> 'method') is distinct from 'string' or v_json ->> 'method' = '' then
    raise exception 'a notification has a "method"' using errcode = 'invalid_parameter_value';
  end if;
  if v_json -> 'id' is not null or v_json -> 'result' is not null or v_json -> 'error' is not null then
    raise exception 'a notification has no "id", "result" or "error": questions are asked by tools'
      using errcode = 'invalid_parameter_value';
  end if;
  if coalesce(json_typeof(v_json -> 'params'), 'object') <> 'object' then
    raise exception 'the "params" of a notification are an object' using errcode = 'invalid_parameter_value';
  end if;
  if octet_length(p_payload) > 262144 then
    raise exception 'the notification has % bytes, more than 262144', octet_length(p_payload)
      using errcode = 'program_limit_exceeded';
  end if;
  -- JSON has line ends only between its tokens
  return translate(p_payload, e'\r\n', '  ');
end $function$;

CREATE OR REPLACE FUNCTION trunkline.open_session(p_id text, p_revision text, p_principal text, p_capabilities text, p_client text, p_principal_max integer, p_toolset text DEFAULT NULL::text, OUT session_key bigint, OUT stream_id bigint, OUT announced_from bigint)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform trunkline.id_prefix();
  if p_principal_max > 0 then
    -- two instances that open for one principal count one after the other
    perform pg_advisory_xact_lock(hashtextextended('trunkline.sessions of ' || p_principal, 0));
    perform from trunkline.sessions s where s.principal = p_principal and s.ended_at is null offset p_principal_max - 1 limit 1;
    if found then
      return;
    end if;
  end if;
  -- visible, not drawn: an id that is not committed yet may announce what this session has just missed
  announced_from := trunkline.newest_announcement();
  insert into trunkline.sessions as s (session_id, revision, principal, capabilities, client, announced_from, toolset)
  values (p_id, p_revision, p_principal, p_capabilities, p_client, open_session.announced_from, p_toolset)
  returning s.session_key into open_session.session_key;
  insert into trunkline.streams as t (session_key, standalone, writer_epoch, position_announcement)
  values (open_session.session_key, true, 0, open_session.announced_from)
  returning t.stream_id into open_session.stream_id;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.open_sessions(p_ids text[], p_revisions text[], p_principals text[], p_capabilities text[], p_clients text[], p_maxima integer[], p_toolsets text[])
 RETURNS TABLE(ord bigint, session_key bigint, stream_id bigint, announced_from bigint)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v_principal text;
  v_refused   bigint[] := '{}';
  v_from      bigint;
begin
  if 0 < any (p_maxima) then
    -- two instances that open for one principal count one after the other; in the order of principals, so that they wait in one order
    for v_principal in
      select distinct a.principal collate "C" from unnest(p_principals, p_maxima) a(principal, most) where a.most > 0 order by 1
    loop
      perform pg_advisory_xact_lock(hashtextextended('trunkline.sessions of ' || v_principal, 0));
    end loop;
    -- a statement of its own, which sees what those have committed that were waited for
    with asked as (
           select a.principal, a.most, a.ord, row_number() over (partition by a.principal order by a.ord) as place
             from unnest(p_principals, p_maxima) with ordinality a(principal, most, ord) where a.most > 0),
         living as (
           select p.principal,
                  (select count(*) from (select from trunkline.sessions s
                                          where s.principal = p.principal and s.ended_at is null limit p.most) l) as living
             from (select a.principal, max(a.most) as most from asked a group by a.principal) p)
    select coalesce(array_agg(a.ord), '{}') into v_refused
      from asked a join living l on l.principal = a.principal where l.living + a.place > a.most;
  end if;
  -- visible, not drawn: an id that is not committed yet may announce what this session has just missed
  v_from := trunkline.newest_announcement();
  return query
    with opened as (
           insert into trunkline.sessions as s (session_id, revision, principal, capabilities, client, announced_from, toolset)
           select a.id, a.revision, a.principal, a.capabilities, a.client, v_from, a.toolset
             from unnest(p_ids, p_revisions, p_principals, p_capabilities, p_clients, p_toolsets) with ordinality
                    a(id, revision, principal, capabilities, client, toolset, ord)
            where a.ord <> all (v_refused)
            order by a.id collate "C"   -- of ids that two repeat, both wait in one order
           returning s.session_key, s.session_id),
         their_own as (
           insert into trunkline.streams as t (session_key, standalone, writer_epoch, position_announcement)
           select o.session_key, true, 0, v_from from opened o
           returning t.session_key, t.stream_id)
    select a.ord, o.session_key, t.stream_id, v_from
      from unnest(p_ids) with ordinality a(id, ord)
      join opened o on o.session_id = a.id
      join their_own t on t.session_key = o.session_key;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.pass_over()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return null;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.place(OUT system_id bigint, OUT database_id bigint)
 RETURNS record
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if has_function_privilege('pg_control_system()', 'execute') then
    select c.system_identifier into place.system_id from pg_control_system() c;
  end if;
  select d.oid into place.database_id from pg_database d where d.datname = current_database();
end $function$;

CREATE OR REPLACE FUNCTION trunkline.pseudonymize_audit(principal text, rows_max integer DEFAULT 10000)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION trunkline.purge(principal text, rows_max integer DEFAULT 1000)
 RETURNS TABLE(what text, removed integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_max      constant int := least(greatest(coalesce(rows_max, 0), 0), 100000);
  v_switches int;
  v_left     int;
begin
  delete from trunkline.principal_switches
   where (principal_switches.principal, kind, name) in (
         select p.principal, p.kind, p.name from trunkline.principal_switches p
          where p.principal = purge.principal order by p.principal, p.kind, p.name limit v_max for update skip locked);
  get diagnostics v_switches = row_count;
  delete from trunkline.announcements
   where id in (
         select a.id from trunkline.announcements a
          where a.kind in ('tools_changed', 'resources_changed', 'prompts_changed') and a.about = purge.principal
            and a.id < trunkline.newest_announcement()
          order by a.id limit v_max for update skip locked);
  if v_switches > 0 then
    perform trunkline.list_changed(l) from unnest(array['tools', 'resources', 'prompts']) l;  -- so that instances read again
    perform trunkline.note_action('purge', format('principal %s: principal_switches %s',
      left(encode(sha256(convert_to(purge.principal, 'UTF8')), 'hex'), 16), v_switches));
  end if;
  select count(*) into v_left from (select from trunkline.principal_switches p where p.principal = purge.principal limit 1000000) n;
  for what, removed in select r.what, r.removed from trunkline.purge_all_but_switches(purge.principal, purge.rows_max) r loop
    if what = 'left' then
      v_left := v_left + removed;
    else
      return next;
    end if;
  end loop;
  return query values ('principal_switches', v_switches), ('left', v_left);
end $function$;

CREATE OR REPLACE FUNCTION trunkline.purge_all_but_switches(principal text, rows_max integer DEFAULT 1000)
 RETURNS TABLE(what text, removed integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_keys int;
  v_left int;
begin
  delete from trunkline.api_keys
   where key_id in (
         select k.key_id from trunkline.api_keys k
          where k.principal = purge_all_but_switches.principal order by k.key_id limit least(greatest(rows_max, 0), 100000) for update skip locked);
  get diagnostics v_keys = row_count;
  select count(*) into v_left from (select from trunkline.api_keys k where k.principal = purge_all_but_switches.principal limit 1000000) n;
  if v_keys > 0 then
    perform trunkline.ring('trunkline_all', 'k0');
    perform trunkline.note_action('purge', format('principal %s: api_keys %s',
      left(encode(sha256(convert_to(purge_all_but_switches.principal, 'UTF8')), 'hex'), 16), v_keys));
  end if;
  for what, removed in select r.what, r.removed from trunkline.purge_rows(purge_all_but_switches.principal, purge_all_but_switches.rows_max) r loop
    if what = 'left' then
      v_left := v_left + removed;
    else
      return next;
    end if;
  end loop;
  return query values ('api_keys', v_keys), ('left', v_left);
end $function$;

CREATE OR REPLACE FUNCTION trunkline.purge_rows(principal text, rows_max integer DEFAULT 1000)
 RETURNS TABLE(what text, removed integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_noticed  constant timestamptz := clock_timestamp() - interval '5 seconds';
  v_messages constant int := 10000;  -- in a step
  v_living   bigint[];
  v_over     bigint[];
  v_ids      text[];
  v_streams  bigint[];
  v_running  bigint[];
  v_done     bigint[];
  v_high     bigint;
  v_steps    int[] := array_fill(0, array[14]);
  v_names    constant text[] := array['sessions ended', 'tasks cancelled', 'outbound_messages', 'streams', 'calls', 'pending_requests',
    'subscriptions', 'session_values', 'sessions', 'task_inputs', 'tasks', 'url_elicitations', 'outbox', 'announcements'];
  v_left     int;
  v_n        int;
begin
  if purge_rows.principal is null or purge_rows.principal = '' or length(purge_rows.principal) > 4096 then
    raise exception 'a principal has 1 to 4096 characters' using errcode = 'invalid_parameter_value';
  end if;
  if purge_rows.principal = 'anonymous' then
    raise exception 'anonymous is everybody who was not asked who they are, and no person: end their sessions'
      using errcode = 'invalid_parameter_value';
  end if;
  if rows_max is null or rows_max < 1 or rows_max > 100000 then
    raise exception 'a step removes 1 to 100000 rows, not %', coalesce(rows_max::text, 'null')
      using errcode = 'invalid_parameter_value';
  end if;

  with mine as materialized (
         select s.session_key, s.session_id, s.ended_at from trunkline.sessions s
          where s.principal = purge_rows.principal and (s.ended_at is null or s.ended_at < v_noticed)
          order by s.session_key limit rows_max for update skip locked)
  select coalesce(array_agg(m.session_key order by m.session_key) filter (where m.ended_at is null), '{}'),
         coalesce(array_agg(m.session_key order by m.session_key) filter (where m.ended_at is not null), '{}'),
         coalesce(array_agg(m.session_id) filter (where m.ended_at is not null), '{}')
    into v_living, v_over, v_ids from mine m;
  perform from trunkline.streams t where t.session_key = any (v_living || v_over) order by t.stream_id for update;
  perform from trunkline.calls c where c.session_key = any (v_living || v_over) order by c.call_id for update;
  perform from trunkline.pending_requests p where p.session_key = any (v_living || v_over) order by p.pending_id for update;
  with mine as materialized (
         select t.task_key, t.status, t.updated_at from trunkline.tasks t
          where t.principal = purge_rows.principal and (t.status in ('working', 'input_required') or t.updated_at < v_noticed)
          order by t.task_key limit rows_max for update skip locked)
  select coalesce(array_agg(m.task_key) filter (where m.status in ('working', 'input_required')), '{}'),
         coalesce(array_agg(m.task_key) filter (where m.status not in ('working', 'input_required')), '{}')
    into v_running, v_done from mine m;
  perform from trunkline.task_inputs i where i.task_key = any (v_done) order by i.task_key, i.ordinal for update;

  update trunkline.sessions s set ended_at = clock_timestamp(), end_reason = 'ended by SQL' where s.session_key = any (v_living);
  get diagnostics v_n = row_count;
  v_steps[1] := v_n;
  update trunkline.streams t set finished_at = coalesce(t.finished_at, clock_timestamp()) where t.session_key = any (v_living);
  update trunkline.calls c
     set cancelled_at = coalesce(c.cancelled_at, clock_timestamp()), cancel_reason = coalesce(c.cancel_reason, 'session ended'),
         finished_at = clock_timestamp()
   where c.session_key = any (v_living) and c.finished_at is null;
  update trunkline.pending_requests p set outcome = 'session ended', settled_at = clock_timestamp()
   where p.session_key = any (v_living) and p.outcome is null;
  update trunkline.tasks t
     set status = 'cancelled', status_message = 'cancelled by SQL', updated_at = clock_timestamp(), changes = t.changes + 1
   where t.task_key = any (v_running);
  get diagnostics v_n = row_count;
  v_steps[2] := v_n;

  v_streams := array(select t.stream_id from trunkline.streams t where t.session_key = any (v_over));
  delete from trunkline.outbound_messages m
   using (select o.stream_id, o.event_id, o.slot from trunkline.outbound_messages o
           where o.stream_id = any (v_streams) limit v_messages) o
   where m.stream_id = o.stream_id and m.event_id = o.event_id and m.slot = o.slot;
  get diagnostics v_n = row_count;
  v_steps[3] := v_n;
  if v_steps[3] < v_messages then  -- else a stream whose messages are there yet would be found no more
    delete from trunkline.streams t where t.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[4] := v_n;
    delete from trunkline.calls c where c.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[5] := v_n;
    delete from trunkline.pending_requests p where p.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[6] := v_n;
    delete from trunkline.subscriptions u where u.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[7] := v_n;
    delete from trunkline.session_values v where v.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[8] := v_n;
    delete from trunkline.sessions s where s.session_key = any (v_over);
    get diagnostics v_n = row_count;
    v_steps[9] := v_n;
  end if;
  delete from trunkline.task_inputs i where i.task_key = any (v_done);
  get diagnostics v_n = row_count;
  v_steps[10] := v_n;
  delete from trunkline.tasks t where t.task_key = any (v_done);
  get diagnostics v_n = row_count;
  v_steps[11] := v_n;
  delete from trunkline.url_elicitations e
   where e.elicitation_id in (
         select u.elicitation_id from trunkline.url_elicitations u
          where u.principal = purge_rows.principal
            and not exists (select from trunkline.sessions s
                             where s.session_key = u.session_key and (s.ended_at is null or s.ended_at >= v_noticed))
          order by u.elicitation_id limit rows_max for update skip locked);
  get diagnostics v_n = row_count;
  v_steps[12] := v_n;
  delete from trunkline.outbox b
   where b.outbox_id in (
         select o.outbox_id from trunkline.outbox o
          where o.about = any (v_ids) order by o.outbox_id limit rows_max for update skip locked);
  get diagnostics v_n = row_count;
  v_steps[13] := v_n;

  if v_living <> '{}' then
    v_high := trunkline.lock_announcements();
    insert into trunkline.announcements (id, kind, about, payload)
    select v_high | nextval('trunkline.announcement_seq'), 'session_changed', k::text, convert_to('ended', 'UTF8')
      from unnest(v_living) k;
    perform trunkline.ring('trunkline_all', 'n1');  -- a hint
  end if;
  -- why its client cancelled a call; never the newest row, which says where the log ends
  delete from trunkline.announcements a
   where a.kind = 'call_cancelled' and split_part(a.about, ' ', 1) = any (v_over::text[])
     and a.id < trunkline.newest_announcement();
  get diagnostics v_n = row_count;
  v_steps[14] := v_n;

  select (select count(*) from (select from trunkline.sessions s where s.principal = purge_rows.principal limit 1000000) n)
       + (select count(*) from (select from trunkline.tasks t where t.principal = purge_rows.principal limit 1000000) n)
       + (select count(*) from (select from trunkline.url_elicitations e where e.principal = purge_rows.principal limit 1000000) n)
    into v_left;
  if (select sum(n) from unnest(v_steps) n) > 0 then
    perform trunkline.note_action('purge', format('principal %s: %s',
      left(encode(sha256(convert_to(purge_rows.principal, 'UTF8')), 'hex'), 16),
      (select string_agg(format('%s %s', v_names[i], v_steps[i]), ', ' order by i)
         from generate_subscripts(v_steps, 1) i where v_steps[i] > 0)));
  end if;
  return query select v_names[i], v_steps[i] from generate_subscripts(v_steps, 1) i union all select 'left', v_left;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.raise_id_base(OUT base integer, OUT raised boolean)
 RETURNS record
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select a.base, a.raised from trunkline.adopt_database(false, 0) a $function$;

CREATE OR REPLACE FUNCTION trunkline.rate_names(p_scope text, p_name text, p_tool text, OUT principal text, OUT tool text)
 RETURNS record
 LANGUAGE plpgsql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if p_scope is null or p_scope not in ('principal', 'tool', 'principal_tool') then
    raise exception 'the scopes are principal, tool and principal_tool, not %', coalesce(p_scope, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  principal := case when p_scope = 'tool' then '' else p_name end;
  tool := case p_scope when 'tool' then p_name when 'principal' then '' else p_tool end;
  if p_scope <> 'principal_tool' and p_tool is not null then
    raise exception 'only the scope principal_tool has a tool besides the name' using errcode = 'invalid_parameter_value';
  end if;
  if (p_scope <> 'tool' and (principal is null or octet_length(principal) not between 1 and 1000))
     or (p_scope <> 'principal' and (tool is null or octet_length(tool) not between 1 and 1000)) then
    raise exception 'a principal and a tool have 1 to 1000 bytes; * stands for each' using errcode = 'invalid_parameter_value';
  end if;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.rate_noted(p_principal text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case when p_principal in ('*', 'anonymous') then p_principal
              else left(encode(sha256(convert_to(p_principal, 'UTF8')), 'hex'), 16) end
$function$;

CREATE OR REPLACE FUNCTION trunkline.resource_updated(uri text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if uri is null or uri = '' or octet_length(uri) > 2048 then
    raise exception 'a resource URI has 1 to 2048 bytes' using errcode = 'invalid_parameter_value';
  end if;
  insert into trunkline.outbox (kind, about, payload)
  values ('resource_updated', uri,
          '{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":' || to_json(uri) || '}}');
end $function$;

CREATE OR REPLACE FUNCTION trunkline.retire_slot(p_slot integer, p_streams_max integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION trunkline.retire_streams(p_slot integer, p_after bigint, p_streams_max integer)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION trunkline.revoke_key(key_id bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update trunkline.api_keys k set revoked_at = clock_timestamp() where k.key_id = revoke_key.key_id and k.revoked_at is null;
  if not found then
    return false;
  end if;
  perform trunkline.ring('trunkline_all', 'k0');  -- a hint: who knows a key looks once a second anyway
  perform trunkline.note_action('revoke_key', 'key ' || revoke_key.key_id);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.ring(p_channel text, p_payload text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if pg_notification_queue_usage() < 0.9 then
    perform pg_notify(p_channel, p_payload);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.rotate_seal_key()
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_made record;
begin
  select * into v_made from trunkline.make_seal_key();
  if v_made.made then
    perform trunkline.note_action('rotate_seal_key', 'key ' || v_made.key_id);
  end if;
  return v_made.usable_at;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.send(session_id text, payload text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_line text := trunkline.notification_line(payload);
begin
  perform from trunkline.sessions s where s.session_id = send.session_id and s.ended_at is null;
  if found then
    insert into trunkline.outbox (kind, about, payload) values ('send', send.session_id, v_line);
  end if;
  return found;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.session_instance(session_id text)
 RETURNS integer
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select d.instance_id
     from trunkline.stream_directory d
    where d.session_id = session_instance.session_id and d.instance_id is not null
    order by d.standalone desc, d.stream_id desc
    limit 1 $function$;

CREATE OR REPLACE FUNCTION trunkline.set_enabled(kind text, name text, enabled boolean, principal text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_changed boolean;
  v_general boolean;
  v_before  boolean;
  v_list    text;
begin
  if kind is null or kind not in ('tool', 'resource', 'template', 'prompt') then
    raise exception 'the kinds are tool, resource, template and prompt, not %', coalesce(kind, 'null')
      using errcode = 'invalid_parameter_value';
  end if;
  if name is null or name = '' or octet_length(name) > 2048 then
    raise exception 'a name has 1 to 2048 bytes' using errcode = 'invalid_parameter_value';
  end if;
  v_list := case kind when 'tool' then 'tools' when 'prompt' then 'prompts' else 'resources' end;
  if principal is null then
    if enabled is null then
      raise exception 'enabled is true or false, not null; null takes back the switch of one principal'
        using errcode = 'null_value_not_allowed';
    end if;
    -- both statements wait for another switch of the same feature, so what is announced is what changed; no row means on
    if enabled then
      update trunkline.catalog_switches s set enabled = true
       where s.kind = set_enabled.kind and s.name = set_enabled.name and not s.enabled;
    else
      insert into trunkline.catalog_switches as s (kind, name, enabled)
      values (set_enabled.kind, set_enabled.name, false)
      on conflict on constraint catalog_switches_pk do update set enabled = false where s.enabled;
    end if;
    v_changed := found;
    if v_changed then
      perform trunkline.list_changed(v_list);
      perform trunkline.note_action('set_enabled', format('%s %s %s', kind, name, case when enabled then 'on' else 'off' end));
    end if;
    return v_changed;
  end if;

  if principal = '' or octet_length(principal) > 2048 or octet_length(principal) + octet_length(name) > 2500 then
    raise exception 'a principal has 1 to 2048 bytes, and 2500 together with the name' using errcode = 'invalid_parameter_value';
  end if;
  select p.enabled into v_before from trunkline.principal_switches p
   where p.principal = set_enabled.principal and p.kind = set_enabled.kind and p.name = set_enabled.name for update;
  if not found and enabled is not null
     and (select count(*) from (select from trunkline.principal_switches limit 10000) n) = 10000 then
    raise exception 'there are 10000 switches of principals, which is all that instances keep; decide by visibleTo, or take some back'
      using errcode = 'program_limit_exceeded';
  end if;
  if enabled is null then
    delete from trunkline.principal_switches p
     where p.principal = set_enabled.principal and p.kind = set_enabled.kind and p.name = set_enabled.name;
  else
    insert into trunkline.principal_switches as p (principal, kind, name, enabled)
    values (set_enabled.principal, set_enabled.kind, set_enabled.name, set_enabled.enabled)
    on conflict on constraint principal_switches_pk do update set enabled = excluded.enabled where p.enabled <> excluded.enabled;
  end if;
  v_changed := found;
  if v_changed then
    select s.enabled into v_general from trunkline.catalog_switches s where s.kind = set_enabled.kind and s.name = set_enabled.name;
    v_general := coalesce(v_general, true);
    if coalesce(v_before, v_general) <> coalesce(enabled, v_general) then
      insert into trunkline.outbox (kind, about, payload)
      values (v_list || '_changed', principal, '{"jsonrpc":"2.0","method":"notifications/' || v_list || '/list_changed"}');
    end if;
    -- a hash, as purge() writes it: the record outlives what is known of a person
    perform trunkline.note_action('set_enabled', format('%s %s %s for principal %s', kind, name,
      case when enabled then 'on' when not enabled then 'off' else 'as for all' end,
      left(encode(sha256(convert_to(principal, 'UTF8')), 'hex'), 16)));
  end if;
  return v_changed;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.set_log_level(p_session bigint, p_level text, OUT living boolean, OUT wakes wake[])
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_former text;
begin
  wakes := '{}';
  select log_level into v_former from trunkline.sessions
   where session_key = p_session and ended_at is null for no key update;
  living := found;
  if living and v_former is distinct from p_level then
    update trunkline.sessions set log_level = p_level where session_key = p_session;
    wakes := array[trunkline.announce_now('session_changed', p_session::text, convert_to('log level', 'UTF8'))];
  end if;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.set_rate(scope text, name text, rate text, burst integer DEFAULT NULL::integer, tool text DEFAULT NULL::text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_names   record;
  v_amount  int;
  v_seconds int;
  v_burst   int;
begin
  v_names := trunkline.rate_names(scope, name, tool);
  if rate is distinct from 'unlimited' then
    if rate is null or rate !~ '^[0-9]{1,7}/[smhd]$' or split_part(rate, '/', 1)::int > 1000000 then
      raise exception 'a rate is a number up to 1000000 in a second, minute, hour or day, such as 100/s, 20/m, 500/h or 1/d, or unlimited'
        using errcode = 'invalid_parameter_value';
    end if;
    v_amount := split_part(rate, '/', 1)::int;
    v_seconds := case split_part(rate, '/', 2) when 's' then 1 when 'm' then 60 when 'h' then 3600 else 86400 end;
    v_burst := coalesce(burst, greatest(v_amount, 1));
    if v_burst not between 1 and 10000000 then
      raise exception 'a burst is a number from 1 to 10000000' using errcode = 'invalid_parameter_value';
    end if;
  elsif burst is not null then
    raise exception 'what is unlimited has no burst' using errcode = 'invalid_parameter_value';
  end if;
  insert into trunkline.rate_limits as l (scope, principal, tool, amount, seconds, burst)
  values (set_rate.scope, v_names.principal, v_names.tool, v_amount, v_seconds, v_burst)
  on conflict on constraint rate_limits_pk do update
     set amount = excluded.amount, seconds = excluded.seconds, burst = excluded.burst, set_at = excluded.set_at
   where (l.amount, l.seconds, l.burst) is distinct from (excluded.amount, excluded.seconds, excluded.burst);
  if not found then
    return false;
  end if;
  insert into trunkline.outbox (kind, payload) values ('rates_changed', '{}');
  perform trunkline.note_action('set_rate', concat_ws(' ', scope, case when scope <> 'tool' then trunkline.rate_noted(v_names.principal) end,
                                                      nullif(v_names.tool, ''), rate, 'burst ' || v_burst));
  return true;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.settle_task_input(p_task bigint, p_executor integer, p_run integer, p_input bigint, p_answer bytea)
 RETURNS SETOF tasks
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_waits boolean;
begin
  perform from trunkline.tasks
    where task_key = p_task and executor = p_executor and run = p_run and status in ('working', 'input_required')
      for no key update;
  if not found then
    return;
  end if;
  update trunkline.task_inputs
     set outcome = case when p_answer is null then 'expired' else 'answered' end, answer = p_answer, settled_at = clock_timestamp()
   where task_key = p_task and input_id = p_input and run = p_run and outcome is null;
  if not found then
    return;
  end if;
  v_waits := exists (select from trunkline.task_inputs where task_key = p_task and run = p_run and outcome is null);
  return query
    update trunkline.tasks t
       set status = case when v_waits then t.status else 'working' end,
           status_message = case when v_waits then t.status_message end,
           updated_at = clock_timestamp(), changes = t.changes + 1
     where t.task_key = p_task
    returning t.*;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.sweep()
 RETURNS TABLE(chore text, done integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION trunkline.sweep_round()
 RETURNS TABLE(chore text, done integer)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_now timestamptz := clock_timestamp();
begin
  chore := 'questions abandoned';
  update trunkline.pending_requests set outcome = 'abandoned', settled_at = clock_timestamp()
   where pending_id in (
         select p.pending_id from trunkline.pending_requests p join trunkline.instances i on i.instance_id = p.asker
          where p.outcome is null
            and (p.task_input is null and (i.dead_at is not null or i.left_at is not null)
                 and not exists (select from trunkline.streams s where s.stream_id = p.stream_id and s.finished_at is null)
                 or p.deadline < v_now - interval '1 minute')
          order by p.pending_id limit 1000 for no key update of p skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'questions removed';
  delete from trunkline.pending_requests
   where pending_id in (
         select p.pending_id from trunkline.pending_requests p
          where p.outcome is not null and p.deadline < v_now - interval '10 minutes'
            and not exists (select from trunkline.streams s where s.stream_id = p.stream_id and s.finished_at is null)
          order by p.pending_id limit 1000 for update of p skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'holders released';
  with held as materialized (
         select s.stream_id, case when i.dead_at is null then 'drained' else 'fenced' end as reason
           from trunkline.streams s join trunkline.instances i on i.instance_id = s.holder_instance
          where i.dead_at is not null or i.left_at is not null
          order by s.stream_id limit 1000 for no key update of s skip locked)
  update trunkline.streams s set holder_instance = null, closed_at = clock_timestamp(), close_reason = h.reason
    from held h where s.stream_id = h.stream_id;
  get diagnostics done = row_count;
  return next;
  chore := 'moves removed';
  delete from trunkline.stream_moves m
   where m.stream_id in (
         select w.stream_id from trunkline.stream_moves w
          where not exists (select from trunkline.streams s
                             where s.stream_id = w.stream_id and s.holder_epoch = w.holder_epoch and s.holder_instance is not null)
          order by w.stream_id limit 1000 for update of w skip locked)
     and not exists (select from trunkline.streams s
                      where s.stream_id = m.stream_id and s.holder_epoch = m.holder_epoch and s.holder_instance is not null);
  get diagnostics done = row_count;
  return next;
  chore := 'streams removed';
  select f.removed into done from trunkline.forget_finished_streams(0, trunkline.history_age(), 1000) f;
  return next;
  chore := 'sessions removed';
  done := trunkline.forget_ended_sessions(interval '1 hour', 1000);
  return next;
  chore := 'elicitations removed';
  delete from trunkline.url_elicitations
   where elicitation_id in (
         select elicitation_id from trunkline.url_elicitations
          where expires_at < v_now - interval '1 hour'
          order by expires_at limit 1000 for update skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'tasks removed';
  done := trunkline.forget_expired_tasks(1000);
  return next;
  chore := 'announcements removed';
  with log as materialized (
         select trunkline.announcement_high() as high, trunkline.newest_announcement() as newest),
       old as (
         select o.id
           from ((select a.id, a.created_at from trunkline.announcements a order by a.id limit 1000)
                 union all
                 (select a.id, a.created_at from trunkline.announcements a
                   where a.id > (select high from log) order by a.id limit 1000)) o
          where o.created_at < v_now - interval '1 hour'),
       mine as materialized (
         select a.id from trunkline.announcements a
          where a.id in (select old.id from old) and a.id <> (select newest from log)
          order by a.id for update skip locked),
       gone as (
         delete from trunkline.announcements a using mine m where a.id = m.id returning a.id, a.kind),
       floor as (
         select max(g.id) as id from gone g
          where g.kind not in ('session_changed', 'call_cancelled') and g.id <= (select high from log)),
       raised as (
         update trunkline.control c set announcement_floor = f.id from floor f where f.id > c.announcement_floor)
  select count(*)::int into done from gone;
  return next;
  chore := 'instances removed';
  delete from trunkline.instances
   where instance_id in (
         select i.instance_id from trunkline.instances i
          where coalesce(i.dead_at, i.left_at) < v_now - interval '30 days'
          order by i.instance_id limit 1000 for update skip locked);
  get diagnostics done = row_count;
  return next;
  chore := 'operator actions removed';
  done := trunkline.forget_operator_actions(1000);
  return next;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.timeline()
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select coalesce((select c.timeline from trunkline.control c),
                   ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int)::bigint $function$;

CREATE OR REPLACE FUNCTION trunkline.trim_history(session_id text, keep integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_key     bigint;
  v_streams bigint[];
  v_trimmed int;
begin
  if keep is null or keep < 0 then
    raise exception 'keep is the number of messages to keep, 0 or more' using errcode = 'invalid_parameter_value';
  end if;
  select s.session_key into v_key from trunkline.sessions s where s.session_id = trim_history.session_id;
  v_streams := array(select t.stream_id from trunkline.streams t where t.session_key = v_key);
  v_trimmed := trunkline.trim_streams(v_streams, keep);
  if v_trimmed > 0 then
    perform trunkline.note_action('trim_history', format('session %s: %s streams keep %s messages', v_key, v_trimmed, keep));
  end if;
  return v_trimmed;
end $function$;

CREATE OR REPLACE FUNCTION trunkline.trim_streams(p_streams bigint[], p_keep integer)
 RETURNS integer
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with mine as materialized (
         select stream_id, trimmed_through from trunkline.streams
          where stream_id = any (p_streams) order by stream_id for no key update skip locked),
       floors as (
         select m.stream_id, f.event_id from mine m
          cross join lateral (select event_id from trunkline.outbound_messages o
                               where o.stream_id = m.stream_id and o.event_id > m.trimmed_through
                               order by event_id desc offset p_keep limit 1) f),
       moved as (
         update trunkline.streams s set trimmed_through = f.event_id from floors f where s.stream_id = f.stream_id
         returning s.stream_id)
  select count(*)::int from moved
$function$;

CREATE OR REPLACE FUNCTION trunkline.truncate_slot(p_slot integer, p_patience interval)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION trunkline.undrain(instance integer)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  i trunkline.instances;
begin
  if instance is null then
    raise exception 'an instance is named by its number, not by null' using errcode = 'null_value_not_allowed';
  end if;
  select * into i from trunkline.instances n where n.instance_id = instance for no key update;
  case
    when not found then return 'unknown instance';
    when i.left_at is not null then return 'left';
    when i.dead_at is not null then return 'dead';
    when i.leaving_at is not null then return 'leaves';
    when not i.steerable then return 'older release';
    when i.drain_wanted_at is null then return 'serves already';
    else null;
  end case;
  update trunkline.instances n set drain_wanted_at = null where n.instance_id = instance;
  perform trunkline.ring('trunkline_' || instance, 'i' || instance);
  perform trunkline.note_action('undrain', 'instance ' || instance);
  return 'serves again';
end $function$;

CREATE OR REPLACE FUNCTION trunkline.void_question(question bigint)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_asker int;
begin
  update trunkline.pending_requests p set outcome = 'expired', settled_at = clock_timestamp()
   where p.pending_id = question and p.outcome is null and p.task_input is null
  returning p.asker into v_asker;
  if not found then
    return false;
  end if;
  perform trunkline.ring('trunkline_' || v_asker, 'a' || question);  -- a hint: it looks with each poll anyway
  perform trunkline.note_action('void_question', 'question ' || question);
  return true;
end $function$;

CREATE TRIGGER tasks_alone BEFORE UPDATE OF run ON trunkline.tasks FOR EACH ROW WHEN (((old.session_id IS NULL) AND (new.run <> old.run) AND (new.alone_run IS DISTINCT FROM new.run))) EXECUTE FUNCTION pass_over();
