-- Purpose: sessions that ended, by their end: found, not looked for. Ending one was no HOT update before.
-- Rolling: an index only. Whoever writes a session waits while it is built, half a second for a million, and tries again.
-- Check: explain select from trunkline.sessions where ended_at < now();

create index sessions_ended_idx on trunkline.sessions (ended_at) where ended_at is not null;
