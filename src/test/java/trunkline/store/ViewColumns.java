package trunkline.store;

import java.util.List;

/// The truth behind each column of the views: a statement that changes it, and what is shown then.
/// Each view has one row, and the cases are in order.
final class ViewColumns {
  private static final String TIME = "2020-02-02 02:02:02+00";
  private static final String TIME_BEFORE = "2019-02-02 02:02:02+00";

  /// Of which the statistics are told at once.
  private static final String MESSAGE =
      """
      with told as materialized (select pg_stat_force_next_flush())
      insert into trunkline.outbound_messages (stream_id, event_id, slot, payload) select stream_id, %d, 4, '{}' from told, trunkline.streams
      """;

  /// Everything of the session, under its next key.
  private static final String NEXT_SESSION =
      """
      with s as (update trunkline.sessions set session_key = default returning session_key),
           c as (update trunkline.calls c set session_key = s.session_key from s),
           p as (update trunkline.pending_requests p set session_key = s.session_key from s)
      update trunkline.streams t set session_key = s.session_key from s
      """;

  /// The stream with its messages, under its next id.
  private static final String NEXT_STREAM =
      """
      with t as (update trunkline.streams set stream_id = default returning stream_id)
      update trunkline.outbound_messages m set stream_id = t.stream_id from t
      """;

  /// A change of what a column shows.
  ///
  /// @param shown what is read of the column
  /// @param where which row of the view, if it has several
  record Truth(String column, String change, String then, String shown, String where) {
    Truth(String column, String change, String then) {
      this(column, change, then, column.split("\\.", 2)[1], "");
    }

    @Override
    public String toString() {
      return column + " = " + then;
    }
  }

  /// One of everything.
  static final List<String> SOMETHING =
      List.of(
          """
          insert into trunkline.instances (lease_until, url, version)
          values (now() + interval '1 day', 'http://a', '1')
          """,
          """
          insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client)
          values (md5('a'), '2025-06-18', 'ada', 0, '{}', '{}')
          """,
          """
          insert into trunkline.streams (session_key, standalone) select session_key, true from trunkline.sessions
          """,
          """
          insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor,
                                       ttl_millis, expires_at)
          values (md5('t'), 'ada', md5('a'), 1, 'bake', '{}', false, 1, 1, now())
          """,
          "insert into trunkline.announcements (id, kind, payload) values (2, 'broadcast', '{}')");

