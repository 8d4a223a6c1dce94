package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.architecture.Sources.Source;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// Whoever removes judges under the lock: what came to be needed since it was first looked at
/// stays.
class LastLookTest {
  /// @param name the function
  /// @param old makes the row one that is over
  /// @param table what the function reads freely and cannot lock or empty meanwhile
  /// @param needed makes the row one that is needed after all
  /// @param left whether it is still there
  record Removal(
      String name, String old, String statement, String table, String needed, String left) {
    @Override
    public String toString() {
      return name;
    }
  }

  /// Those that remove what they are told to, or what belongs to a row that they have judged.
  private static final Map<String, String> JUDGES_NOTHING =
      Map.ofEntries(
          Map.entry(
              "retire_streams",
              "what a stream has in a slot that is given up, when its row cannot be written: locked before"),
          Map.entry(
              "retire_slot",
              "what a stream has in a slot that is given up, when its row cannot be written: locked before"),
          Map.entry(
              "empty_outbox",
              "moves rows on, one mover at a time; nobody changes a row of the outbox"),
          Map.entry("clear_rate", "one row, by its key"),
          Map.entry("forget_api_keys", "a key that ended a month ago; nobody revives one"),
          Map.entry("purge_rows", "what purge told it to, which is judged as a whole"),
          Map.entry("set_enabled", "a principal's own switch, since that was asked for"),
          Map.entry("purge_all_but_switches", "what purge does, which is among them"),
          Map.entry(
              "keep_audit",
              "a slot that was closed so long ago, under the lock of all slots; nobody writes into a closed one"),
          Map.entry(
              "keep_seal_keys",
              "a key whose follower has been in use for two days; nobody changes either"),
          Map.entry(
              "cancel_call_anywhere", "writes anew what it removes, under the lock of the log"));

  /// The same for statements of the product's own.
  private static final Set<String> BY_KEY = Set.of("subscriptions.remove", "session_values.remove");

  private static final Pattern FUNCTION =
      Pattern.compile("(?s)CREATE OR REPLACE FUNCTION trunkline\\.(\\w+)\\((.*?)\\$function\\$;");

  private static final Pattern REMOVES =
      Pattern.compile("(?i)\\bdelete from\\b|\\btruncate only\\b");

  private static final Pattern HEADING = Pattern.compile("([a-z_]+\\.[a-z_]+):");

  private final TestDatabase db;

  LastLookTest(TestDatabase db) {
    this.db = db;
  }

  private static List<Removal> removals() {
    return List.of(
        new Removal(
            "forget_finished_streams",
            "update trunkline.streams set finished_at = now() - interval '1 day'",
            "select trunkline.forget_finished_streams(0, interval '1 hour', 100)",
            "streams",
            "update trunkline.streams set holder_instance = 1",
            "select from trunkline.streams"),
        new Removal(
            "forget_ended_sessions",
            "update trunkline.sessions set ended_at = now() - interval '1 day'",
            "select trunkline.forget_ended_sessions(interval '1 hour', 100)",
            "sessions",
            "update trunkline.sessions set ended_at = clock_timestamp()",
            "select from trunkline.sessions"),
        new Removal(
            "forget_expired_tasks",
            "update trunkline.tasks set expires_at = now() - interval '1 day'",
            "select trunkline.forget_expired_tasks(100)",
            "tasks",
            "update trunkline.tasks set expires_at = now() + interval '1 day'",
            "select from trunkline.tasks"),
        new Removal(
            "sweep_round",
            "update trunkline.pending_requests set outcome = 'expired', deadline = now() - interval '1 day'",
            "select trunkline.sweep()",
            "pending_requests",
            "update trunkline.pending_requests set deadline = now()",
            "select from trunkline.pending_requests"),
        new Removal(
            "sweep_round",
            "update trunkline.url_elicitations set expires_at = now() - interval '1 day'",
            "select trunkline.sweep()",
            "url_elicitations",
            "update trunkline.url_elicitations set expires_at = now()",
            "select from trunkline.url_elicitations"),
        new Removal(
            "purge",
            "update trunkline.sessions set ended_at = now() - interval '1 day'",
            "select trunkline.purge('bob')",
            "sessions",
            "update trunkline.sessions set ended_at = clock_timestamp()",
            "select from trunkline.sessions"),
        new Removal(
            "purge",
            "update trunkline.tasks set status = 'completed', updated_at = now() - interval '1 day'",
            "select trunkline.purge('bob')",
            "tasks",
            "update trunkline.tasks set updated_at = clock_timestamp()",
            "select from trunkline.tasks"),
        new Removal(
            "forget_operator_actions",
            "insert into trunkline.operator_actions (action, about, acted_at) values ('sweep', '', now() - interval '31 days')",
            "select trunkline.forget_operator_actions(10)",
            "operator_actions",
            "update trunkline.operator_actions set acted_at = clock_timestamp()",
            "select from trunkline.operator_actions"),
        new Removal(
            "truncate_slot",
            "insert into trunkline.publish_batches values (1, 1, 1, '{}', '{}')",
            "select trunkline.truncate_slot(1, interval '20 seconds')",
            "publish_batches_1",
            "update trunkline.control set current_slot = 1",
            "select from trunkline.publish_batches"));
  }

