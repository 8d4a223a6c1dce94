package trunkline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Migrations;
import trunkline.store.Password;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: each role of `db/role` can do its part and no more. Method: an empty database in which the
/// files run as they tell an operator to run them, a migration by the owner, and an instance that
/// serves as the role for it.
class RoleSqlTest {
  private static final String OWNER = "trunkline_owner";
  private static final String APP = "trunkline_app";
  private static final String READER = "trunkline_reader";

  private static final String[] VIEWS = {
    "instance_directory", "session_directory", "stream_directory", "task_directory"
  };

  private TestDatabase db;
  private TestRoles roles;

  @BeforeEach
  void runTheFiles() throws SQLException {
    db = TestDatabase.createEmpty();
    roles = new TestRoles(db).apply("owner");
    var owner =
        DatabaseSettings.of(
            db.url(), db.url(), roles.name(OWNER), new Password.Literal(roles.password()), 10);
    assertThat(new Migrations(new Connections(owner)).migrateOrValidate()).isPositive();
    roles.apply("app").apply("reader");
  }

  @AfterEach
  void dropTheRoles() {
    roles.close();
    db.close();
  }

  @Test
  void an_instance_serves_as_the_role_that_runs() throws Exception {
    try (var cluster = new TestCluster(db);
        var client = new McpTestClient()) {
      cluster
          .with("database-user", roles.name(APP))
          .with("database-password", roles.password())
          .with("require-notify", "true");
      var a = cluster.start("a").url();

      client.on(a).connect("2025-11-25", "{\"elicitation\":{}}");
      var standalone = client.on(a).get().sse();
      client.on(a).call("shout", "{\"text\":\"anybody there?\"}").result();
      assertThat(standalone.nextMessage().toString()).contains("anybody there?");

      var call = client.on(a).call("order_pizza", "{}").sse();
      client.on(a).respond(call.nextMessage("elicitation/create"), "{\"action\":\"decline\"}");
      assertThat(call.nextResponse().toString()).contains("No pizza then.");
      assertThat(client.on(a).delete().status()).isEqualTo(204);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select trunkline.retire_slot(2, 100)",
        "select trunkline.truncate_slot(2, interval '1 second')",
        "select trunkline.advance_slot(interval '0')",
        "select trunkline.sweep()"
      })
  void the_role_that_runs_cleans_up(String statement) throws SQLException {
    try (var connection = roles.open(APP)) {
      assertThat(TestDatabase.run(connection, statement).rows()).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create table trunkline.own (id int)",
        "alter table trunkline.sessions add column own int",
        "truncate trunkline.sessions",
        "drop view trunkline.task_directory",
        "delete from trunkline.flyway_schema_history"
      })
  void the_role_that_runs_changes_no_schema(String statement) {
    assertThatThrownBy(() -> as(APP, statement))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
  }

  @Test
  void the_role_that_reads_sees_the_four_views_and_writes_nothing() throws SQLException {
    assertThat(relations(READER, "select")).containsExactlyInAnyOrder(VIEWS);
    for (var right : List.of("insert", "update", "delete", "truncate", "references", "trigger")) {
      assertThat(relations(READER, right)).as(right).isEmpty();
    }
    assertThat(functions(READER)).isEmpty();
    for (var view : VIEWS) {
      as(READER, "select * from trunkline." + view);
    }
    assertThatThrownBy(() -> as(READER, "select payload from trunkline.outbound_messages"))
        .hasMessageContaining("permission denied");
    assertThatThrownBy(() -> as(READER, "select nextval('trunkline.event_seq')"))
        .hasMessageContaining("permission denied");
  }

  @Test
  void the_owner_grants_again_after_a_migration() throws SQLException {
    db.sql("revoke all on trunkline.tasks from " + roles.name(APP));
    db.sql("revoke all on trunkline.task_directory from " + roles.name(READER));

    try (var owner = roles.open(OWNER)) {
      roles.apply("app", owner);
      roles.apply("reader", owner);
    }

    assertThat(relations(APP, "insert")).contains("tasks");
    assertThat(relations(READER, "select")).contains("task_directory");
  }

  /// What a connection sets for itself is lost in a transaction pooler.
  @Test
  void behind_a_pooler_the_role_has_what_a_connection_sets() throws IOException, SQLException {
    var connections = Files.readString(Path.of("src/main/java/trunkline/store/Connections.java"));
    roles.apply("pooler");

    var settings =
        Pattern.compile("(?m)^ +SET (\\w+) = ([^;\n]+)").matcher(connections).results().toList();

    assertThat(settings).isNotEmpty();
    for (var setting : settings) {
      assertThat(as(APP, "show " + setting.group(1)).text())
          .as(setting.group(1))
          .isEqualTo(setting.group(2).replace("'", ""));
    }
  }

  private TestDatabase.Answer as(String role, String statement) throws SQLException {
    try (var connection = roles.open(role)) {
      return TestDatabase.run(connection, statement);
    }
  }

  /// The tables and views on which the role has this right.
  private List<String> relations(String role, String right) {
    return db.sql(
            """
            select relname from pg_class
             where relnamespace = 'trunkline'::regnamespace and relkind in ('r', 'p', 'v')
               and has_table_privilege(?, oid, ?)
            """,
            roles.name(role),
            right)
        .column();
  }

  private List<String> functions(String role) {
    return db.sql(
            """
            select proname from pg_proc
             where pronamespace = 'trunkline'::regnamespace
               and has_function_privilege(?, oid, 'execute')
            """,
            roles.name(role))
        .column();
  }
}
