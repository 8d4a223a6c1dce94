-- Purpose: whoever looks at the schema with psql, or any other tool, reads what each thing is: tables, columns, views, functions, sequences.
-- Rolling: comments only. Each takes a lock that no statement of an instance waits for; it waits for VACUUM.
-- Check: select trunkline_object from (select c.relname as trunkline_object from pg_class c where c.relnamespace = 'trunkline'::regnamespace
--          and c.relkind in ('r', 'p', 'v', 'S') and obj_description(c.oid) is null) o;   -- no row but flyway_schema_history

-- Waits for a vacuum, which makes room after a second; it keeps nobody waiting meanwhile.
set local lock_timeout = '1min';

comment on schema trunkline is 'Trunkline: an MCP server that scales out on PostgreSQL alone; db/README.md';

do $$
declare
  c record;
begin
  for c in select * from (values
    ('control', 'one row for the cluster: id base, highest id seen, current slot, floor of the announcements, and where the database is'),
    ('instances', 'one start of one server: its lease, how it hears, what it promises, how it ended'),
    ('sessions', 'one client''s conversation'),
    ('session_values', 'a tool''s value in a session'),
    ('subscriptions', 'a session''s interest in a resource'),
    ('streams', 'an ordered sequence of messages with at most one reader'),
    ('calls', 'a client''s request that has become a stream, with what a further run needs'),
    ('outbound_messages', 'messages to clients, append-only, in eight slots'),
    ('publish_batches', 'what a batch became, for whoever does not know whether it was stored'),
    ('pending_requests', 'questions of the server that a client owes an answer'),
    ('tasks', 'calls that their clients asked to be run as tasks'),
    ('task_inputs', 'what a task asked its client, and the answer'),
    ('url_elicitations', 'web pages that users were asked to open'),
    ('announcements', 'what every instance must hear, in one order'),
    ('announcement_lock', 'one row whose lock orders the announcements; never updated'),
    ('outbox', 'what SQL callers handed in, until an instance moves it on'),
    ('catalog_switches', 'features that were switched off, or on again'),
    ('operator_actions', 'what operators did, kept for thirty days'),
    ('instance_directory', 'for people: the instances and their states'),
    ('session_directory', 'for people: the sessions and what they hold'),
    ('stream_directory', 'for people: the streams and who is connected where'),
    ('task_directory', 'for people: the tasks and who runs them'),
    ('call_directory', 'for people: the calls and who runs them'),
    ('question_directory', 'for people: what clients were asked, and how that ended'),
    ('slot_directory', 'for people: what the slots of the history hold, how big, since when'),
    ('announcement_directory', 'for people: what was announced'),
    ('client_directory', 'for people: living sessions by the name and version that clients give themselves'),
    ('issuing', 'for statements that issue ids: the slot and the high bits, checked'),
    ('announcement_seq', 'the low bits of announcement ids; drawn under the lock of the log, CACHE 1'),
    ('event_seq', 'the low bits of event ids; drawn under the lock of a stream, CACHE 1'),
    ('task_input_seq', 'the ids of tasks'' questions'),
    ('calls_call_id_seq', 'the keys of calls'),
    ('instances_instance_id_seq', 'the numbers of instances; none is ever used twice'),
    ('outbox_outbox_id_seq', 'the order of the outbox'),
    ('sessions_session_key_seq', 'the keys of sessions'),
    ('streams_stream_id_seq', 'the ids of streams'),
    ('tasks_task_key_seq', 'the keys of tasks'),
    ('operator_actions_action_id_seq', 'the order of what operators did')
  ) v(name, said) join pg_class k on k.relname = v.name and k.relnamespace = 'trunkline'::regnamespace loop
    execute format('comment on %s trunkline.%I is %L', case c.relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end,
                   c.name, c.said);
  end loop;
end $$;

do $$
declare
  c record;