  @BeforeEach
  void begin() {
    db.sql(
        "truncate trunkline.sessions, trunkline.streams, trunkline.pending_requests, trunkline.tasks,"
            + " trunkline.url_elicitations, trunkline.publish_batches, trunkline.operator_actions");
    db.sql("update trunkline.control set current_slot = 0");
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client)
        values (repeat('1', 32), '2025-11-25', 'bob', 0, '{}', '{}')
        """);
    db.sql("insert into trunkline.streams (session_key, standalone) values (1, false)");
    db.sql(
        """
        insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline)
        values (1, 1, 1, 1, 1, 'roots/list', '', clock_timestamp() + interval '1 minute')
        """);
    db.sql(
        """
        insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor,
                                     ttl_millis, expires_at)
        values (repeat('1', 32), 'bob', repeat('1', 32), 1, 'tool', '{}', false, 1, 60000, clock_timestamp() + interval '1 minute')
        """);
    db.sql(
        """
        insert into trunkline.url_elicitations (elicitation_id, session_key, principal, expires_at)
        values (repeat('1', 32), 1, 'bob', clock_timestamp() + interval '1 minute')
        """);
  }

  @ParameterizedTest
  @MethodSource("removals")
  void what_is_over_is_removed(Removal removal) {
    db.sql(removal.old());

    db.sql(removal.statement());

    assertThat(db.sql(removal.left()).rows()).isEmpty();
  }

  /// Goal: nothing is removed that is needed again. Method: a table lock lets the removal look and
  /// not lock; meanwhile the row comes to be needed.
  @ParameterizedTest
  @MethodSource("removals")
  void what_came_to_be_needed_stays(Removal removal) throws Exception {
    db.sql(removal.old());
    try (var other =
        OpenTransaction.on(db, "lock table trunkline." + removal.table() + " in exclusive mode")) {
      var removing = other.block(() -> db.sql(removal.statement()));
      other.run(removal.needed());
      other.commit();
      removing.get(10, TimeUnit.SECONDS);
    }

    assertThat(db.sql(removal.left()).rows()).hasSize(1);
  }

  @Test
  void every_function_that_removes_is_among_them() throws IOException {
    var removing = new TreeSet<String>();
    FUNCTION
        .matcher(Files.readString(Path.of("db/schema.sql")))
        .results()
        .filter(function -> REMOVES.matcher(function.group(2)).find())
        .forEach(function -> removing.add(function.group(1)));
    var known =
        Stream.concat(removals().stream().map(Removal::name), JUDGES_NOTHING.keySet().stream());

    assertThat(removing).containsExactlyInAnyOrderElementsOf(known.distinct().toList());
  }

  /// A statement that locks what it judges cannot be overtaken.
  @Test
  void every_statement_that_removes_locks_first() {
    var careless =
        Sources.under(Sources.MAIN).stream()
            .flatMap(LastLookTest::removing)
            .filter(statement -> !statement.matches("(?is).*for\\s?update.*skip\\s?locked.*"))
            .map(LastLookTest::name)
            .toList();

    assertThat(careless).containsExactlyInAnyOrderElementsOf(BY_KEY);
  }

  /// Texts, and in jOOQ's words whatever is between two headings.
  private static Stream<String> removing(Source source) {
    return Stream.concat(
            source.textBlocks().stream(),
            Stream.of(source.code().split("(?=sql\\s*\\.named\\()"))
                .filter(part -> part.contains(".deleteFrom(")))
        .filter(text -> REMOVES.matcher(text).find() || text.contains(".deleteFrom("));
  }

  private static String name(String statement) {
    var heading = HEADING.matcher(statement);
    return heading.find() ? heading.group(1) : statement;
  }
}
