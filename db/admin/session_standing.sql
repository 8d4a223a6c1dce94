-- Question: Why did this client get nothing? Where does each of its streams stand?
-- Input: session_id
-- Output: a row per stream, the standalone one first: session_key, ended_at, end_reason; stream_id, standalone; holder (the instance
--         with its connection; empty: nobody is connected, the client has to come back), holder_state, opened_at, closed_at, close_reason;
--         read_through (the newest message that is known to be read), backlog (messages after it that are kept, 1,000 at most),
--         backlog_since, floor (messages up to here are gone), waiting_sends (not moved on yet), questions (open ones), finished_at.
--         Messages in the backlog of a stream that is held reach the client now; a floor above read_through is a gap, which it is told.
-- Cost: look-ups by index, up to 1,000 messages a stream.
-- Role: trunkline_app

select s.session_key, s.ended_at, s.end_reason, t.stream_id, t.standalone, t.holder_instance as holder,
       case when i.instance_id is null then null
            when i.left_at is not null then 'left'
            when i.dead_at is not null then 'dead'
            when i.lease_until < clock_timestamp() then 'silent'
            when i.draining_at is not null then 'draining'
            else 'ready' end as holder_state,
       t.opened_at, t.closed_at, t.close_reason, t.position_own as read_through, m.messages as backlog, m.since as backlog_since,
       t.trimmed_through as floor,
       (select count(*) from trunkline.outbox o where o.about = s.session_id) as waiting_sends,
       (select count(*) from trunkline.pending_requests p where p.session_key = s.session_key and p.outcome is null) as questions,
       t.finished_at
  from trunkline.sessions s
  join trunkline.streams t using (session_key)
  left join trunkline.instances i on i.instance_id = t.holder_instance
  cross join lateral (select count(*) as messages, min(o.created_at) as since
                        from (select created_at from trunkline.outbound_messages b
                               where b.stream_id = t.stream_id and b.event_id > greatest(t.position_own, t.trimmed_through)
                               limit 1000) o) m
 where s.session_id = :'session_id'
 order by t.standalone desc, t.stream_id desc;