begin
  for c in select * from (values
    ('control', 'one', 'keeps the table at one row'),
    ('control', 'id_base', 'the high bits of ids, with the timeline; raised when ids would run backwards'),
    ('control', 'id_high', 'the highest event id that was noted'),
    ('control', 'current_slot', 'where messages are written'),
    ('control', 'slot_opened_at', 'since when'),
    ('control', 'announcement_floor', 'announcements up to here are gone'),
    ('control', 'system_id', 'the server that was last looked at'),
    ('control', 'database_id', 'the database that was last looked at'),
    ('control', 'server_started', 'the start of the server that was last looked at'),
    ('control', 'restores', 'how often the database was found to be restored'),
    ('control', 'restored_at', 'the last time'),
    ('control', 'epoch_floor', 'epochs of holders go on above it'),
    ('instances', 'instance_id', 'a number that no instance ever had'),
    ('instances', 'lease_until', 'until then it lives, by the database''s clock'),
    ('instances', 'beat_at', 'its last heartbeat'),
    ('instances', 'wake_mode', 'notify or polling'),
    ('instances', 'dead_at', 'when it was declared dead; fenced for ever'),
    ('instances', 'left_at', 'when it said goodbye'),
    ('instances', 'draining_at', 'when it was told to leave'),
    ('instances', 'heard_through', 'not used'),
    ('instances', 'url', 'its address for clients'),
    ('instances', 'version', 'of its software'),
    ('instances', 'started_at', 'its start'),
    ('instances', 'history_age_max', 'how long it promises to keep messages'),
    ('sessions', 'last_used_at', 'the last use that was written; up to ten seconds late'),
    ('sessions', 'ended_at', 'its end; its client gets a 404 from then on'),
    ('sessions', 'end_reason', 'why it ended'),
    ('sessions', 'log_level', 'below which its client wants no log messages'),
    ('sessions', 'session_key', 'its key, which lets nobody in'),
    ('sessions', 'session_id', 'its id, which lets an anonymous client in'),
    ('sessions', 'revision', 'of MCP'),
    ('sessions', 'principal', 'whose it is; anonymous without authentication'),
    ('sessions', 'announced_from', 'it hears announcements after this one'),
    ('sessions', 'created_at', 'its start'),
    ('sessions', 'capabilities', 'as its client declared them, JSON'),
    ('sessions', 'client', 'clientInfo as its client sent it, JSON'),
    ('sessions', 'roots_version', 'how often its client said that its roots changed'),
    ('sessions', 'roots_asked', 'the version of the roots that are kept'),
    ('sessions', 'roots', 'the roots that its client reported, JSON'),
    ('session_values', 'session_key', 'the session'),
    ('session_values', 'name', 'the value''s name'),
    ('session_values', 'value', 'the value'),
    ('subscriptions', 'uri', 'the resource'),
    ('subscriptions', 'session_key', 'the session'),
    ('streams', 'stream_id', 'its id, part of event ids on the wire'),
    ('streams', 'session_key', 'the session'),
    ('streams', 'standalone', 'opened by GET, one a session; else a call''s'),
    ('streams', 'holder_instance', 'the instance with its connection'),
    ('streams', 'holder_epoch', 'grows with each claim, which fences the former holder'),
    ('streams', 'writer_instance', 'the instance that runs its call'),
    ('streams', 'writer_epoch', 'grows with each take-over, which fences the former run'),
    ('streams', 'trimmed_through', 'messages up to here are gone'),
    ('streams', 'position_own', 'the newest message that is known to be read'),
    ('streams', 'position_announcement', 'the newest announcement that is known to be read'),
    ('streams', 'position_settled', 'whether the last holder said where its reader was'),
    ('streams', 'created_at', 'its start'),
    ('streams', 'opened_at', 'its last connection'),
    ('streams', 'closed_at', 'the end of its last connection'),
    ('streams', 'close_reason', 'why that ended'),
    ('streams', 'finished_at', 'no more is written; read as before'),
    ('streams', 'position_epoch', 'whose word the position is'),
    ('calls', 'call_id', 'its key'),
    ('calls', 'stream_id', 'where its messages are'),
    ('calls', 'session_key', 'the session'),
    ('calls', 'request_id', 'its JSON-RPC id, as its client spelled it'),
    ('calls', 'method', 'of MCP'),
    ('calls', 'request', 'its request, for a further run'),
    ('calls', 'principal', 'whose it is'),
    ('calls', 'rerunnable', 'whether it may run again'),
    ('calls', 'runs', 'the runs that began'),
    ('calls', 'cancelled_at', 'when it was asked to stop'),
    ('calls', 'cancel_reason', 'why, as its client said'),
    ('calls', 'finished_at', 'its end'),
    ('calls', 'created_at', 'when it became a stream'),
    ('calls', 'opening', 'the attempt that opened it: instance and number'),
    ('calls', 'run_epoch', 'the writer''s epoch of the run that began last'),
    ('outbound_messages', 'stream_id', 'the stream'),
    ('outbound_messages', 'event_id', 'its place in the stream'),
    ('outbound_messages', 'slot', 'the slot it lies in'),
    ('outbound_messages', 'payload', 'one line of JSON, as it goes on the wire'),
    ('outbound_messages', 'created_at', 'when it was stored'),
    ('publish_batches', 'writer', 'the lane that wrote it: instance and number'),
    ('publish_batches', 'batch_no', 'its number in the lane'),
    ('publish_batches', 'slot', 'the slot it lies in'),
    ('publish_batches', 'event_ids', 'the ids that its messages got'),
    ('publish_batches', 'rejected', 'which of them were refused; {0}: it can never be stored'),
    ('pending_requests', 'pending_id', 'its JSON-RPC id: asking instance and number'),
    ('pending_requests', 'session_key', 'the session'),
    ('pending_requests', 'stream_id', 'the stream that carries it'),
    ('pending_requests', 'asker', 'the instance that waits'),
    ('pending_requests', 'ordinal', 'its place among the questions of its call'),
    ('pending_requests', 'method', 'of MCP'),
    ('pending_requests', 'digest', 'of what was asked, so that a further run is given its answer'),
    ('pending_requests', 'deadline', 'until then it is waited for'),
    ('pending_requests', 'created_at', 'when it was asked'),
    ('pending_requests', 'outcome', 'how it ended, written once; null: open'),
    ('pending_requests', 'answer', 'what the client answered'),
    ('pending_requests', 'settled_at', 'when it ended'),
    ('pending_requests', 'progress', 'how far the client is, as it said'),
    ('pending_requests', 'progress_total', 'of how much'),
    ('pending_requests', 'progress_message', 'in its words'),
    ('pending_requests', 'task_input', 'the question of a task that it passes on'),
    ('tasks', 'task_key', 'its key, which lets nobody in'),
    ('tasks', 'task_id', 'its id, which lets an anonymous client in'),
    ('tasks', 'principal', 'whose it is'),
    ('tasks', 'session_id', 'the session it was begun in'),
    ('tasks', 'stream_id', 'where its messages go'),
    ('tasks', 'tool', 'the tool'),
    ('tasks', 'request', 'the call, for a further run'),
    ('tasks', 'rerunnable', 'whether it may run again'),
    ('tasks', 'executor', 'the instance that runs it'),
    ('tasks', 'run', 'grows with each take-over, which fences the former run'),
    ('tasks', 'status', 'as MCP has it'),
    ('tasks', 'status_message', 'for people'),
    ('tasks', 'outcome', 'what it ended with'),
    ('tasks', 'changes', 'grows with each change, for whoever waits for one'),
    ('tasks', 'ttl_millis', 'how long it is kept'),
    ('tasks', 'created_at', 'its start'),
    ('tasks', 'updated_at', 'its last change'),
    ('tasks', 'expires_at', 'when it is removed'),
    ('tasks', 'begun', 'the runs that began'),
    ('task_inputs', 'task_key', 'the task'),
    ('task_inputs', 'ordinal', 'its place among the task''s questions'),
    ('task_inputs', 'input_id', 'its id'),
    ('task_inputs', 'run', 'the run that asked'),
    ('task_inputs', 'method', 'of MCP'),
    ('task_inputs', 'params', 'what is asked'),
    ('task_inputs', 'digest', 'of what was asked, so that a further run is given its answer'),
    ('task_inputs', 'deadline', 'until then it is waited for'),
    ('task_inputs', 'created_at', 'when it was asked'),
    ('task_inputs', 'outcome', 'how it ended; null: open'),
    ('task_inputs', 'answer', 'what the client answered'),
    ('task_inputs', 'settled_at', 'when it ended'),
    ('url_elicitations', 'elicitation_id', 'its id'),
    ('url_elicitations', 'session_key', 'the session that was asked'),
    ('url_elicitations', 'principal', 'the user who is to open the page'),
    ('url_elicitations', 'created_at', 'when the user was asked'),
    ('url_elicitations', 'expires_at', 'until then it may be completed'),
    ('url_elicitations', 'completed_at', 'when the user was done'),
    ('announcements', 'id', 'its place in the log'),
    ('announcements', 'kind', 'what it says'),
    ('announcements', 'about', 'of which session, call or resource'),
    ('announcements', 'payload', 'the message for clients, or a word for instances'),
    ('announcements', 'writer', 'the lane that wrote it: instance and number'),
    ('announcements', 'batch_no', 'its batch in the lane'),
    ('announcements', 'ord', 'its place in the batch'),
    ('announcements', 'created_at', 'when it was written'),
    ('announcement_lock', 'one', 'keeps the table at one row'),
    ('outbox', 'outbox_id', 'its place in the queue'),
    ('outbox', 'kind', 'what is to be done'),
    ('outbox', 'about', 'for which session or resource'),
    ('outbox', 'payload', 'the message, or the call''s id'),
    ('outbox', 'created_at', 'when it was handed in'),
    ('catalog_switches', 'kind', 'tool, resource, template or prompt'),
    ('catalog_switches', 'name', 'the feature''s name or URI'),
    ('catalog_switches', 'enabled', 'whether it is on'),
    ('operator_actions', 'action_id', 'its place in the record'),
    ('operator_actions', 'acted_at', 'when'),
    ('operator_actions', 'action', 'the function that was called'),
    ('operator_actions', 'about', 'on what, in keys'),
    ('operator_actions', 'by_user', 'the role that logged in'),
    ('operator_actions', 'application_name', 'the program, as it calls itself'),
    ('operator_actions', 'client_addr', 'from where; null: over a local socket'),
    ('operator_actions', 'told_by', 'the instance that tells it in its log'),
    ('operator_actions', 'told_round', 'and in which of its rounds, so that a lost answer is found again'),
    ('instance_directory', 'state', 'ready, draining, silent, dead or left'),
    ('instance_directory', 'streams_held', 'client connections there'),
    ('session_directory', 'open_streams', 'connections of its client'),
    ('session_directory', 'running_calls', 'streamed calls that are not finished'),
    ('session_directory', 'pending_requests', 'questions that its client has not answered'),
    ('session_directory', 'subscriptions', 'resources it subscribes to'),
    ('stream_directory', 'instance_id', 'the instance with its connection; null: nobody is connected'),
    ('stream_directory', 'epoch', 'grows with each connection'),
    ('stream_directory', 'session_id', 'its id, which lets an anonymous client in'),
    ('task_directory', 'instance_id', 'the instance that runs it'),
    ('task_directory', 'open_inputs', 'questions without an answer'),
    ('task_directory', 'session_key', 'the session it was begun in; null: removed'),
    ('call_directory', 'session_id', 'its id, which lets an anonymous client in'),
    ('call_directory', 'instance_id', 'the instance that runs it'),
    ('question_directory', 'session_id', 'its id, which lets an anonymous client in'),
    ('question_directory', 'instance_id', 'the instance that waits'),
    ('slot_directory', 'slot', '0 to 7'),
    ('slot_directory', 'written', 'whether messages are written there now'),
    ('slot_directory', 'written_since', 'since when; null for the others'),
    ('slot_directory', 'messages', 'the messages in it, as the statistics say'),
    ('slot_directory', 'message_bytes', 'their size with indexes'),
    ('slot_directory', 'batch_bytes', 'the size of its batches with indexes'),
    ('slot_directory', 'oldest_at', 'the oldest of the first messages in it'),
    ('announcement_directory', 'bytes', 'the size of its payload'),
    ('client_directory', 'name', 'what clients call themselves, as JSON spells it, cut'),
    ('client_directory', 'version', 'of the client'),
    ('client_directory', 'revision', 'of MCP'),
    ('client_directory', 'sessions', 'how many live'),
    ('client_directory', 'oldest_at', 'the start of the oldest'),
    ('client_directory', 'last_used_at', 'the latest use'),
    ('issuing', 'current_slot', 'where messages are written'),
    ('issuing', 'prefix', 'the high bits of ids drawn now')
  ) v(relation, name, said) loop
    if exists (select from pg_attribute a join pg_class k on k.oid = a.attrelid
                where k.relnamespace = 'trunkline'::regnamespace and k.relname = c.relation and a.attname = c.name and not a.attisdropped) then
      execute format('comment on column trunkline.%I.%I is %L', c.relation, c.name, c.said);
    end if;
  end loop;

  -- A view's column is what the column of that name is; and a leaf what its table is.
  for c in select k.relname as relation, a.attname as name, col_description(b.oid, o.attnum) as said
             from (values ('instance_directory', 'instances'), ('session_directory', 'sessions'), ('stream_directory', 'streams'),
                          ('task_directory', 'tasks'), ('call_directory', 'calls'), ('question_directory', 'pending_requests'),
                          ('announcement_directory', 'announcements')) v(of_view, of_table)
             join pg_class k on k.relname = v.of_view and k.relnamespace = 'trunkline'::regnamespace
             join pg_class b on b.relname = v.of_table and b.relnamespace = 'trunkline'::regnamespace
             join pg_attribute a on a.attrelid = k.oid and a.attnum > 0
             join pg_attribute o on o.attrelid = b.oid and o.attname = a.attname
            where col_description(k.oid, a.attnum) is null and col_description(b.oid, o.attnum) is not null
           union all
           select k.relname, a.attname, col_description(i.inhparent, o.attnum)
             from pg_inherits i join pg_class k on k.oid = i.inhrelid and k.relnamespace = 'trunkline'::regnamespace and k.relkind = 'r'
             join pg_attribute a on a.attrelid = k.oid and a.attnum > 0
             join pg_attribute o on o.attrelid = i.inhparent and o.attname = a.attname loop
    execute format('comment on column trunkline.%I.%I is %L', c.relation, c.name, c.said);
  end loop;
  for c in select k.relname as relation, 'a slot of ' || p.relname as said
             from pg_inherits i join pg_class k on k.oid = i.inhrelid and k.relkind = 'r' join pg_class p on p.oid = i.inhparent
            where k.relnamespace = 'trunkline'::regnamespace loop
    execute format('comment on table trunkline.%I is %L', c.relation, c.said);
  end loop;
