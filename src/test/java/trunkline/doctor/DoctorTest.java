package trunkline.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.doctor.Examination.look;
import static trunkline.doctor.Examination.requireFound;
import static trunkline.doctor.Examination.settings;

import java.time.Duration;
import java.util.List;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.store.Sql;
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