  static final List<Truth> TRUTHS =
      List.of(
          new Truth("issuing.current_slot", "update trunkline.control set current_slot = 3", "3"),
          new Truth(
              "issuing.prefix",
              "update trunkline.control set id_base = 100 - trunkline.timeline()",
              String.valueOf(100L << 47)),
          instance("instance_id", "instance_id = default", "2"),
          instance("url", "url = 'http://b'", "http://b"),
          instance("version", "version = '2'", "2"),
          instance("beat_at", "beat_at = '" + TIME + "'", "2020-02-02 02:02:02+00"),
          instance("wake_mode", "wake_mode = 'polling'", "polling"),
          instance("started_at", "started_at = '" + TIME + "'", TIME),
          instance("drain_wanted_at", "drain_wanted_at = '" + TIME + "'", TIME),
          instance("drained_at", "drained_at = '" + TIME + "'", TIME),
          instance("state", "draining_at = now()", "draining"),
          instance("state", "lease_until = now() - interval '1 second'", "silent"),
          instance("state", "lease_until = now() + interval '1 day', draining_at = null", "ready"),
          instance("state", "dead_at = now()", "dead"),
          instance("state", "left_at = now()", "left"),
          instance("state", "left_at = null, dead_at = null", "ready"),
          instance("streams_held", "streams_held = 7", "7"),
          instance("streams_held", "streams_held = null", "0"), // as before it is said
          session("session_id", "session_id = md5('b')", "92eb5ffee6ae2fec3ad71c777531578f"),
          session("revision", "revision = '2025-11-25'", "2025-11-25"),
          session("principal", "principal = 'eve'", "eve"),
          session("client", "client = '{\"b\":1}'", "{\"b\":1}"),
          session("log_level", "log_level = 'debug'", "debug"),
          session("created_at", "created_at = '" + TIME + "'", TIME),
          session("last_used_at", "last_used_at = '" + TIME + "'", TIME),
          session("ended_at", "ended_at = '" + TIME + "'", TIME),
          session("end_reason", "end_reason = 'idle'", "idle"),
          new Truth(
              "session_directory.running_calls",
              """
              insert into trunkline.calls (stream_id, session_key, request_id, method, request, principal, rerunnable)
              select 1, session_key, '1', 'tools/call', '{}', 'ada', false from trunkline.sessions
              """,
              "1"),
          new Truth(
              "session_directory.running_calls",
              "update trunkline.calls set finished_at = now()",
              "0"),
          new Truth(
              "session_directory.pending_requests",
              """
              insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest,
                                                      deadline)
              select 1, session_key, 1, 1, 1, 'roots/list', '', now() from trunkline.sessions
              """,
              "1"),
          new Truth(
              "session_directory.pending_requests",
              "update trunkline.pending_requests set outcome = 'expired'",
              "0"),
          new Truth(
              "session_directory.subscriptions",
              "insert into trunkline.subscriptions select 'file:///a', session_key from trunkline.sessions",
              "1"),
          new Truth("session_directory.subscriptions", "delete from trunkline.subscriptions", "0"),
          new Truth(
              "stream_directory.session_id",
              "update trunkline.sessions set session_id = md5('c')",
              "4a8a08f09d37b73795649038408b5f33"),
          stream("stream_id", "stream_id = default", "2"),
          stream("standalone", "standalone = false", "false"),
          stream("reader_instance", "reader_instance = 7", "7"),
          stream(
              "instance_id",
              "holder_instance = (select instance_id from trunkline.instances)",
              "2"),
          // and elsewhere it is counted
          new Truth(
              "instance_directory.streams_held",
              """
              insert into trunkline.streams (session_key, standalone, holder_instance) values (99, true, 2)
              """,
              "2"),
          new Truth(
              "instance_directory.streams_held",
              "delete from trunkline.streams where session_key = 99",
              "1"),
          new Truth(
              "instance_directory.calls_written",
              "update trunkline.streams set writer_instance = 2",
              "1"),
          new Truth(
              "instance_directory.calls_written",
              "update trunkline.streams set writer_instance = null",
              "0"),
          new Truth(
              "session_directory.open_streams",
              "update trunkline.streams set holder_instance = null",
              "0"),
          new Truth(
              "session_directory.open_streams",
              "update trunkline.streams set holder_instance = 2",
              "1"),
          stream("epoch", "holder_epoch = 7", "7"),
          stream("opened_at", "opened_at = '" + TIME + "'", TIME),
          stream("closed_at", "closed_at = '" + TIME + "'", TIME),
          stream("close_reason", "close_reason = 'client left'", "client left"),
          stream("finished_at", "finished_at = '" + TIME + "'", TIME),
          task("task_id", "task_id = md5('u')", "7b774effe4a349c6dd82ad4f4f21d34c"),
          task("principal", "principal = 'eve'", "eve"),
          task("session_id", "session_id = md5('c')", "4a8a08f09d37b73795649038408b5f33"),
          task("tool", "tool = 'fry'", "fry"),
          task("status", "status = 'input_required'", "input_required"),
          task("instance_id", "executor = 9", "9"),
          task("run", "run = 2", "2"),
          task("created_at", "created_at = '" + TIME + "'", TIME),
          task("updated_at", "updated_at = '" + TIME + "'", TIME),
          task("expires_at", "expires_at = '" + TIME + "'", TIME),
          new Truth(
              "task_directory.open_inputs",
              """
              insert into trunkline.task_inputs (task_key, ordinal, run, method, params, digest, deadline)
              select task_key, 1, 1, 'roots/list', '{}', '', now() from trunkline.tasks
              """,
              "1"),
          new Truth(
              "task_directory.open_inputs",
              "update trunkline.task_inputs set outcome = 'expired'",
              "0"),
          call("call_id", "call_id = default", "2"),
          call("stream_id", "stream_id = 7", "7"),
          call("request_id", "request_id = '\"a\"'", "\"a\""),
          call("method", "method = 'prompts/get'", "prompts/get"),
          call("principal", "principal = 'eve'", "eve"),
          call("rerunnable", "rerunnable = true", "true"),
          call("runs", "runs = 2", "2"),
          call("created_at", "created_at = '" + TIME + "'", TIME),
          call("cancelled_at", "cancelled_at = '" + TIME + "'", TIME),
          call("finished_at", "finished_at = '" + TIME + "'", TIME),
          new Truth(
              "call_directory.instance_id",
              """
              with s as (insert into trunkline.streams (session_key, standalone, writer_instance) values (98, false, 8)
                         returning stream_id)
              update trunkline.calls c set stream_id = s.stream_id from s
              """,
              "8"),
          new Truth(
              "call_directory.session_id",
              """
              with gone as (delete from trunkline.streams where session_key = 98)
              update trunkline.sessions set session_id = md5('d')
              """,
              "8277e0910d750195b448797616e091ad"),
          question("pending_id", "pending_id = 2", "2"),
          question("stream_id", "stream_id = 7", "7"),
          question("task_input", "task_input = 5", "5"),
          question("method", "method = 'ping'", "ping"),
          question("instance_id", "asker = 9", "9"),
          question("created_at", "created_at = '" + TIME + "'", TIME),
          question("deadline", "deadline = '" + TIME + "'", TIME),
          question("outcome", "outcome = 'cancelled'", "cancelled"),
          question("settled_at", "settled_at = '" + TIME + "'", TIME),
          question("progress", "progress = 2", "2"),
          question("progress_total", "progress_total = 3", "3"),
          new Truth(
              "question_directory.session_id",
              "update trunkline.sessions set session_id = md5('e')",
              "e1671797c52e15f763380b45e841ec32"),
          question("answered_by", "answered_by = 7", "7"),
          announcement("id", "id = 3", "3"),
          announcement("kind", "kind = 'tools_changed'", "tools_changed"),
          announcement("about", "about = 'file:///a'", "file:///a"),
          announcement("bytes", "payload = '{\"a\":1}'", "7"),
          announcement("created_at", "created_at = '" + TIME + "'", TIME),
          session("ended_at", "ended_at = null", "null"),
          client("name", "client = '{\"title\":\"n\",\"name\":\"a \\\"b\"}'", "a \\\"b"),
          client("version", "client = '{\"name\":\"a\",\"version\" : \"2.0\"}'", "2.0"),
          client("revision", "revision = '2025-03-26'", "2025-03-26"),
          client("oldest_at", "created_at = '" + TIME_BEFORE + "'", TIME_BEFORE),
          client("last_used_at", "last_used_at = '" + TIME_BEFORE + "'", TIME_BEFORE),
          new Truth(
              "client_directory.sessions",
              """
              insert into trunkline.sessions (session_key, session_id, revision, principal, announced_from, capabilities,
                                              client, created_at, last_used_at) overriding system value
              select 99, md5('f'), revision, 'bob', 0, '{}', client || ' ', created_at, last_used_at from trunkline.sessions
              """,
              "2"),
          new Truth(
              "client_directory.sessions",
              "delete from trunkline.sessions where principal = 'bob'",
              "1"),
          slot("written", "update trunkline.control set current_slot = 4", "true", "written"),
          slot(
              "written_since",
              "update trunkline.control set slot_opened_at = '" + TIME + "'",
              TIME,
              "written_since"),
          slot("message_bytes", MESSAGE.formatted(1), "true", "message_bytes > 16384"),
          slot("messages", MESSAGE.formatted(2), "2", "messages"),
          slot(
              "oldest_at",
              "update trunkline.outbound_messages set created_at = '"
                  + TIME
                  + "' where event_id = 2",
              TIME,
              "oldest_at"),
          kept("message_directory.event_id", MESSAGE.formatted(3), "3"),
          kept(
              "message_directory.created_at",
              "update trunkline.outbound_messages set created_at = '" + TIME + "'",
              TIME),
          kept(
              "message_directory.bytes",
              "update trunkline.outbound_messages set payload = '[1]'",
              "3"),
          kept(
              "message_directory.delivered",
              "update trunkline.streams set position_own = 3",
              "true"),
          kept(
              "message_directory.delivered",
              "update trunkline.streams set position_own = 2",
              "false"),
          kept("message_directory.stream_id", NEXT_STREAM, "5"),
          kept("message_payloads.event_id", MESSAGE.formatted(4), "4"),
          kept("message_payloads.stream_id", NEXT_STREAM, "6"),
          kept(
              "message_payloads.payload",
              "update trunkline.outbound_messages set payload = '[2]'",
              "\\x5b325d"),
          slot(
              "batch_bytes",
              "insert into trunkline.publish_batches values (1, 1, 4, '{}', '{}')",
              "true",
              "batch_bytes > 16384"),
          slot(
              "slot",
              "update trunkline.control set current_slot = 5",
              "true",
              "slot = 4 and not written"),
          session("session_id", "session_id = md5('c')", "4a8a08f09d37b73795649038408b5f33"),
          new Truth("session_directory.session_key", NEXT_SESSION, "2"),
          new Truth("stream_directory.session_key", NEXT_SESSION, "3"),
          new Truth("task_directory.session_key", NEXT_SESSION, "4"),
          new Truth("call_directory.session_key", NEXT_SESSION, "5"),
          new Truth("question_directory.session_key", NEXT_SESSION, "6"),
          kept("message_directory.session_key", NEXT_SESSION, "7"),
          task("task_key", "task_key = default", "2"));

