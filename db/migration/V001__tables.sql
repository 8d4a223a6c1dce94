-- Purpose: the tables and sequences of Trunkline; what each is for stands in db/README.md.
-- Rolling: the first migration, nothing runs before it.
-- Check: select count(*) from pg_tables where schemaname = 'trunkline'; expects 14 plain and partitioned tables and 16 leaves
--        beside Flyway's own.

create schema if not exists trunkline;

-- Event ids are (id_base + timeline) << 47 | sequence. CACHE must stay 1: the order of the numbers is the order of the messages.
create sequence trunkline.event_seq as bigint maxvalue 140737488355327 cache 1;
create sequence trunkline.announcement_seq as bigint maxvalue 140737488355327 cache 1;

-- Facts about the whole cluster: one row, read once per batch.
create table trunkline.control (
  one                 boolean     not null default true,
  id_base             int         not null default 0,   -- raised at start when the next id would not exceed id_high
  id_high             bigint      not null default 0,   -- written by the sweep and at each retirement: no scan at start
  current_slot        smallint    not null default 0,   -- explicit, never derived from a clock
  slot_opened_at      timestamptz not null default clock_timestamp(),
  announcement_floor  bigint      not null default 0,   -- announcements at or below are gone
  constraint control_pk primary key (one),
  constraint control_one_ck check (one)
) with (fillfactor = 50);
insert into trunkline.control default values;

