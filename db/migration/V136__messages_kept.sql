-- Purpose: the messages that a session is kept, counted for whoever asks why a client got nothing; and, apart from that, what they say.
-- Rolling: two views that an instance of the release before never looks at.
-- Check: select count(*) from trunkline.message_directory where session_key = 0;   -- 0

create view trunkline.message_directory as
  select t.session_key, m.stream_id, m.event_id, m.created_at, octet_length(m.payload) as bytes,
         m.event_id <= t.position_own as delivered
    from trunkline.streams t join trunkline.outbound_messages m on m.stream_id = t.stream_id and m.event_id > t.trimmed_through;

comment on view trunkline.message_directory is 'Messages that are kept, without those that nobody can ask for any more, and no payload. It reads all unless those of one session or stream are asked for.';
comment on column trunkline.message_directory.session_key is 'whose stream it is';
comment on column trunkline.message_directory.stream_id is 'in which it is';
comment on column trunkline.message_directory.event_id is 'its place there, and among all messages';
comment on column trunkline.message_directory.created_at is 'when it was published, by the database''s clock';
comment on column trunkline.message_directory.bytes is 'of its payload';
comment on column trunkline.message_directory.delivered is 'whether its client is known to have it; the places of clients that listen are written every half minute';

create view trunkline.message_payloads as
  select m.stream_id, m.event_id, m.payload from trunkline.outbound_messages m;

comment on view trunkline.message_payloads is 'What messages say; it reads all unless those of one stream are asked for. No role but those that serve may read it; the console shows it with --console-payloads.';
comment on column trunkline.message_payloads.stream_id is 'in which the message is';
comment on column trunkline.message_payloads.event_id is 'its place there';
comment on column trunkline.message_payloads.payload is 'one JSON-RPC message in UTF-8, on one line';
