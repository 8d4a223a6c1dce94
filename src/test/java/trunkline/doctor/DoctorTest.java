package trunkline.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.doctor.ConnectionBudget.Use;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.store.Sql;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: each fault is found, with what mends it, and nothing is found in a healthy database.
/// Method: each fault is made, the doctor is asked, and where the remedy is a statement it is run.
class DoctorTest {
  private static final String APP = "trunkline_app";
  private static final Duration AT_ONCE = Duration.ZERO;

  @Test
  void a_healthy_database_calls_for_nothing(TestDatabase db) {
    var report = Doctor.examine(new Connections(db.settings()));

    assertThat(report.looked()).isTrue();
    assertThat(report.findings())
        .filteredOn(finding -> finding.verdict().calls())
        .filteredOn(finding -> !finding.check().equals("connections")) // shared with other tests
        .filteredOn(finding -> !finding.check().equals("server minor")) // as the tests were started
        .isEmpty();
    assertThat(report.findings())
        .extracting(Finding::check)
        .contains("schema", "primary", "sequences", "wake path", "clock", "rights", "slots");
  }

  @Test
  void it_changes_nothing(TestDatabase db) {
    var before = rows(db);

    Doctor.examine(new Connections(db.settings()));

    assertThat(rows(db)).isEqualTo(before);
  }

  @Test
  void a_database_that_is_away_is_a_finding() {
    var report =
        Doctor.examine(
            new Connections(settings("jdbc:postgresql://127.0.0.1:1/gone", "me", "none")));

    assertThat(report.looked()).isFalse();
    assertThat(report.findings()).hasSize(1);
    assertThat(report.findings().getFirst().found()).contains("refused");
    assertThat(report.worst()).isEqualTo(Verdict.FAULT);
  }

  @Test
  void a_database_without_a_schema_is_a_finding_and_the_rest_is_looked_at() {
    try (var db = TestDatabase.createEmpty()) {
      var report = Doctor.examine(new Connections(db.settings()));

      assertThat(report.looked()).isTrue();
      requireFound(report.findings(), "schema", Verdict.FAULT, "lacks 001", "./trunkline migrate");
      assertThat(report.findings()).extracting(Finding::check).contains("wake path", "clock");
      assertThat(report.findings()).extracting(Finding::check).doesNotContain("slots", "rights");
    }
  }

  @Test
  void what_could_not_be_looked_at_is_said_and_hides_nothing(TestDatabase db) {
    var broken = new Check("odd", false, patient -> patient.ask(DoctorTest::refused));
    var after = new Check("even", false, _ -> List.of(Finding.ok("even", "well")));
    try (var patient = new Patient(new Connections(db.settings()))) {
      var report = Doctor.examine(patient, after, List.of(broken, after));

      assertThat(report.looked()).isFalse();
      requireFound(report.findings(), "odd", Verdict.WARNING, "not looked at", "");
      assertThat(report.findings()).extracting(Finding::check).endsWith("even");
    }
  }

  private static List<Finding> refused(Sql sql) {
    sql.named("doctor.odd: what no server does").select(DSL.inline(1).div(DSL.inline(0))).execute();
    return List.of();
  }

  @Test
  void a_schema_of_a_later_release_is_a_note() {
    try (var db = TestDatabase.create()) {
      db.sql(
          """
          insert into trunkline.flyway_schema_history
          select installed_rank + 1, '999', 'of later', type, 'V999__of_later.sql', 7, installed_by, now(), 1, true
            from trunkline.flyway_schema_history order by installed_rank desc limit 1
          """);

      requireFound(
          look(db, SchemaVersion::look), "schema", Verdict.NOTE, "999 (of later)", "nothing");
    }
  }

