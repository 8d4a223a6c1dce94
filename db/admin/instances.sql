-- Question: Which instances serve, since when, and how do they hear of news?
-- Output: a row per instance that was not forgotten yet: instance_id, state (ready, draining, silent, dead,
--         left), url, streams_held, wake_mode (notify or polling), version, beat_at, started_at, drain_wanted_at (by SQL), drained_at
--         (since when it holds nothing). All that serve must be ready.
-- Cost: that of the rows returned. streams_held is what each said with its last beat.
-- Role: trunkline_reader

select instance_id, state, url, streams_held, wake_mode, version, beat_at, started_at, drain_wanted_at,
       drained_at
  from trunkline.instance_directory
 order by instance_id;