end $$;

do $$
declare
  c record;
begin
  for c in select p.oid::regprocedure as signature, v.said from (values
    ('adopt_database', 'makes the database ours where it is now; each instance calls it at its start'),
    ('advance_slot', 'moves the writing to the next slot, if it is time and that one is empty'),
    ('announce_now', 'appends an announcement'),
    ('announcement_high', 'the last announcement id that was drawn'),
    ('broadcast', 'sends a notification to every living session'),
    ('broken_checks', 'the constraints that are not validated, and the rows that break them'),
    ('cancel_call', 'cancels the call of a session by its JSON-RPC id; false: no such session lives'),
    ('cancel_call_anywhere', 'what instances do when a client cancels'),
    ('cancel_call_now', 'cancel_call_anywhere, as an earlier release calls it'),
    ('cancel_task', 'cancels a task; false: no such task is unfinished'),
    ('complete_elicitation', 'says that a user is done at a web page'),
    ('control_faults', 'what is wrong with the rows that everything reads'),
    ('current_slot', 'where messages are written, checked'),
    ('declare_dead', 'fences an instance that is known to be gone; false: dead, left or unknown'),
    ('empty_outbox', 'moves rows of the outbox on, one mover at a time'),
    ('end_session', 'ends a session; false: no such session lives'),
    ('end_session_now', 'what instances do when a session ends'),
    ('end_unused_session', 'ends a session if it is unused or too old, judged under its lock'),
    ('forget_ended_sessions', 'removes sessions that ended long ago, with all that is theirs'),
    ('forget_expired_tasks', 'removes tasks whose time is over'),
    ('forget_finished_streams', 'removes calls that nobody can resume any more'),
    ('forget_operator_actions', 'removes what operators did a month ago'),
    ('history_age', 'how long messages are promised to be kept, by any instance'),
    ('id_prefix', 'the high bits of ids drawn now, checked'),
    ('is_home', 'whether this is the database that was last looked at'),
    ('list_changed', 'notifies every session that a list of features changed'),
    ('lock_announcements', 'locks the log, and answers the high bits of ids'),
    ('mend_control', 'mends the rows that everything reads; by the owner, by hand'),
    ('move_outbox', 'empty_outbox, as an earlier release calls it'),
    ('newest_announcement', 'the newest announcement that is visible'),
    ('note_action', 'records what an operator''s function has just done'),
    ('notification_line', 'checks a notification, and answers it as one line'),
    ('open_session', 'opens a session with its standalone stream'),
    ('place', 'where the database is: server and oid'),
    ('purge', 'removes everything about one person, one step of it; repeat until left is 0'),
    ('raise_id_base', 'adopt_database, as an earlier release calls it'),
    ('resource_updated', 'notifies the sessions that subscribe to a resource'),
    ('retire_slot', 'raises the floors of streams above what a slot holds'),
    ('send', 'sends a notification to one session; false: no such session lives'),
    ('session_instance', 'the instance that a session is connected to'),
    ('set_enabled', 'switches a feature off or on; false: it was so already'),
    ('set_log_level', 'sets the log level of a session'),
    ('settle_task_input', 'settles a question of a task'),
    ('sweep', 'one round of the clean-up, by hand'),
    ('sweep_round', 'what sweep does, unrecorded'),
    ('timeline', 'the server''s timeline, which changes with a failover'),
    ('trim_history', 'shortens the history of a session''s streams'),
    ('trim_streams', 'raises floors so that each stream keeps so many messages'),
    ('truncate_slot', 'empties a retired slot; false: somebody reads it, or it is needed')
  ) v(name, said) join pg_proc p on p.proname = v.name and p.pronamespace = 'trunkline'::regnamespace loop
    execute format('comment on function %s is %L', c.signature, c.said);
  end loop;
