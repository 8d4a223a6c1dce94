-- Question: What did operators do?
-- Output: a row per action of the last 30 days, the latest first: acted_at, action (the function), about, by_user, application_name,
--         client_addr (empty: over a local socket), told_by (the instance whose log has it; empty: none yet).
-- Cost: the newest 1,000 rows, by index.
-- Role: trunkline_auditor

select acted_at, action, about, by_user, application_name, client_addr, told_by
  from trunkline.operator_actions
 order by acted_at desc
 limit 1000;
