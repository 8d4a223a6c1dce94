-- Question: Which rates were set?
-- Output: a row per rate: scope (principal, tool or principal_tool), principal and tool (* is each without a row of its own), rate, burst, set_at.
--         The options of the instances are not among them.
-- Cost: the rows, which are few.
-- Role: trunkline_app

select scope, principal, tool, rate, burst, set_at
  from trunkline.rates
 order by scope, principal, tool
 limit 1000;
