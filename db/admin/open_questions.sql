-- Question: What has the server asked clients that nobody has answered yet?
-- Output: a row per open question, the most urgent first: pending_id (its JSON-RPC id), session_id, method, asker (an instance),
--         created_at, deadline, progress, progress_total, progress_message (what the client said of how far it is).
-- Cost: a scan of the questions of the last minutes.
-- Role: trunkline_app

select p.pending_id, s.session_id, p.method, p.asker, p.created_at, p.deadline,
       p.progress, p.progress_total, p.progress_message
  from trunkline.pending_requests p
  join trunkline.sessions s using (session_key)
 where p.outcome is null
 order by p.deadline;
