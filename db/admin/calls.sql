-- Question: Which calls run, and where?
-- Output: a row per running call that has become a stream, the oldest first: call_id, session_key, principal, method, request_id, instance_id,
--         runs (2: taken over), rerunnable, created_at, cancelled_at (its handler does not stop).
-- Cost: a scan of the calls, with two look-ups by index for each of the rows returned.
-- Role: trunkline_reader

select call_id, session_key, principal, method, request_id, instance_id, runs, rerunnable, created_at, cancelled_at
  from trunkline.call_directory
 where finished_at is null
 order by created_at
 limit 1000;
