-- Purpose: what people and dashboards could read only from tables with payloads: calls, questions, slots, announcements, and which
--          clients there are, by name and version.
-- Rolling: views only; no instance reads them.
-- Check: select * from trunkline.slot_directory;   -- eight rows, one of them written

create view trunkline.call_directory as
select c.call_id, c.session_key, s.session_id, c.stream_id, c.request_id, c.method, c.principal, t.writer_instance as instance_id,
       c.rerunnable, c.runs, c.created_at, c.cancelled_at, c.finished_at
  from trunkline.calls c
  join trunkline.sessions s using (session_key)
  left join trunkline.streams t using (stream_id);

create view trunkline.question_directory as
select p.pending_id, p.session_key, s.session_id, p.stream_id, p.task_input, p.method, p.asker as instance_id,
       p.created_at, p.deadline, p.outcome, p.settled_at, p.progress, p.progress_total
  from trunkline.pending_requests p
  join trunkline.sessions s using (session_key);

-- The number of messages is what the statistics say, which a crash of the server sets back. The oldest one lies on the first pages:
-- messages are added at the end, and a slot is emptied as a whole. Where a purge has emptied those, it is not known.
create view trunkline.slot_directory as
select n.slot, n.slot = c.current_slot as written, case when n.slot = c.current_slot then c.slot_opened_at end as written_since,
       pg_stat_get_live_tuples(m.oid) as messages, pg_total_relation_size(m.oid) as message_bytes,
       pg_total_relation_size(b.oid) as batch_bytes,
       (select min(o.created_at) from trunkline.outbound_messages o where o.slot = n.slot and o.ctid < '(4,0)'::tid) as oldest_at
  from (select generate_series(0, 7)::smallint as slot) n
  join pg_class m on m.relnamespace = 'trunkline'::regnamespace and m.relname = 'outbound_messages_' || n.slot
  join pg_class b on b.relnamespace = 'trunkline'::regnamespace and b.relname = 'publish_batches_' || n.slot
  left join trunkline.control c on true;

create view trunkline.announcement_directory as
select a.id, a.kind, a.about, octet_length(a.payload) as bytes, a.created_at
  from trunkline.announcements a;

-- Each spelling is read once, however many sessions have it. A name is what the client says of itself, as JSON spells it, cut.
create view trunkline.client_directory as
select c.name, c.version, c.revision, sum(c.sessions)::bigint as sessions, min(c.oldest_at) as oldest_at,
       max(c.last_used_at) as last_used_at
  from (select coalesce(left(substring(left(g.client, 4096) from '"name"\s*:\s*"((?:[^"\\]|\\.)*)"'), 200), '') as name,
               coalesce(left(substring(left(g.client, 4096) from '"version"\s*:\s*"((?:[^"\\]|\\.)*)"'), 200), '') as version,
               g.revision, g.sessions, g.oldest_at, g.last_used_at
          from (select s.client, s.revision, count(*) as sessions, min(s.created_at) as oldest_at, max(s.last_used_at) as last_used_at
                  from trunkline.sessions s where s.ended_at is null group by s.client, s.revision) g) c
 group by c.name, c.version, c.revision;
