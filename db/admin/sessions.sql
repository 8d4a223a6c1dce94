-- Question: Which sessions live, whose are they, and what do they hold?
-- Output: a row per living session, the latest opened first: session_key, revision, principal, client, log_level, created_at,
--         last_used_at, open_streams, running_calls, pending_requests, subscriptions.
--         The id of one, for end_session and send, only trunkline_app sees: session_directory.session_id.
-- Cost: four look-ups by index for each of the rows returned, however many sessions there are. Of one principal: and principal = '…'.
--         The latest used first, order by last_used_at desc, reads all sessions: half a second for a million.
-- Role: trunkline_reader

select session_key, revision, principal, client, log_level, created_at, last_used_at,
       open_streams, running_calls, pending_requests, subscriptions
  from trunkline.session_directory
 where ended_at is null
 order by session_key desc
 limit 1000;