end $$;

comment on type trunkline.wake is 'whom to wake after the commit: instance (null: all), letter, id';

comment on table trunkline.stream_moves is 'the wish that a session''s stream goes to another instance, until its holder has closed it';
comment on column trunkline.stream_moves.stream_id is 'the standalone stream';
comment on column trunkline.stream_moves.holder_epoch is 'of the connection that is asked to go; a later one is not meant';
comment on column trunkline.stream_moves.to_instance is 'where its client is asked to go: a hint';
comment on column trunkline.stream_moves.wanted_at is 'since when';
comment on column trunkline.instances.steerable is 'whether its release reads drain_wanted_at';
comment on column trunkline.instances.drain_wanted_at is 'drain() sets it, undrain() clears it';
comment on column trunkline.instances.drained_at is 'since when it holds no stream and runs no call, by its latest beat';
comment on column trunkline.instances.leaving_at is 'when it was told to end (SIGTERM): no way back';
comment on column trunkline.instance_directory.drain_wanted_at is 'since when it is to serve nobody';
comment on column trunkline.instance_directory.drained_at is 'since when it holds no stream and runs no call, by its latest beat';
comment on column trunkline.streams.handed_epoch is 'the writer of this epoch left the stream unfinished to whoever takes it over';
comment on column trunkline.tasks.handed_run is 'the executor of this run left the task to whoever takes it over';
comment on function trunkline.drain(int) is 'asks an instance to serve nobody, and to live on';
comment on function trunkline.undrain(int) is 'lets a drained instance serve again';
comment on function trunkline.migrate(text, int) is 'sends a session''s standalone stream to another instance; where its client goes is a hint';
