-- Question: What was announced to all instances lately?
-- Output: a row per announcement of about the last hour, the latest first: id, kind, bytes, created_at.
-- Cost: the newest 1,000 rows, by index.
-- Role: trunkline_reader

select id, kind, bytes, created_at
  from trunkline.announcement_directory
 order by id desc
 limit 1000;
