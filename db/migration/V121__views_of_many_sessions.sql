-- Purpose: an operator's views answer soon with a million sessions, or say how. stream_directory joins sessions only for whoever wants a session's id:
--          counting its rows read both tables. What a view costs, and what narrows it, is in its comment.
-- Rolling: the columns are the same; a stream without a session, which no release leaves, is shown with the session's id null.
-- Check: select count(*) from trunkline.stream_directory;

create or replace view trunkline.stream_directory as
  select s.session_id, t.stream_id, t.standalone, t.holder_instance as instance_id, t.holder_epoch as epoch,
         t.opened_at, t.closed_at, t.close_reason, t.finished_at, t.session_key
    from trunkline.streams t
    left join trunkline.sessions s using (session_key);

comment on view trunkline.stream_directory is 'Which instance has the client''s socket of which stream; instance_id is null while nobody has. By index: session_id, session_key, stream_id; anything else, also instance_id, reads all streams, a fifth of a second for a million.';
comment on view trunkline.session_directory is 'What each session is and holds. By index: session_id, session_key, or principal together with ended_at is null. Without one of these a limit, since the four counts are look-ups for each row returned; an order by times reads all sessions, half a second for a million; order by session_key desc is the newest first, by index.';
comment on view trunkline.client_directory is 'The living sessions by what their clients say they are; reads all of them, a third of a second for a million. Of one principal: select client, count(*) from trunkline.session_directory where principal = … and ended_at is null group by client.';
comment on view trunkline.instance_directory is 'Every instance that ever registered and was not forgotten yet. streams_held is counted by a scan of all streams, a fifth of a second for a million; whoever does not select it does not pay for it.';
