-- Question: Which users were sent to a web page and are not done there?
-- Output: a row per open elicitation: elicitation_id, session_id, principal, created_at, expires_at.
-- Cost: a scan of the elicitations of the last two hours.
-- Role: trunkline_app

select e.elicitation_id, s.session_id, e.principal, e.created_at, e.expires_at
  from trunkline.url_elicitations e
  join trunkline.sessions s using (session_key)
 where e.completed_at is null and e.expires_at > clock_timestamp()
 order by e.created_at;
