-- Purpose: counts the cancels that a session has announced lately (cancel_call_anywhere).
-- Rolling: an index on the few rows that are cancels; building it waits for writers of announcements and lets readers be.
-- Check: explain select from trunkline.announcements where kind = 'call_cancelled' and split_part(about, ' ', 1) = '1'; may use it.

create index announcements_session_cancels_idx on trunkline.announcements (split_part(about, ' ', 1), created_at)
  where kind = 'call_cancelled';
