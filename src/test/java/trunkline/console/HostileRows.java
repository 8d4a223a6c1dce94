package trunkline.console;

import java.util.ArrayList;
import java.util.List;
import trunkline.jsonrpc.Codec;
import trunkline.testing.TestDatabase;

/// A database in which whatever a stranger may name has a hostile name, and what is nobody's
/// business has a mark.
final class HostileRows {
  /// In all that is not shown: arguments, answers, reasons, values; payloads, where they are not
  /// wanted.
  static final String MARK = "never-to-be-seen";

  static final String WORD = "w".repeat(10_000);

  static final List<String> NAMES =
      List.of(
          "<script>alert(1)</script>",
          "\"><img src=x onerror=alert(1)>",
          "'onmouseover='alert(1)' x='",
          "</title></textarea></script><svg onload=alert(1)>",
          "<!-- <a href=javascript:alert(1)>",
          "${7*7}#{7*7}@if(true)",
          "&lt;b&gt;&#x3c;script&#x3e;",
          "\u202Eevil\u2066\u200B\uFEFF",
          "\u0001\u0008\u001B[31m\u0085\u2028",
          "\\u0000\\ud800\\u202e",
          "🍕".repeat(60),
          WORD);

  private HostileRows() {}

  /// Puts them wherever a name may stand.
  ///
  /// @return the keys of the sessions
  static List<Long> into(TestDatabase db) {
    var keys = new ArrayList<Long>();
    for (var i = 0; i < NAMES.size(); i++) {
      keys.add(insert(db, NAMES.get(i), i + 1));
    }
    return List.copyOf(keys);
  }

  private static long insert(TestDatabase db, String name, int number) {
    var client = Codec.text(Codec.object().put("name", name).put("version", name));
    var key =
        db.sql(
                """
                insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client, roots)
                values (md5('hostile ' || ?), '2025-11-25', left(?, 4096), 0, ?, ?, ?) returning session_key
                """,
                number,
                name,
                "{\"" + MARK + "\":{}}",
                client,
                "[\"" + MARK + "\"]")
            .number();
    var instance =
        db.sql(
                """
                insert into trunkline.instances (lease_until, url, version)
                values (now() + interval '1 hour', left(?, 2048), left(?, 255)) returning instance_id
                """,
                name,
                name)
            .number();
    var stream =
        db.sql(
                "insert into trunkline.streams (session_key, standalone, opened_at, reader_instance) values (?, false, now(), ?) returning stream_id",
                key,
                instance)
            .number();
    db.sql(
        """
        insert into trunkline.calls (stream_id, session_key, request_id, method, request, principal, rerunnable, cancel_reason)
        values (?, ?, '1', left(?, 255), ?::text::bytea, left(?, 4096), false, ?)
        """,
        stream,
        key,
        name,
        "{\"" + MARK + "\":1}",
        name,
        MARK);
    db.sql(
        "insert into trunkline.outbound_messages (stream_id, event_id, slot, payload) values (?, ?, 0, convert_to(?, 'UTF8'))",
        stream,
        number,
        "{\"" + MARK + "\":\"" + name + "\"}");
    db.sql(
        """
        insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline, outcome, answer,
                                                settled_at, progress_message, answered_by)
        values (?, ?, ?, ?, 1, left(?, 255), '', now(), 'answered', ?::text::bytea, now(), ?, ?)
        """,
        number,
        key,
        stream,
        instance,
        name,
        MARK,
        MARK,
        instance);
    db.sql(
        """
        insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis, expires_at,
                                     status_message)
        values (md5('task ' || ?), left(?, 4096), md5('hostile ' || ?), ?, left(?, 2048), ?::text::bytea, false, ?, 600000, now() + interval '1 hour', ?)
        """,
        number,
        name,
        number,
        stream,
        name,
        "{\"" + MARK + "\":1}",
        instance,
        MARK);
    db.sql(
        """
        insert into trunkline.audit_records (slot, writer, number, begun_at, micros, instance_id, principal, credential, client, method, name,
                                             outcome, run, times, revision, session_key, peer)
        values (0, 1, ?, clock_timestamp(), 1, ?, left(?, 4096), ?, left(?, 200), left(?, 100), left(?, 500), 'ok', 1, 1, '2025-11-25', ?, ?)
        """,
        number,
        instance,
        name,
        MARK,
        name,
        name,
        name,
        key,
        MARK);
    db.sql(
        "insert into trunkline.session_values (session_key, name, value) values (?, ?, ?)",
        key,
        MARK,
        MARK);
    db.sql(
        "insert into trunkline.outbox (kind, payload) values ('broadcast', ?)",
        "{\"" + MARK + "\":1}");
    db.sql(
        "insert into trunkline.operator_actions (action, about) values ('sweep', left(?, 400))",
        name);
    return key;
  }

  /// The ids that let an anonymous client in, and those of its tasks.
  static List<String> ids(TestDatabase db) {
    var ids = new ArrayList<>(db.sql("select session_id from trunkline.sessions").column());
    ids.addAll(db.sql("select task_id from trunkline.tasks").column());
    return ids;
  }
}
