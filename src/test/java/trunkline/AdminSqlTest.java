package trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.testing.EventLog;
import trunkline.testing.McpTestClient;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: no file of `db/admin` rots. Method: each runs as the role that it names, against a
/// database in which there is something to see, and must answer what its header says.
class AdminSqlTest {
  private static final Path FOLDER = Path.of("db/admin");
  private static final Path INDEX = Path.of("db/README.md");

  private static final Set<String> VERBS =
      Set.of(
          "broadcast",
          "cancel",
          "clear",
          "complete",
          "declare",
          "drain",
          "end",
          "issue",
          "migrate",
          "notify",
          "purge",
          "revoke",
          "rotate",
          "send",
          "set",
          "sweep",
          "trim",
          "undrain",
          "void");

  private static final Pattern HEADER =
      Pattern.compile(
          """
          -- (?<kind>Question|Action): .+
          (--         .+
          )*(-- Input: (?<input>.+)
          )?-- Output: (?<output>.+
          (--         .+
          )*)-- Cost: .+
          (--         .+
          )*-- Role: (?<role>trunkline_\\w+)

          (?<statement>select(?s:.+);
          )\
          """);

  private static final Pattern VARIABLE = Pattern.compile(":'(\\w+)'");

  private static final String NOTIFICATION =
      """
      {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"hi"}}
      """;

  private static Stream<Path> files() throws IOException {
    try (var files = Files.list(FOLDER)) {
      return files.sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void a_file_says_what_it_answers_and_what_that_costs(Path file) throws IOException {
    var header = header(file);

    assertThat(header.group("kind"))
        .as("only a file whose name is a verb may write")
        .isEqualTo(VERBS.contains(name(file).split("_", 2)[0]) ? "Action" : "Question");
    assertThat(VARIABLE.matcher(header.group("statement")).results().map(found -> found.group(1)))
        .allMatch(String.valueOf(header.group("input"))::contains);
    assertThat(
            Pattern.compile("\\(admin/(\\w+\\.sql)\\)").matcher(Files.readString(INDEX)).results())
        .as("db/README.md lists it")
        .anyMatch(link -> file.endsWith(link.group(1)));
  }

  @Test
  void a_file_answers_what_it_says_for_the_role_that_it_names(TestDatabase db) throws Exception {
    try (var roles = new TestRoles(db).apply("app").apply("reader").apply("auditor");
        var cluster = new TestCluster(db);
        var client = new McpTestClient();
        var reader = OpenTransaction.on(db, "select count(*) from trunkline.outbound_messages")) {
      var values = somethingToSee(cluster, client);
      reader.run("select pg_advisory_xact_lock(7)");
      var waiting = reader.block(() -> db.sql("select pg_advisory_xact_lock(7)"));

      for (var file : files().toList()) {
        var header = header(file);
        var answer = answer(roles, header, values);

        assertThat(answer.rows()).as("%s has an answer", file).isNotEmpty();
        assertThat(answer.rows().getFirst().keySet())
            .as("%s names its columns", file)
            .allMatch(header.group("output")::contains);
        assertThat(answer.value()).as("%s found its object", file).isNotEqualTo(false);
      }
      reader.commit();
      waiting.get(10, TimeUnit.SECONDS);
    }
  }

  /// Takes back what it did, so that the order of the files does not matter.
  private static TestDatabase.Answer answer(
      TestRoles roles, MatchResult header, Map<String, String> values) throws SQLException {
    var statement =
        VARIABLE
            .matcher(header.group("statement"))
            .replaceAll(variable -> "'" + values.get(variable.group(1)) + "'");
    try (var connection = roles.open(header.group("role"))) {
      connection.setReadOnly("Question".equals(header.group("kind")));
      connection.setAutoCommit(false);
      try {
        return TestDatabase.run(connection, statement);
      } finally {
        connection.rollback();
      }
    }
  }

  /// A session that is connected and was asked something, a task, and a user at a web page.
  ///
  /// @return a value for each variable of the files
  private static Map<String, String> somethingToSee(TestCluster cluster, McpTestClient client)
      throws InterruptedException {
    var instance = cluster.start("a");
    var db = cluster.database();
    client.on(instance.url()).connect("2025-11-25", "{\"elicitation\":{}}");
    client.on(instance.url()).get().sse();
    var call = client.on(instance.url()).call("order_pizza", "{}").sse();
    call.nextMessage("elicitation/create");
    db.sql(
        """
        insert into trunkline.url_elicitations (elicitation_id, session_key, principal, expires_at)
        select repeat('e', 32), session_key, principal, clock_timestamp() + interval '1 hour'
          from trunkline.sessions
        """);
    db.sql(
        """
        insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request,
                                     rerunnable, executor, ttl_millis, expires_at)
        select repeat('a', 32), principal, session_id, 1, 'bake', '{}', false, ?, 3600000,
               clock_timestamp() + interval '1 hour'
          from trunkline.sessions
        """,
        instance.id());

    db.sql("select trunkline.set_enabled('tool', 'nothing', false)");
    db.sql("select trunkline.set_rate('principal', 'somebody', '1000/s')");
    db.await("exists (select from trunkline.announcements)", EventLog.PATIENCE);

    var values = new HashMap<String, String>();
    values.put("person", "ada");
    var key = db.sql("select trunkline.issue_key('ada')").text();
    values.put("key_id", key.split("_", 3)[1]);
    values.put("session_id", client.sessionId());
    values.put("request_id", String.valueOf(client.on(instance.url()).latestRequestId()));
    values.put("question", db.sql("select max(pending_id) from trunkline.pending_requests").text());
    values.put("task_id", "a".repeat(32));
    values.put("elicitation_id", "e".repeat(32));
    values.put("principal", "anonymous");
    values.put("instance_id", String.valueOf(instance.id()));
    values.put("notification", NOTIFICATION.strip());
    values.put("uri", "file:///report");
    values.put("list", "tools");
    values.put("kind", "tool");
    values.put("name", "surprise");
    values.put("enabled", "false");
    values.put("rate", "1000/s");
    values.put("limited", "somebody");
    values.put("keep", "10");
    return values;
  }

  private static MatchResult header(Path file) throws IOException {
    var header = HEADER.matcher(Files.readString(file));
    assertThat(header.matches()).as("%s has the header that its folder asks for", file).isTrue();
    return header;
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".sql", "");
  }
}
