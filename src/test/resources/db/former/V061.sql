-- What the release with the schema V061 may have left: a row or more in each table. Its only instance, 1, is dead.
-- The session has a standalone stream (1) with three messages and one in the outbox, a call that may run again (stream 2), one
-- that asked and may not (stream 3), one that has finished (stream 4), and a task that runs.
set search_path = trunkline;

select adopt_database(false, 0);

insert into instances (lease_until, beat_at, dead_at, url, version, history_age_max)
values (clock_timestamp() - interval '1 minute', clock_timestamp() - interval '1 minute', clock_timestamp(),
        'http://127.0.0.1:1/mcp', 'former', interval '1 hour');

select open_session('0123456789abcdef0123456789abcdef', '2025-11-25', 'anonymous', '{"elicitation":{}}', '{"name":"former"}', 0);
select open_session('fedcba9876543210fedcba9876543210', '2025-06-18', 'anonymous', '{}', '{"name":"gone"}', 0);
select end_session_now(2, 'client');

insert into session_values values (1, 'notes', '{"notes":["of the former release"]}');
insert into subscriptions values ('trunkline://clock', 1);
insert into catalog_switches values ('tool', 'who_am_i', false);
insert into url_elicitations (elicitation_id, session_key, principal, expires_at)
values ('00000000000000000000000000000001', 1, 'anonymous', clock_timestamp() + interval '1 hour');

insert into streams (session_key, standalone, writer_instance, writer_epoch, finished_at)
overriding system value
values (1, false, 1, 1, null), (1, false, 1, 1, null), (1, false, 1, 1, clock_timestamp());

insert into calls (stream_id, session_key, request_id, method, request, principal, rerunnable, finished_at)
select s.stream_id, 1, c.request_id, 'tools/call',
       convert_to(format('{"jsonrpc":"2.0","id":%s,"method":"tools/call","params":%s}', c.request_id, c.params), 'UTF8'),
       'anonymous', c.rerunnable, c.finished_at
  from (values (1, '7', '{"name":"bake","arguments":{"seconds":1}}', true, null),
               (2, '8', '{"name":"order_pizza","arguments":{"guests":3}}', false, null),
               (3, '9', '{"name":"bake","arguments":{"seconds":1}}', true, clock_timestamp()))
       as c(nth, request_id, params, rerunnable, finished_at)
  join (select stream_id, row_number() over (order by stream_id) as nth from streams where not standalone) s using (nth);

insert into outbound_messages (stream_id, event_id, slot, payload)
select s.stream_id, id_prefix() | nextval('event_seq'), (select current_slot from control),
       convert_to(format('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"kept %s"}}', n), 'UTF8')
  from generate_series(1, 3) n, streams s where s.session_key = 1 order by n;

insert into publish_batches
select 1 << 32, 0, current_slot, array(select event_id from outbound_messages), '{}' from control;

insert into pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline)
select (1::bigint << 32) + 1, 1, stream_id, 1, 1, 'elicitation/create', '\x00', clock_timestamp() + interval '1 hour'
  from calls where request_id = '8';

insert into tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis, expires_at)
select '0000000000000000000000000000000a', 'anonymous', '0123456789abcdef0123456789abcdef', stream_id, 'bake',
       convert_to('{"name":"bake","arguments":{"seconds":1}}', 'UTF8'), true, 1, 3600000, clock_timestamp() + interval '1 hour'
  from streams where session_key = 1 and standalone;
insert into task_inputs (task_key, ordinal, run, method, params, digest, deadline, outcome, answer, settled_at)
values (1, 1, 1, 'elicitation/create', '\x7b7d', '\x00', clock_timestamp() + interval '1 hour', 'answered', '\x7b7d', clock_timestamp());

insert into announcements (id, kind, payload)
values (id_prefix() | nextval('announcement_seq'), 'broadcast',
        convert_to('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"announced"}}', 'UTF8'));

select send('0123456789abcdef0123456789abcdef',
            '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"handed in"}}');
