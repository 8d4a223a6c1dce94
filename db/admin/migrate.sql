-- Action: Sends a session to another instance: its standalone stream is closed, with a pause and the number of that instance for the
--         client and whoever is between. Nobody can choose where a client connects; its next GET, wherever it lands, goes on at the
--         next message. Running calls stay where they are.
-- Input: session_id; instance_id
-- Output: migrate: moved, as soon as its holder reads it; already there; no open stream, so that there is nothing to close; unknown
--         session; unknown instance; instance not ready; older revision, whose streams are not closed early (before 2025-11-25): it
--         stays until its client reconnects; older release, of the holder.
-- Cost: three look-ups by key and an insert.
-- Role: trunkline_app

select trunkline.migrate(:'session_id', :'instance_id');
