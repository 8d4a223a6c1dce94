-- Purpose: a writer that goes on living hands a stream on (it is drained, not gone), and a stream is closed because its session migrates.
-- Rolling: a column without a default, and a wider check: not validated here, since that would look at every row under this lock. A
--          running release reads neither; whatever it takes over has another epoch, which takes the word back.
-- Check: select stream_id from trunkline.streams where handed_epoch = writer_epoch;

alter table trunkline.streams
  add column handed_epoch int,   -- the writer of this epoch left the stream unfinished to whoever takes it over
  drop constraint streams_close_reason_ck,
  add constraint streams_close_reason_ck
    check (close_reason in ('ended', 'taken over', 'client left', 'slow', 'database away', 'drained', 'released', 'abandoned',
                            'fenced', 'migrated')) not valid;
