-- Question: Which API keys are there, whose are they, and when were they used?
-- Output: a row per key, the newest first: key_id, principal, scopes, created_at, expires_at, revoked_at, last_used_at, state (living, expired
--         or revoked; removed a month after its end).
-- Cost: a scan of the keys.
-- Role: trunkline_reader

select key_id, principal, scopes, created_at, expires_at, revoked_at, last_used_at, state
  from trunkline.key_directory
 order by key_id desc
 limit 1000;
