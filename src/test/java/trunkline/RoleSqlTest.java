package trunkline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.schema.Migrations;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: each role of `db/role` can do its part and no more. Method: an empty database in which the
/// files run as they tell an operator to run them, a migration by the owner, and an instance that
/// serves as the role for it. Rights do not wear out: one database serves all.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RoleSqlTest {
  private static final String OWNER = "trunkline_owner";
  private static final String APP = "trunkline_app";
  private static final String READER = "trunkline_reader";
  private static final String SENDER = "trunkline_sender";
  private static final String AUDITOR = "trunkline_auditor";
  private static final String AUDIT_READER = "trunkline_audit_reader";

  private static final String[] VIEWS = {
    "announcement_directory",
    "call_directory",
    "client_directory",
    "instance_directory",
    "key_directory",
    "message_directory",
    "minute_directory",
    "question_directory",
    "session_count",
    "session_directory",
    "slot_directory",
    "stream_directory",
    "switch_directory",
    "task_directory"
  };

  /// Ids that let an anonymous client in, and what somebody may have written.
  private static final String[] HIDDEN = {
    "announcement_directory.about",
    "call_directory.session_id",
    "question_directory.session_id",
    "session_directory.session_id",
    "stream_directory.session_id",
    "task_directory.session_id",
    "task_directory.task_id"
  };

  private TestDatabase db;
  private TestRoles roles;

  @BeforeAll
  void runTheFiles() throws SQLException {
    db = TestDatabase.createEmpty();
    roles = new TestRoles(db).apply("owner");
    var owner =
        DatabaseSettings.of(
            db.url(), db.url(), roles.name(OWNER), new Password.Literal(roles.password()), 10);
    assertThat(new Migrations(new Connections(owner)).migrateOrValidate()).isPositive();
    roles.apply("app").apply("reader").apply("sender").apply("auditor").apply("audit_reader");
  }

  @BeforeEach
  void forgetWhatOperatorsDid() {
    db.sql("truncate trunkline.operator_actions, trunkline.audit_records");
  }

  @AfterAll
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
        "select trunkline.retire_streams(2, 0, 100)",
        "select trunkline.truncate_slot(2, interval '1 second')",
        "select trunkline.advance_slot(interval '0')",
        "select trunkline.sweep()",
        "select trunkline.keep_audit()"
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
        "delete from trunkline.flyway_schema_history",
        "insert into trunkline.flyway_schema_history select * from trunkline.flyway_schema_history",
        "update trunkline.control set id_base = 1",
        "update trunkline.control set current_slot = 1",
        "delete from trunkline.control",
        "select trunkline.mend_control()",
        "select trunkline.make_seal_key()",
        "insert into trunkline.api_keys (sha256, principal) values (sha256(''), 'x')",
        "update trunkline.api_keys set revoked_at = null",
        "delete from trunkline.api_keys",
        "insert into trunkline.seal_keys (key, usable_at) values (sha256(''), now())",
        "update trunkline.seal_keys set usable_at = now()",
        "delete from trunkline.seal_keys",
        "update trunkline.rate_limits set amount = null, seconds = null, burst = null",
        "delete from trunkline.outbound_messages",
        "insert into trunkline.outbound_messages_0 select * from trunkline.outbound_messages_1",
        "create temporary table own (id int)"
      })
  void the_role_that_runs_changes_no_schema(String statement) {
    assertThatThrownBy(() -> as(APP, statement))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("42501"));
  }

  @Test
  void the_role_that_reads_sees_the_directories_and_writes_nothing() throws SQLException {
    assertThat(relations(READER, "select")).containsExactlyInAnyOrder(VIEWS);
    for (var right : List.of("insert", "update", "delete", "truncate", "references", "trigger")) {
      assertThat(relations(READER, right)).as(right).isEmpty();
    }
    assertThat(functions(READER)).isEmpty();
    for (var view : VIEWS) {
      as(READER, "select %s from trunkline.%s".formatted(columns(view, READER), view));
    }
    assertThat(hidden(READER)).containsExactlyInAnyOrder(HIDDEN);
    assertThatThrownBy(() -> as(READER, "select payload from trunkline.outbound_messages"))
        .hasMessageContaining("permission denied");
    assertThatThrownBy(() -> as(READER, "select nextval('trunkline.event_seq')"))
        .hasMessageContaining("permission denied");
  }

  @Test
  void the_role_that_sends_does_nothing_else() throws Exception {
    assertThat(functions(SENDER))
        .containsExactlyInAnyOrder("broadcast", "list_changed", "resource_updated", "send");
    for (var right : List.of("select", "insert", "update", "delete")) {
      assertThat(relations(SENDER, right)).as(right).isEmpty();
    }
    try (var cluster = new TestCluster(db);
        var client = new McpTestClient()) {
      var a = cluster.start("a").url();
      client.on(a).connect("2025-11-25");
      var standalone = client.on(a).get().sse();
      var sent = "'{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}'";

      as(SENDER, "select trunkline.send('%s', %s)".formatted(client.sessionId(), sent));
      as(SENDER, "select trunkline.broadcast(%s)".formatted(sent));
      as(SENDER, "select trunkline.list_changed('tools')");
      as(SENDER, "select trunkline.resource_updated('file:///a')");

      for (var method : List.of("notifications/x", "notifications/x")) {
        standalone.nextMessage(method);
      }
    }
    assertThat(db.sql("select count(*) from trunkline.operator_actions").number())
        .as("nobody records what is sent")
        .isZero();
  }

  @Test
  void the_role_that_sends_neither_steers_nor_reads() {
    for (var statement :
        List.of(
            "select trunkline.end_session('x')",
            "select trunkline.set_enabled('tool', 'say', false)",
            "select trunkline.purge('ada')",
            "select trunkline.note_action('sweep', '')",
            "select trunkline.rotate_seal_key()",
            "select from trunkline.seal_keys",
            "insert into trunkline.outbox (kind, about) values ('end_session', 'x')",
            "select from trunkline.sessions",
            "select from trunkline.instance_directory")) {
      requireDenied(SENDER, statement);
    }
  }

  @Test
  void the_role_that_audits_sees_what_operators_did_and_cannot_change_it() throws SQLException {
    db.sql("select trunkline.set_enabled('tool', 'say', false)");

    assertThat(as(AUDITOR, "select action, about, by_user from trunkline.operator_actions").rows())
        .hasSize(1);
    var seen = new ArrayList<>(List.of(VIEWS));
    seen.addAll(List.of("operator_actions", "audit", "audit_slot_directory", "rates"));
    assertThat(relations(AUDITOR, "select")).containsExactlyInAnyOrderElementsOf(seen);
    assertThat(hidden(AUDITOR)).containsExactlyInAnyOrder(HIDDEN);
    for (var right : List.of("insert", "update", "delete", "truncate", "references", "trigger")) {
      assertThat(relations(AUDITOR, right)).as(right).isEmpty();
    }
    assertThat(functions(AUDITOR)).isEmpty();
  }

  @Test
  void the_role_that_reads_the_record_sees_one_view_and_nothing_else() throws SQLException {
    db.sql("select trunkline.set_enabled('tool', 'shout', false)");

    assertThat(as(AUDIT_READER, "select by, method, name from trunkline.audit").rows()).hasSize(1);
    assertThat(relations(AUDIT_READER, "select")).containsExactly("audit");
    for (var right : List.of("insert", "update", "delete", "truncate", "references", "trigger")) {
      assertThat(relations(AUDIT_READER, right)).as(right).isEmpty();
    }
    assertThat(functions(AUDIT_READER)).isEmpty();
  }

  /// Whoever reads a key can forge what clients carry.
  @Test
  void no_role_but_the_one_that_serves_sees_a_key() {
    for (var role : List.of(READER, SENDER, AUDITOR, AUDIT_READER)) {
      requireDenied(role, "select key from trunkline.audit_key");
      requireDenied(role, "select trunkline.audit_digest('{}')");
      requireDenied(role, "select key_id from trunkline.seal_keys");
      requireDenied(role, "select trunkline.rotate_seal_key()");
      requireDenied(role, "select trunkline.keep_seal_keys(1)");
      requireDenied(role, "select sha256 from trunkline.api_keys");
      requireDenied(role, "select trunkline.issue_key('x')");
      requireDenied(role, "select trunkline.revoke_key(1)");
    }
  }

  @Test
  void no_role_but_the_one_that_serves_sees_what_messages_say() throws SQLException {
    for (var role : List.of(READER, SENDER, AUDITOR, AUDIT_READER)) {
      requireDenied(role, "select payload from trunkline.message_payloads");
      requireDenied(role, "select payload from trunkline.outbound_messages");
    }
    assertThat(as(APP, "select count(*) from trunkline.message_payloads").number()).isZero();
  }

  /// Nobody but the owner can unmake the record; who serves only marks what was told.
  @Test
  void the_role_that_serves_cannot_change_the_record() {
    for (var statement :
        List.of(
            "select from trunkline.audit_records",
            "update trunkline.audit_records set name = ''",
            "delete from trunkline.audit_records",
            "update trunkline.audit_slots set closed_at = now()",
            "select trunkline.pseudonymize_audit('ada')",
            "delete from trunkline.operator_actions",
            "update trunkline.operator_actions set about = ''",
            "insert into trunkline.operator_actions (action, about) values ('sweep', '')")) {
      requireDenied(APP, statement);
    }
  }

  private void requireDenied(String role, String statement) {
    assertThatThrownBy(() -> as(role, statement))
        .as(statement)
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

  /// A right that is too much, or missing, is a line too much, or missing.
  @Test
  void each_role_has_the_rights_that_the_page_says() throws IOException {
    var page = Files.readString(Path.of("db/README.md"));

    assertThat(page.lines().filter(line -> line.startsWith("| `trunkline.")))
        .containsExactlyElementsOf(rights());
    assertThat(functions(APP)).doesNotContain("mend_control").contains("open_sessions", "sweep");
  }

  @Test
  void each_function_is_for_whom_the_page_says() throws IOException {
    var page = Files.readString(Path.of("db/README.md"));

    assertThat(
            page.lines()
                .filter(line ->
                    line.matches("\\| (owner|nobody|`trunkline_).*\\| (caller|owner) \\|.*")))
        .containsExactlyElementsOf(
            db.sql(
                    """
                    select format('| %%s | %%s | %%s |', roles, runs_as, string_agg(format('`%%s`', proname), ', ' order by proname collate "C"))
                      from (select p.proname, case when p.prosecdef then 'owner' else 'caller' end as runs_as,
                                   (select coalesce(string_agg(r.said, ', ' order by r.ord), 'nobody')
                                      from (values (1, 'owner', '%s'), (2, '`trunkline_app`', '%s'), (3, '`trunkline_reader`', '%s'), (4, '`trunkline_sender`', '%s'),
                                             (5, '`trunkline_auditor`', '%s'), (6, 'everybody', 'public'))
                                             r(ord, said, name)
                                     where has_function_privilege(r.name, p.oid, 'execute')) as roles
                              from pg_proc p where p.pronamespace = 'trunkline'::regnamespace) f
                     group by roles, runs_as order by roles, runs_as
                    """
                        .formatted(
                            roles.name(OWNER),
                            roles.name(APP),
                            roles.name(READER),
                            roles.name(SENDER),
                            roles.name(AUDITOR)))
                .column());
  }

  private List<String> rights() {
    return db.sql(
            """
            with rights as (
              select c.relname, g.role, string_agg(g.verb || coalesce(' (' || g.columns || ')', ''), ', ' order by g.ord) as verbs
                from pg_class c cross join lateral (
                  select r.role, v.verb, v.ord,
                         case when not has_table_privilege(r.name, c.oid, v.verb)
                              then (select string_agg(a.attname, ', ' order by a.attname) from pg_attribute a
                                     where a.attrelid = c.oid and a.attnum > 0
                                       and v.verb not in ('delete', 'truncate', 'trigger')
                                       and has_column_privilege(r.name, c.oid, a.attnum,
                                             case when v.verb in ('delete', 'truncate', 'trigger') then 'select' else v.verb end)) end
                           as columns
                    from (values ('app', '%1$s'), ('reader', '%2$s'), ('auditor', '%3$s')) r(role, name)
                   cross join unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
                                with ordinality v(verb, ord)
                   where has_table_privilege(r.name, c.oid, v.verb)
                      or (v.verb not in ('delete', 'truncate', 'trigger')
                          and has_any_column_privilege(r.name, c.oid,
                                case when v.verb in ('delete', 'truncate', 'trigger') then 'select' else v.verb end))) g
               where c.relnamespace = 'trunkline'::regnamespace and c.relkind in ('r', 'p', 'v')
               group by c.relname, g.role)
            select format('| `trunkline.%%s` | %%s | %%s | %%s |', name, coalesce(max(verbs) filter (where role = 'app'), '–'),
                          coalesce(max(verbs) filter (where role = 'reader'), '–'),
                          coalesce(max(verbs) filter (where role = 'auditor'), '–'))
              from (select regexp_replace(relname, '_[0-7]$', '_0` … `7') as name, role, verbs from rights) r
             group by name order by name collate "C"
            """
                .formatted(roles.name(APP), roles.name(READER), roles.name(AUDITOR)))
        .column();
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
               and case when %2$s in ('delete', 'truncate', 'trigger') then has_table_privilege(%1$s, oid, %2$s)
                        else has_any_column_privilege(%1$s, oid, %2$s) end
            """
                .formatted("'" + roles.name(role) + "'", "'" + right + "'"))
        .column();
  }

  /// The columns of a view that the role may read.
  private String columns(String view, String role) {
    return String.join(
        ", ",
        db.sql(
                """
                select attname from pg_attribute
                 where attrelid = ?::regclass and attnum > 0 and has_column_privilege(?, attrelid, attnum, 'select')
                """,
                "trunkline." + view,
                roles.name(role))
            .column());
  }

  /// The columns of the views of which it may read others only.
  private List<String> hidden(String role) {
    return db.sql(
            """
            select relname || '.' || attname from pg_attribute a join pg_class c on c.oid = attrelid
             where relnamespace = 'trunkline'::regnamespace and relkind = 'v' and attnum > 0
               and has_any_column_privilege(?, c.oid, 'select') and not has_column_privilege(?, c.oid, attnum, 'select')
            """,
            roles.name(role),
            roles.name(role))
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
