-- Question: Which clients are there, by name and version?
-- Output: a row per name, version and revision of living sessions, the most frequent first: name, version, revision, sessions, oldest_at,
--         last_used_at. Names are what clients say of themselves.
-- Cost: a scan of the sessions, a third of a second for a million. Of one principal, by index: select client, count(*) from
--         trunkline.session_directory where principal = '…' and ended_at is null group by client.
-- Role: trunkline_reader

select name, version, revision, sessions, oldest_at, last_used_at
  from trunkline.client_directory
 order by sessions desc, name, version
 limit 1000;
