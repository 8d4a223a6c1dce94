package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// A statement that locks several rows does so in the written order (db/README.md): instances,
/// sessions, streams (ascending), calls, pending_requests, announcement_lock.
///
/// Goal: no two statements can deadlock. Method: for each row that a statement locks, a second
/// transaction holds just that one; when the statement waits for it, it must hold every row that
/// comes earlier in the order and none that comes later.
class LockOrderTest {
  /// The rows of one session, in the written order.
  enum Row {
    SESSION("sessions", "session_key = 1"),
    FIRST_STREAM("streams", "stream_id = 1"),
    SECOND_STREAM("streams", "stream_id = 2"),
    FIRST_CALL("calls", "call_id = 1"),
    SECOND_CALL("calls", "call_id = 2"),
    FIRST_QUESTION("pending_requests", "pending_id = 1"),
    SECOND_QUESTION("pending_requests", "pending_id = 2"),
    TASK("tasks", "task_key = 1"),
    TASK_INPUT("task_inputs", "input_id = 1"),
    ANNOUNCEMENT_LOCK("announcement_lock", "one");

    private final String table;
    private final String from;

    Row(String table, String where) {
      this.table = table;
      this.from = " from trunkline." + table + " where " + where;
    }

    String lock() {
      return "select" + from + " for update";
    }

    boolean isLocked(TestDatabase db) {
      return db.sql("select" + from + " for update skip locked").rows().isEmpty();
    }
  }

  /// @param prepare the rows that must be there before
  /// @param skipped rows that it leaves alone when they are locked, instead of waiting
  record Locking(String name, String prepare, String statement, List<Row> rows, Set<Row> skipped) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final Pattern WRITTEN =
      Pattern.compile("(?m)^\\*\\*instances → (.*) → inserts\\*\\*$");

  private final TestDatabase db;

  LockOrderTest(TestDatabase db) {
    this.db = db;
  }

  private static Stream<Locking> lockings() {
    return Stream.of(ofSessions(), ofAPurge(), ofCalls(), ofTheOutbox(), ofTasks())
        .flatMap(each -> each);
  }

  /// The locks of a session's end: everything but tasks, which outlive it.
  private static List<Row> allOfASession() {
    var ofTasks = Set.of(Row.TASK, Row.TASK_INPUT);
    return Stream.of(Row.values()).filter(row -> !ofTasks.contains(row)).toList();
  }

  private static Stream<Locking> ofSessions() {
    var all = allOfASession();
    var belongings = all.subList(1, all.size() - 1);
    var skippedSession = Set.of(Row.SESSION);
    return Stream.of(
        new Locking(
            "end a session",
            "select 1",
            "select * from trunkline.end_session_now(1, 'client')",
            all,
            Set.of()),
        new Locking(
            "end an unused session",
            "select 1",
            "select * from trunkline.end_unused_session(1, '0', '0')",
            all,
            skippedSession),
        new Locking(
            "forget a session",
            "update trunkline.sessions set ended_at = created_at",
            "select trunkline.forget_ended_sessions('0', 10)",
            Stream.concat(Stream.of(Row.SESSION), belongings.stream()).toList(),
            skippedSession),
        new Locking(
            "set the log level",
            "select 1",
            "select * from trunkline.set_log_level(1, 'error')",
            List.of(Row.SESSION, Row.ANNOUNCEMENT_LOCK),
            Set.of()));
  }

  private static Stream<Locking> ofAPurge() {
    var ended = Stream.of(Row.values()).filter(row -> row != Row.TASK_INPUT).toList();
    var removed = Stream.of(Row.values()).filter(row -> row != Row.ANNOUNCEMENT_LOCK).toList();
    var skipped = Set.of(Row.SESSION, Row.TASK);
    return Stream.of(
        new Locking(
            "purge somebody who is here",
            "select 1",
            "select * from trunkline.purge('bob', 1)",
            ended,
            skipped),
        new Locking(
            "purge somebody who was here",
            """
            with s as (update trunkline.sessions set ended_at = clock_timestamp() - interval '1 hour')
            update trunkline.tasks set status = 'completed', updated_at = clock_timestamp() - interval '1 hour'
            """,
            "select * from trunkline.purge('bob', 1)",
            removed,
            skipped));
  }

  private static Stream<Locking> ofCalls() {
    return Stream.of(
        new Locking(
            "cancel a call",
            "select 1",
            "select trunkline.cancel_call_now(1, '7', 'test')",
            List.of(Row.FIRST_CALL),
            Set.of()),
        new Locking(
            "cancel a call without a row",
            "select 1",
            "select trunkline.cancel_call_now(1, '9', 'test')",
            List.of(Row.ANNOUNCEMENT_LOCK),
            Set.of()));
  }

