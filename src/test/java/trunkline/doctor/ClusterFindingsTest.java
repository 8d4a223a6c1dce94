package trunkline.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.doctor.Examination.instance;
import static trunkline.doctor.Examination.look;
import static trunkline.doctor.Examination.requireFound;
import static trunkline.doctor.Examination.settings;

import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.doctor.ConnectionBudget.Use;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal and method are those of [DoctorTest]: the machine, the clock, who holds what, who lives.
class ClusterFindingsTest {
  private static final String APP = "trunkline_app";
  private static final Duration AT_ONCE = Duration.ZERO;

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
          look(db, AuditSlots::look), "audit", Verdict.WARNING, "no slot", "open one again");
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
}
