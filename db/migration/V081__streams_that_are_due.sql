-- Purpose: unfinished streams by their writer, streams that were handed on, and finished ones of calls by their end: found, not looked for.
--          A stream's last word is no HOT update any more, one in its life; what it is updated by besides (claims, positions, closes) is.
-- Rolling: indexes only. Whoever writes a stream waits while they are built, a second for a million streams, and tries again.
-- Check: explain select from trunkline.streams where writer_instance = 1 and finished_at is null;

create index streams_writer_idx on trunkline.streams (writer_instance, stream_id) where finished_at is null and writer_instance is not null;
create index streams_handed_idx on trunkline.streams (stream_id) where handed_epoch = writer_epoch and finished_at is null;
create index streams_finished_idx on trunkline.streams (finished_at) where finished_at is not null and not standalone;
