-- Question: What did clients and operators do lately?
-- Output: a row per request, or per so many refusals (times), and per action of an operator, the latest first: at, by (client or operator),
--         principal, credential, client, peer, method, name, arguments (a digest), outcome, code, millis, run, times, instance_id, session_key,
--         task_key, era, trace.
-- Cost: the records of the last hour, by a block range index; all slots are looked at.
-- Role: trunkline_auditor

select at, by, principal, credential, client, peer, method, name, arguments, outcome, code, millis, run, times, instance_id, session_key,
       task_key, era, trace
  from trunkline.audit
 where at > now() - interval '1 hour'
 order by at desc
 limit 1000;