  @Test
  void a_right_that_is_missing_is_a_statement_to_run(TestDatabase db) {
    try (var roles = new TestRoles(db).applyNeeds()) {
      db.sql("revoke insert on trunkline.tasks from " + roles.name(APP));
      var settings = settings(db.url(), roles.name(APP), roles.password());

      var found =
          requireFound(
              look(settings, RoleRights::look),
              "rights",
              Verdict.FAULT,
              "lacks rights",
              "GRANT INSERT ON trunkline.tasks TO");

      db.sql(found.remedy().substring(found.remedy().indexOf("GRANT")));
      assertThat(look(settings, RoleRights::look))
          .singleElement()
          .satisfies(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.OK));
    }
  }

  @Test
  void who_shares_a_database_with_others_is_told_where_its_role_leads_them(TestDatabase db) {
    var own = db.user().equals("trunkline"); // as the embedded server has it
    if (!own) {
      db.sql("create role trunkline superuser login password 'trunkline'");
    }
    try {
      var settings = settings(db.url(), "trunkline", own ? db.password() : "trunkline");
      assertThat(look(settings, RoleRights::look)).as("nobody else is there").hasSize(1);

      db.sql("create table public.orders (id int)");
      requireFound(
          look(settings, RoleRights::look),
          "role's name",
          Verdict.NOTE,
          "like the schema",
          "ALTER");

      db.sql("alter role trunkline in database %s set search_path = public".formatted(db.name()));
      assertThat(look(settings, RoleRights::look)).as("it leads elsewhere").hasSize(1);
    } finally {
      db.sql("alter role trunkline in database %s reset search_path".formatted(db.name()));
      if (!own) {
        db.sql("drop role trunkline");
      }
    }
  }

  @Test
  void a_role_that_may_not_look_hears_so_and_of_the_rest(TestDatabase db) {
    try (var roles = new TestRoles(db).applyNeeds()) {
      db.sql("revoke execute on function trunkline.control_faults from " + roles.name(APP));
      var report =
          Doctor.examine(new Connections(settings(db.url(), roles.name(APP), roles.password())));

      assertThat(report.looked()).isFalse();
      requireFound(report.findings(), "rows", Verdict.NOTE, "not looked at", "");
      requireFound(report.findings(), "rights", Verdict.FAULT, "", "control_faults");
      assertThat(report.findings()).extracting(Finding::check).contains("outbox");
    }
  }

  /// What an instance looks at before it starts.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          alter sequence trunkline.event_seq cache 5 | sequences | FAULT | event_seq | CACHE 1
          alter database here set synchronous_commit = off | synchronous_commit | FAULT | off | synchronous_commit = 'on'
          alter database here set default_transaction_isolation = 'serializable' | isolation | FAULT | serializable | read committed
          """)
  void a_setting_that_breaks_a_promise_is_found(
      String made, String check, Verdict verdict, String found, String remedy) {
    try (var db = TestDatabase.create()) {
      db.sql(made.replace("here", db.name()));

      requireFound(look(db, Inspection::traits), check, verdict, found, remedy);
    }
  }

  @Test
  void a_read_only_database_is_found() {
    try (var db = TestDatabase.create()) {
      db.sql("alter database " + db.name() + " set default_transaction_read_only = on");

      var report = Doctor.examine(new Connections(db.settings()));

      assertThat(report.worst()).isEqualTo(Verdict.FAULT);
      assertThat(report.findings().toString()).contains("read-only");
    }
  }

  @Test
  void rows_that_break_what_everything_reads_are_found_with_what_mends_them() {
    try (var db = TestDatabase.create()) {
      db.sql("update trunkline.control set announcement_floor = 1000");
      db.sql(
          "alter table trunkline.tasks drop constraint tasks_begun_ck, drop constraint tasks_numbers_ck");
      db.sql(
          """
          insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, ttl_millis, expires_at, begun)
          values (repeat('a', 32), 'p', repeat('b', 32), 1, 't', '{}', false, 1, 1000, now(), -1)
          """);
      db.sql(
          "alter table trunkline.tasks add constraint tasks_begun_ck check (begun >= 0) not valid");

      var findings = look(db, Inspection::damages);

      requireFound(findings, "control", Verdict.WARNING, "announcement_floor", "mend_control");
      requireFound(
          findings, "rows", Verdict.WARNING, "break tasks_begun_ck", "VALIDATE CONSTRAINT");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "180005, WARNING, 18.6",
    "150019, WARNING, 15.20",
    "170012, OK, 17.12",
    "180099, OK, 18.99",
    "190001, NOTE, 19"
  })
  void a_server_that_lacks_mends_is_told_which_release_has_them(
      int version, Verdict verdict, String said) {
    var finding = ServerMinor.judge(version);

    assertThat(finding.verdict()).isEqualTo(verdict);
    assertThat(finding.found()).contains(said);
  }

  @ParameterizedTest
  @CsvSource({"0, OK", "5, NOTE", "-5, NOTE", "600, WARNING", "-600, WARNING"})
  void a_clock_that_is_wrong_is_measured(long seconds, Verdict verdict) {
    try (var db = TestDatabase.create()) {
      var clock = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(seconds));

      assertThat(look(db, new ClockOffset(clock)::look))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.verdict()).isEqualTo(verdict);
            assertThat(finding.found())
                .contains(seconds > 0 ? "behind" : seconds < 0 ? "ahead of" : "ms");
          });
    }
  }

  @Test
  void a_low_limit_of_descriptors_is_found(TestDatabase db) {
    requireFound(
        look(db, new Descriptors(() -> 1024)::look),
        "descriptors",
        Verdict.WARNING,
        "1024 files",
        "ulimit -n");
    assertThat(look(db, new Descriptors(() -> 65_536)::look))
        .allSatisfy(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.OK));
  }

  /// The server's own limit is everybody's; a database's is a test's.
  @Test
  void instances_that_do_not_all_get_their_connections_are_counted() {
    try (var db = TestDatabase.create()) {
      instance(db, "ready");
      instance(db, "ready");
      db.sql("alter database " + db.name() + " with connection limit 12");

      var finding = look(db, ConnectionBudget::look).getFirst();

      assertThat(finding.verdict()).isEqualTo(Verdict.WARNING);
      assertThat(finding.found()).contains("2 instances may open 6 each", "12 of max_connections");
      assertThat(finding.remedy()).contains("CONNECTION LIMIT");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "100, 97, 97, 3, 2, 10, OK,",
    "100, 97, 97, 3, 7, 10, NOTE,",
    "100, 97, 97, 3, 9, 10, WARNING, max_connections = 117",
    "100, 97, 60, 3, 9, 10, WARNING, CONNECTION LIMIT) to 114"
  })
  void a_budget_says_how_many_would_do(
      int setting,
      int allowed,
      int available,
      int others,
      int instances,
      int pool,
      Verdict verdict,
      String more) {
    var finding =
        ConnectionBudget.judge(new Use(setting, allowed, available, others, instances), pool);

    assertThat(finding.verdict()).isEqualTo(verdict);
    assertThat(finding.remedy()).contains(Objects.requireNonNullElse(more, ""));
  }

  @Test
  void who_blocks_a_slot_is_named_with_pid_time_and_query() throws SQLException {
    try (var db = TestDatabase.create();
        var dump = OpenTransaction.on(db, "select count(*) from trunkline.outbound_messages_3")) {
      var pid = dump.run("select pg_backend_pid()").number();

      var found =
          requireFound(
              look(db, new BlockedSlots(AT_ONCE)::look),
              "slots",
              Verdict.WARNING,
              "outbound_messages_3 cannot be emptied: process " + pid,
              "pg_terminate_backend(" + pid + ")");

      assertThat(found.found()).contains(TestDatabase.APPLICATION_NAME, " as " + db.user(), "for ");
      assertThat(look(db, new BlockedSlots(Duration.ofMinutes(5))::look))
          .as("a reader that has just begun")
          .allSatisfy(finding -> assertThat(finding.verdict()).isEqualTo(Verdict.OK));
    }
  }

  @Test
  void a_role_that_may_not_see_for_how_long_hears_who_it_is_and_what_would_show_it(TestDatabase db)
      throws SQLException {
    try (var roles = new TestRoles(db).applyNeeds();
        var dump = OpenTransaction.on(db, "select count(*) from trunkline.outbound_messages_3")) {
      var pid = dump.run("select pg_backend_pid()").number();

      requireFound(
          look(
              settings(db.url(), roles.name(APP), roles.password()),
              new BlockedSlots(AT_ONCE)::look),
          "slots",
          Verdict.NOTE,
          "process " + pid,
          "pg_read_all_stats");
    }
  }

  @Test
  void a_slot_that_is_written_for_too_long_is_found_while_somebody_serves() {
    try (var db = TestDatabase.create()) {
      db.sql("update trunkline.control set slot_opened_at = now() - interval '2 hours'");
      assertThat(look(db, SlotAge::look).getFirst().verdict()).isEqualTo(Verdict.OK);
      instance(db, "ready");

      requireFound(
          look(db, SlotAge::look),
          "slot age",
          Verdict.WARNING,
          "should have been left",
          "end what");
    }
  }

  @Test
  void a_record_that_does_not_move_on_or_is_not_whole_is_found() {
    try (var db = TestDatabase.create()) {
      assertThat(look(db, AuditSlots::look).getFirst().verdict()).isEqualTo(Verdict.OK);

      db.sql("insert into trunkline.audit_writers (writer, instance_id, lost) values (1, 1, 7)");
      requireFound(look(db, AuditSlots::look), "audit", Verdict.WARNING, "7 records", "audit lost");
      db.sql("delete from trunkline.audit_writers");
      db.sql(
          "update trunkline.audit_slots set kept_for = '6 days', opened_at = now() - interval '3 days' where slot = 0");
      requireFound(
          look(db, AuditSlots::look), "audit", Verdict.WARNING, "left after 86400 s", "sweep()");
      db.sql("update trunkline.audit_slots set closed_at = now() where slot = 0");
      requireFound(
          look(db, AuditSlots::look), "audit", Verdict.WARNING, "no slot", "update trunkline");
    }
  }

  @Test
  void an_old_transaction_that_keeps_dead_rows_is_named() throws SQLException {
    try (var db = TestDatabase.create();
        var old = OpenTransaction.on(db, "select txid_current()")) {
      var pid = old.run("select pg_backend_pid()").number();

      requireFound(
          look(db, new OldSnapshots(AT_ONCE)::look),
          "vacuum",
          Verdict.WARNING,
          "process " + pid,
          "pg_terminate_backend(" + pid + ")");
    }
  }

  @Test
  void silent_polling_and_mixed_instances_are_named() {
    try (var db = TestDatabase.create()) {
      assertThat(look(db, LivingInstances::look).getFirst().found()).isEqualTo("none serves");
      var silent = instance(db, "silent");
      var polling = instance(db, "polling");

      var findings = look(db, LivingInstances::look);

      requireFound(
          findings,
          "instances",
          Verdict.WARNING,
          "instance " + silent + " (http://" + "silent) is silent",
          "declare_dead(" + silent + ")");
      requireFound(
          findings,
          "instances",
          Verdict.WARNING,
          "instance " + polling + " (http://polling) polls",
          "wake path");
      requireFound(
          findings, "instances", Verdict.NOTE, "side by side: silent, polling", "upgraded");
    }
  }

  @Test
  void what_nobody_carries_out_is_found() {
    try (var db = TestDatabase.create()) {
      db.sql("select trunkline.list_changed('tools')");
      db.sql("update trunkline.outbox set created_at = now() - interval '1 minute'");

      requireFound(
          look(db, new WaitingOutbox(Duration.ofSeconds(10))::look),
          "outbox",
          Verdict.WARNING,
          "1 rows",
          "start an instance");
    }
  }

  @Test
  void a_function_under_whose_path_strangers_are_meant_is_found_and_mended_by_its_remedy() {
    try (var db = TestDatabase.create()) {
      db.sql("alter function trunkline.retire_slot set search_path = public");

      var found =
          requireFound(
              look(db, FunctionPaths::look),
              "functions",
              Verdict.WARNING,
              "retire_slot",
              "ALTER FUNCTION trunkline.retire_slot(integer,integer) SET search_path");

      db.sql(found.remedy());
      assertThat(look(db, FunctionPaths::look).getFirst().verdict()).isEqualTo(Verdict.OK);
    }
  }

  /// Two URLs say that a pooler is between, whatever is there.
  @Test
  void behind_a_pooler_a_role_that_lacks_settings_is_given_them_by_the_remedy() {
    try (var db = TestDatabase.create();
        var roles = new TestRoles(db).applyNeeds()) {
      var pooled =
          DatabaseSettings.of(
              db.url() + "?prepareThreshold=0",
              db.url(),
              roles.name(APP),
              new Password.Literal(roles.password()),
              4);

      var found =
          requireFound(
              look(pooled, PoolerSettings::look),
              "pooler",
              Verdict.WARNING,
              "lacks settings",
              "db/role/pooler.sql");

      for (var statement :
          found.remedy().substring(found.remedy().indexOf("ALTER")).split("(?<=;) ", -1)) {
        db.sql(statement);
      }
      assertThat(look(pooled, PoolerSettings::look).getFirst().verdict()).isEqualTo(Verdict.OK);
    }
  }

  @Test
  void urls_that_lead_to_two_databases_are_found() {
    try (var db = TestDatabase.create();
        var other = TestDatabase.create()) {
      var settings =
          DatabaseSettings.of(
              db.url(), other.url(), db.user(), new Password.Literal(db.password()), 4);

      requireFound(
          look(settings, new WakePath(Duration.ofMillis(300))::look),
          "wake path",
          Verdict.FAULT,
          other.name(),
          "one database");
    }
  }

  @Test
  void what_goes_away_meanwhile_is_said_with_what_was_found_before(TestDatabase db) {
    var checks =
        List.of(
            new Check("first", false, _ -> List.of(Finding.ok("first", "well"))),
            new Check(
                "second",
                false,
                patient -> {
                  patient.database().close();
                  return new WakePath(AT_ONCE).look(patient);
                }),
            new Check("third", false, _ -> List.of(Finding.ok("third", "well"))));
    try (var patient = new Patient(new Connections(db.settings()))) {
      var report =
          Doctor.examine(
              patient, new Check("schema", false, _ -> List.of(Finding.ok("schema", "x"))), checks);

      assertThat(report.looked()).isFalse();
      assertThat(report.findings())
          .extracting(Finding::check)
          .containsExactly("schema", "first", "database");
    }
  }

  private static Finding requireFound(
      List<Finding> findings, String check, Verdict verdict, String found, String remedy) {
    assertThat(findings)
        .anySatisfy(finding -> {
          assertThat(finding.check()).isEqualTo(check);
          assertThat(finding.verdict()).isEqualTo(verdict);
          assertThat(finding.found()).contains(found);
          assertThat(finding.remedy()).contains(remedy);
        });
    return findings.stream()
        .filter(finding -> finding.check().equals(check) && finding.found().contains(found))
        .findFirst()
        .orElseThrow();
  }

  private static List<Finding> look(TestDatabase db, Check.Look look) {
    return look(db.settings(), look);
  }

  private static List<Finding> look(DatabaseSettings settings, Check.Look look) {
    try (var patient = new Patient(new Connections(settings))) {
      return look.at(patient);
    }
  }

  private static DatabaseSettings settings(String url, String user, String password) {
    return DatabaseSettings.of(url, url, user, new Password.Literal(password), 4);
  }

  /// A row as an instance would have written it.
  private static long instance(TestDatabase db, String kind) {
    return db.sql(
            """
            insert into trunkline.instances (lease_until, wake_mode, url, version, history_age_max)
            values (now() + make_interval(secs => ?), ?, ?, ?, '1 hour') returning instance_id
            """,
            kind.equals("silent") ? -60.0 : 60.0,
            kind.equals("polling") ? "polling" : "notify",
            "http://" + kind,
            kind)
        .number();
  }

  /// How often each table was written.
  private static List<String> rows(TestDatabase db) {
    return db.sql(
            """
            select c.relname || ' ' || pg_stat_get_tuples_inserted(c.oid) || ' ' || pg_stat_get_tuples_updated(c.oid)
                   || ' ' || pg_stat_get_tuples_deleted(c.oid)
              from pg_class c where c.relnamespace = 'trunkline'::regnamespace and c.relkind = 'r' order by 1
            """)
        .column();
  }
}