  private static Stream<Locking> ofTheOutbox() {
    return Stream.of(
        new Locking(
            "move announcements",
            "select trunkline.list_changed('tools')",
            "select * from trunkline.move_outbox(10)",
            List.of(Row.ANNOUNCEMENT_LOCK),
            Set.of()),
        new Locking(
            "move an end",
            "select trunkline.end_session(repeat('1', 32))",
            "select * from trunkline.move_outbox(10)",
            allOfASession(),
            Set.of()));
  }

  private static Stream<Locking> ofTasks() {
    return Stream.of(
        new Locking(
            "settle what a task asked",
            "select 1",
            "select * from trunkline.settle_task_input(1, 1, 1, 1, null)",
            List.of(Row.TASK, Row.TASK_INPUT),
            Set.of()),
        new Locking(
            "answer what a task asked",
            "select 1",
            "select * from trunkline.answer_task_inputs(1, array['question-1'], array['{}'::bytea])",
            List.of(Row.TASK, Row.TASK_INPUT),
            Set.of()),
        new Locking(
            "remove an expired task",
            "update trunkline.tasks set expires_at = created_at",
            "select trunkline.forget_expired_tasks(10)",
            List.of(Row.TASK, Row.TASK_INPUT),
            Set.of(Row.TASK)));
  }

  /// Two sessions, and two streams of the first, of which the second carries two calls. Rows lie in
  /// the table in the opposite order, so that heap order is not id order.
  @BeforeEach
  void begin() {
    db.sql(
        "truncate trunkline.outbox, trunkline.sessions, trunkline.streams, trunkline.calls,"
            + " trunkline.pending_requests, trunkline.tasks, trunkline.task_inputs restart identity");
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from,
                                        capabilities, client)
        select repeat(s::text, 32), '2025-11-25', 'bob', 0, '{}', '{}' from generate_series(1, 2) s
        """);
    db.sql(
        """
        insert into trunkline.streams (stream_id, session_key, standalone)
        overriding system value select s, 1, s = 1 from generate_series(2, 1, -1) s
        """);
    db.sql(
        """
        insert into trunkline.calls (call_id, stream_id, session_key, request_id, method, request,
                                     principal, rerunnable)
        overriding system value
        select c, 2, 1, (c + 6)::text, 'tools/call', '', 'bob', false from generate_series(2, 1, -1) c
        """);
    db.sql(
        """
        insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal,
                                                method, digest, deadline)
        select p, 1, 2, 1, p, 'roots/list', '', clock_timestamp() + interval '1 minute'
          from generate_series(2, 1, -1) p
        """);
    db.sql(
        """
        with task as (
               insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor,
                                            ttl_millis, expires_at)
               values (repeat('1', 32), 'bob', repeat('1', 32), 1, 'tool', '{}', false, 1, 60000,
                       clock_timestamp() + interval '1 minute')
               returning task_key)
        insert into trunkline.task_inputs (task_key, run, ordinal, input_id, method, params, digest, deadline)
        select task_key, 1, 1, 1, 'roots/list', '', '', clock_timestamp() + interval '1 minute' from task
        """);
  }

  @Test
  void the_order_is_written_in_the_readme() throws IOException {
    var line = WRITTEN.matcher(Files.readString(Path.of("db/README.md")));

    assertThat(line.find()).isTrue();
    assertThat(line.group(1).split(" → "))
        .containsExactly(
            Stream.of(Row.values()).map(row -> row.table).distinct().toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("lockings")
  void a_statement_locks_in_the_written_order(Locking locking) throws Exception {
    db.sql(locking.prepare());
    var wrong = new ArrayList<String>();

    for (var held : locking.rows()) {
      if (!locking.skipped().contains(held)) {
        wrong.addAll(outOfOrder(locking, held));
      }
    }

    assertThat(wrong).isEmpty();
  }

  private List<String> outOfOrder(Locking locking, Row held) throws Exception {
    var wrong = new ArrayList<String>();
    try (var other = OpenTransaction.on(db, held.lock())) {
      var waiting = other.block(() -> runAndUndo(locking));
      for (var row : locking.rows()) {
        if (row != held && row.isLocked(db) != (row.compareTo(held) < 0)) {
          wrong.add(
              "waits for "
                  + held
                  + (row.compareTo(held) < 0 ? " without holding " : " while holding ")
                  + row);
        }
      }
      other.commit(); // lets go of the row
      waiting.get(10, TimeUnit.SECONDS);
    }
    return wrong;
  }

  private boolean runAndUndo(Locking locking) throws SQLException {
    try (var _ = OpenTransaction.on(db, locking.statement())) {
      return true;
    }
  }
}