create table trunkline.instances (
  instance_id   int         generated always as identity,
  lease_until   timestamptz not null,
  beat_at       timestamptz not null default clock_timestamp(),
  wake_mode     text        not null default 'notify',  -- how it learns of news: notify or polling
  dead_at       timestamptz,                            -- declared dead: fenced for ever
  left_at       timestamptz,                            -- said goodbye
  draining_at   timestamptz,
  heard_through bigint      not null default 0,         -- announcements it has acted on
  url           text        not null,
  version       text        not null,
  started_at    timestamptz not null default clock_timestamp(),
  constraint instances_pk primary key (instance_id)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

create table trunkline.sessions (
  last_used_at   timestamptz not null default clock_timestamp(),  -- touched in batches; first, so that a touch copies little before it
  ended_at       timestamptz,
  end_reason     text,
  log_level      text,                                            -- null: the client has not chosen
  session_key    bigint      generated always as identity,
  session_id     text        not null,                            -- the Mcp-Session-Id header: 32 hex digits
  revision       text        not null,
  principal      text        not null,
  announced_from bigint      not null,                            -- announcements at or below are older than the session
  created_at     timestamptz not null default clock_timestamp(),
  capabilities   text        not null,
  client         text        not null,
  constraint sessions_pk primary key (session_key),
  constraint sessions_id_uk unique (session_id),                  -- find
  constraint sessions_id_ck check (session_id ~ '^[0-9a-f]{32}$')
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);

create table trunkline.session_values (
  session_key bigint not null,
  name        text   not null,
  value       text   not null,
  constraint session_values_pk primary key (session_key, name)
);

create table trunkline.subscriptions (
  uri         text   not null,
  session_key bigint not null,
  constraint subscriptions_pk primary key (uri, session_key)
);
create index subscriptions_session_idx on trunkline.subscriptions (session_key);  -- the clean-up of an ended session

create table trunkline.streams (
  stream_id             bigint      generated always as identity,
  session_key           bigint      not null,
  standalone            boolean     not null,            -- the session's one stream that belongs to no call
  holder_instance       int,                             -- who has the client's socket, if anybody; no index: it would end HOT updates
  holder_epoch          bigint      not null default 0,  -- +1 at every claim: fences the former holder
  writer_instance       int,
  writer_epoch          int         not null default 0,  -- who may write: 0 = anybody (standalone), n = the n-th run of a call
  trimmed_through       bigint      not null default 0,  -- ids at or below are gone; a cursor below it has a gap
  position_own          bigint      not null default 0,  -- where a GET without Last-Event-ID starts
  position_announcement bigint      not null default 0,
  position_settled      boolean     not null default true,
  created_at            timestamptz not null default clock_timestamp(),
  opened_at             timestamptz,                     -- facts of the socket; the stream's own end is finished_at
  closed_at             timestamptz,
  close_reason          text,
  finished_at           timestamptz,                     -- no more will be written; it is still claimed and replayed
  constraint streams_pk primary key (stream_id)
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200);
create index streams_session_idx on trunkline.streams (session_key);  -- end of a session, its standalone stream

-- A client's request that has become a stream; one that answers JSON has no row.
create table trunkline.calls (
  call_id        bigint      generated always as identity,
  stream_id      bigint      not null,
  session_key    bigint      not null,
  request_id     text        not null,                   -- as JSON text, so 1 and "1" differ
  method         text        not null,
  request        bytea       not null,                   -- what a re-run needs
  principal      text        not null,
  rerunnable     boolean     not null,
  runs           int         not null default 1,
  cancelled_at   timestamptz,
  cancel_reason  text,
  finished_at    timestamptz,
  created_at     timestamptz not null default clock_timestamp(),
  constraint calls_pk primary key (call_id)
) with (fillfactor = 80);
create index calls_stream_idx on trunkline.calls (stream_id);                      -- finish, take-over
create index calls_request_idx on trunkline.calls (session_key, request_id);       -- cancel; end of a session

-- Append-only, no foreign key (it would lock a parent row per message), no further index; space comes back by TRUNCATE.
create table trunkline.outbound_messages (
  stream_id  bigint      not null,
  event_id   bigint      not null,
  slot       smallint    not null,
  payload    bytea       not null,                       -- final UTF-8 bytes, never re-serialised
  created_at timestamptz not null default clock_timestamp(),
  constraint outbound_messages_pk primary key (stream_id, event_id, slot),
  constraint outbound_messages_one_line_ck                -- CR or LF would forge SSE lines
    check (position('\x0a'::bytea in payload) = 0 and position('\x0d'::bytea in payload) = 0)
) partition by list (slot);

-- Makes a retry after an unknown COMMIT safe: whoever commits first wins, the other reads this row.
create table trunkline.publish_batches (
  writer    bigint   not null,                           -- instance id * 256 + lane
  batch_no  bigint   not null,
  slot      smallint not null,                           -- chosen once by the writer, the same on every attempt
  event_ids bigint[] not null,
  rejected  int[]    not null,
  constraint publish_batches_pk primary key (writer, batch_no, slot)
) partition by list (slot);

do $$
declare
  parent text;
begin
  foreach parent in array array['outbound_messages', 'publish_batches'] loop
    for slot in 0..7 loop
      execute format('create table trunkline.%1$s_%2$s partition of trunkline.%1$s for values in (%2$s) '
                     'with (autovacuum_enabled = off)', parent, slot);
    end loop;
  end loop;
end $$;

create table trunkline.pending_requests (
  pending_id    bigint      not null,                    -- the JSON-RPC id on the wire: asker << 32 | number, unique for ever
  session_key   bigint      not null,
  stream_id     bigint      not null,
  asker         int         not null,                    -- the instance that waits
  ordinal       int         not null,                    -- the k-th question of its stream: what a re-run finds it by
  method        text        not null,
  digest        bytea       not null,                    -- SHA-256 of method and parameters
  deadline      timestamptz not null,
  created_at    timestamptz not null default clock_timestamp(),
  outcome       text,
  answer        bytea,                                   -- the client's result or error, as it came
  settled_at    timestamptz,
  constraint pending_requests_pk primary key (pending_id),
  constraint pending_requests_outcome_ck
    check (outcome in ('answered', 'expired', 'cancelled', 'session ended', 'abandoned'))
) with (fillfactor = 70);
create index pending_requests_session_idx on trunkline.pending_requests (session_key);  -- end of a session
create index pending_requests_stream_idx on trunkline.pending_requests (stream_id);     -- cancel, re-run
create index pending_requests_deadline_idx on trunkline.pending_requests (deadline);    -- sweep

-- The one row whose lock orders announcements: locked, never updated, so it does not bloat.
create table trunkline.announcement_lock (
  one boolean not null default true,
  constraint announcement_lock_pk primary key (one),
  constraint announcement_lock_one_ck check (one)
);
insert into trunkline.announcement_lock default values;

create table trunkline.announcements (
  id         bigint      not null,
  kind       text        not null,
  about      text        not null default '',            -- a URI, a session key, a request; by kind
  payload    bytea,
  writer     bigint,                                     -- (writer, batch_no, ord) makes a retry safe, as in publish_batches
  batch_no   bigint,
  ord        int,
  created_at timestamptz not null default clock_timestamp(),
  constraint announcements_pk primary key (id),
  constraint announcements_batch_uk unique (writer, batch_no, ord)
);

-- What SQL callers hand in, in their own transaction; any instance moves it on, exactly once.
create table trunkline.outbox (
  outbox_id  bigint      generated always as identity,
  kind       text        not null,
  about      text        not null default '',            -- a session id, a URI, a list; by kind
  payload    text,
  created_at timestamptz not null default clock_timestamp(),
  constraint outbox_pk primary key (outbox_id)
);

create table trunkline.catalog_switches (
  kind    text    not null,
  name    text    not null,
  enabled boolean not null,
  constraint catalog_switches_pk primary key (kind, name),
  constraint catalog_switches_kind_ck check (kind in ('tool', 'resource', 'template', 'prompt'))
);

-- One place that knows the timeline; services without pg_walfile_name replace the body by a constant.
create function trunkline.timeline() returns bigint language sql stable set search_path = pg_catalog as
$$ select ('x' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8))::bit(32)::int::bigint $$;

-- The high bits of every id drawn now. Two timelines, or a raised base, never issue the same id.
create function trunkline.id_prefix() returns bigint language sql stable set search_path = pg_catalog as
$$ select (id_base + trunkline.timeline()) << 47 from trunkline.control $$;
