-- Question: How big will it get, at the pace of now?
-- Output: one row: messages_per_hour and bytes_per_hour (of the slots that hold messages, from the oldest one to now), history_age (what
--         instances promise), bytes_now (of the slots), bytes_at_most (four thirds of the age at this pace), bytes_per_day (written, most of it
--         removed again), living_sessions, sessions_per_hour (opened in the last hour).
-- Cost: the first pages and sizes of the slots, a scan of an index of the living sessions, and the 100,000 newest, of which those of the
--         last hour are counted.
-- Role: trunkline_app

select round(h.messages / h.hours) as messages_per_hour, round(h.bytes / h.hours) as bytes_per_hour,
       trunkline.history_age() as history_age, h.bytes as bytes_now,
       round(h.bytes / h.hours * extract(epoch from trunkline.history_age()) / 3600 * 4 / 3) as bytes_at_most,
       round(h.bytes / h.hours * 24) as bytes_per_day, s.living_sessions, s.sessions_per_hour
  from (select sum(d.messages) as messages, sum(d.message_bytes + d.batch_bytes) as bytes,
               greatest(extract(epoch from clock_timestamp() - coalesce(min(d.oldest_at), clock_timestamp())) / 3600, 1.0 / 60) as hours
          from trunkline.slot_directory d) h
 cross join (select (select count(*) from trunkline.sessions x where x.ended_at is null) as living_sessions,
                    (select count(*) from (select x.created_at from trunkline.sessions x order by x.session_key desc limit 100000) n
                      where n.created_at > clock_timestamp() - interval '1 hour') as sessions_per_hour) s;