  private ViewColumns() {}

  private static Truth call(String column, String change, String then) {
    return new Truth("call_directory." + column, "update trunkline.calls set " + change, then);
  }

  private static Truth question(String column, String change, String then) {
    return new Truth(
        "question_directory." + column, "update trunkline.pending_requests set " + change, then);
  }

  private static Truth announcement(String column, String change, String then) {
    return new Truth(
        "announcement_directory." + column, "update trunkline.announcements set " + change, then);
  }

  private static Truth client(String column, String change, String then) {
    return new Truth("client_directory." + column, "update trunkline.sessions set " + change, then);
  }

  /// Of the latest message.
  private static Truth kept(String column, String change, String then) {
    return new Truth(
        column,
        change,
        then,
        column.substring(column.indexOf('.') + 1),
        " order by event_id desc limit 1");
  }

  private static Truth slot(String column, String change, String then, String shown) {
    return new Truth("slot_directory." + column, change, then, shown, " where slot = 4");
  }

  private static Truth instance(String column, String change, String then) {
    return new Truth(
        "instance_directory." + column, "update trunkline.instances set " + change, then);
  }

  private static Truth session(String column, String change, String then) {
    return new Truth(
        "session_directory." + column, "update trunkline.sessions set " + change, then);
  }

  private static Truth stream(String column, String change, String then) {
    return new Truth("stream_directory." + column, "update trunkline.streams set " + change, then);
  }

  private static Truth task(String column, String change, String then) {
    return new Truth("task_directory." + column, "update trunkline.tasks set " + change, then);
  }
}
