package trunkline.rest;

import java.util.List;
import java.util.stream.Stream;
import trunkline.testing.TestDatabase;

/// A busy cluster's rows at an instant at which nothing is due: sessions that live and that ended
/// lately, streams that are held by instances that live, calls, questions and tasks of the last
/// hour.
public final class GeneratedRows {
  /// Of what each session has not, there are as many all the same that a scan shows.
  private static final int ROWS_MIN = 8_000;

  /// `{n}` is the number of living sessions, `{k}` that of messages, `{m}` that of the other
  /// things.
  private static final List<String> STATEMENTS =
      List.of(
          "alter sequence trunkline.instances_instance_id_seq restart with 1000",
          """
          insert into trunkline.instances (instance_id, lease_until, url, version, streams_held) overriding system value
          select g, now() + interval '1 day', 'http://living', '0', {n} / 25 from generate_series(901, 910) g
          """,
          """
          insert into trunkline.instances (instance_id, lease_until, beat_at, dead_at, left_at, url, version) overriding system value
          select g, now() - g * interval '1 hour', now() - g * interval '1 hour',
                 case when g % 2 = 0 then now() - g * interval '1 hour' end,
                 case when g % 2 = 1 then now() - g * interval '1 hour' end, 'http://gone', '0'
            from generate_series(1, 300) g
          """,
          """
          insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client,
                                          created_at, last_used_at)
          select md5('s' || g), '2025-11-25', 'p' || g % 1000, 0, '{"elicitation":{},"sampling":{},"roots":{"listChanged":true}}',
                 '{"name":"client","title":"A client of the usual kind","version":"1.2.3"}',
                 now() - interval '20 hours' * (1 - g::float8 / {n}),
                 now() - case when g % 5 < 2 then interval '2 hours' else interval '15 minutes' * random() end
            from generate_series(1, {n}) g
          """,
          """
          insert into trunkline.streams (session_key, standalone, holder_instance, holder_epoch, opened_at, closed_at, close_reason)
          select session_key, true, case when idle then 901 + session_key % 10 end, 1, created_at,
                 case when not idle then last_used_at end, case when not idle then 'client left' end
            from (select *, last_used_at < now() - interval '1 hour' as idle from trunkline.sessions) s
          """,
          """
          insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client,
                                          created_at, last_used_at, ended_at, end_reason)
          select md5('e' || g), '2025-11-25', 'p' || g % 1000, 0, '{}', '{"name":"client","version":"1"}', now() - interval '2 hours',
                 now() - interval '1 hour', now() - interval '40 minutes' * random(), 'client'
            from generate_series(1, {n} / 10) g
          """,
          """
          insert into trunkline.streams (session_key, standalone, holder_epoch, closed_at, close_reason, finished_at)
          select session_key, true, 1, ended_at, 'ended', ended_at from trunkline.sessions where ended_at is not null
          """,
          """
          with s as (insert into trunkline.streams (session_key, standalone, holder_instance, holder_epoch, writer_instance,
                                                    writer_epoch, created_at, opened_at, closed_at, finished_at)
                     select 1 + (g * 7919::bigint) % {n}, false, case when g % 20 = 0 then 901 + g % 10 end, 1, 901 + g % 10, 1,
                            now() - interval '50 minutes' * (1 - g::float8 / {m}), now(), case when g % 20 > 0 then now() end,
                            case when g % 20 > 0 then now() - interval '40 minutes' * (1 - g::float8 / {m}) end
                       from generate_series(1, {m}) g
                     returning *)
          insert into trunkline.calls (stream_id, session_key, request_id, method, request, principal, rerunnable, created_at, finished_at)
          select stream_id, session_key, stream_id::text, 'tools/call', convert_to('{"name":"bake","arguments":{"text":"' || repeat('x', 100) || '"}}', 'UTF8'),
                 'p', false, created_at, finished_at from s
          """,
          """
          insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline,
                                                  created_at, outcome, settled_at)
          select (901 + g % 10)::bigint << 32 | g, 1 + g, 1 + g, 901 + g % 10, 1, 'elicitation/create', '', now() + interval '2 minutes' * random() - interval '4 minutes',
                 now() - interval '5 minutes', 'expired', now() from generate_series(1, {m}) g
          """,
          """
          insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline)
          select (901 + g % 10)::bigint << 32 | ({n} + g), 1 + g, 1 + g, 901 + g % 10, 1, 'elicitation/create', '', now() + interval '5 minutes'
            from generate_series(1, {m} / 2) g
          """,
          """
          insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, status, ttl_millis, expires_at)
          select md5('t' || g), 'p' || g % 1000, md5('s' || g), 1, 'bake', '{}', false, 901 + g % 10,
                 case when g % 10 = 0 then 'working' else 'completed' end, 3600000, now() + interval '1 hour'
            from generate_series(1, {m}) g
          """,
          """
          insert into trunkline.task_inputs (task_key, ordinal, run, method, params, digest, deadline)
          select task_key, 1, 1, 'elicitation/create', '{}', '', now() + interval '1 hour' from trunkline.tasks where task_key % 5 = 0
          """,
          """
          insert into trunkline.url_elicitations (elicitation_id, session_key, principal, expires_at)
          select md5('u' || g), 1 + g, 'p' || g % 1000, now() + interval '1 hour' from generate_series(1, {m}) g
          """,
          """
          insert into trunkline.announcements (id, kind, about, payload, created_at)
          select p.high | nextval('trunkline.announcement_seq'), 'broadcast', '', '{"jsonrpc":"2.0","method":"notifications/x"}',
                 now() - interval '50 minutes' * (1 - g::float8 / {m})
            from (select trunkline.id_prefix() as high) p, generate_series(1, {m}) g
          """,
          """
          insert into trunkline.operator_actions (action, about, acted_at, told_by, told_round)
          select 'end_session', 'session ' || g, now() - interval '20 days' * random(), 1, g from generate_series(1, {m}) g
          """,
          """
          insert into trunkline.instance_minutes
          select date_trunc('minute', now(), 'UTC') - g / 10 * interval '1 minute', 901 + g % 10, 1 + g, 9, 1, 9000, 9, 9, '{1,2,3,3,0,0,0,0,0,0,0,0}'
            from generate_series(1, least({m}, 100000)) g
          """,
          "insert into trunkline.subscriptions (uri, session_key) select 'file:///' || g % 1000, g from generate_series(1, {m}) g",
          "insert into trunkline.session_values (session_key, name, value) select g, 'note', 'a value' from generate_series(1, {m}) g",
          """
          insert into trunkline.stream_moves (stream_id, holder_epoch, to_instance)
          select stream_id, 1, 901 from trunkline.streams where holder_instance = 902 order by stream_id limit 20
          """,
          """
          insert into trunkline.outbound_messages (stream_id, event_id, slot, payload)
          select 1 + (g * 7919::bigint) % {n}, p.high | nextval('trunkline.event_seq'), (p.slot + 7 + g % 2) % 8,
                 convert_to('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"' || repeat('x', 200) || '"}}', 'UTF8')
            from (select trunkline.id_prefix() as high, trunkline.current_slot() as slot) p, generate_series(1, {k}) g
          """,
          """
          insert into trunkline.publish_batches (writer, batch_no, slot, event_ids, rejected)
          select 901 * 256, g, (trunkline.current_slot() + 7 + g % 2) % 8, array[g], '{}' from generate_series(1, {m}) g
          """,
          "vacuum analyze");

  private GeneratedRows() {}

  /// With two messages a session.
  public static void insert(TestDatabase db, int sessions) {
    insert(db, sessions, 2);
  }

  /// The same with more to read.
  ///
  /// @param messages kept of each session
  public static void insert(TestDatabase db, int sessions, int messages) {
    var others = Math.max(sessions / 10, ROWS_MIN);
    STATEMENTS.forEach(sql ->
        db.sql(
            sql.replace("{n}", Integer.toString(sessions))
                .replace("{k}", Integer.toString(messages * sessions))
                .replace("{m}", Integer.toString(others))));
  }

  /// From now on a connection to it is told the plan of everything that it executes, as a notice.
  public static void explainEverything(TestDatabase db) {
    Stream.of(
            "session_preload_libraries = auto_explain",
            "auto_explain.log_min_duration = 0",
            "auto_explain.log_analyze = on",
            "auto_explain.log_timing = off",
            "auto_explain.log_buffers = on",
            "auto_explain.log_nested_statements = on",
            "auto_explain.log_format = json",
            "auto_explain.log_level = notice")
        .forEach(setting -> db.sql("alter database " + db.name() + " set " + setting));
  }
}
