-- Action: Shortens the history that a session's streams keep for clients that come back.
-- Input: session_id; keep, messages of each stream
-- Output: trim_history: the number of streams that were shortened.
-- Cost: the history of one session is read; no row of it is deleted.
-- Role: trunkline_app

select trunkline.trim_history(:'session_id', :'keep');
