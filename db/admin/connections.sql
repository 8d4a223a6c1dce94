-- Question: Who is connected where?
-- Output: a row per open stream: session_key, stream_id, standalone (false: a call's stream), instance_id, epoch, opened_at.
-- Cost: a scan of the streams, a fifth of a second for a million.
-- Role: trunkline_reader

select session_key, stream_id, standalone, instance_id, epoch, opened_at
  from trunkline.stream_directory
 where instance_id is not null
 order by opened_at;
