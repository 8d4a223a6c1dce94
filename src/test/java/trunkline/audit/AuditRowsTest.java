package trunkline.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.audit.AuditRows.Kept;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// Records are stored once however often they are sent, kept for as long as the longest promise,
/// and then gone without a deleted row.
class AuditRowsTest {
  private static final long WRITER = 7;
  private static final Duration MONTH = Duration.ofDays(30);

  private final TestDatabase db;
  @AutoClose private final Database database;
  private final AuditRows rows;

  AuditRowsTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "test");
    this.rows = new AuditRows(database);
  }

  @BeforeEach
  void begin() {
    db.sql("truncate trunkline.audit_records, trunkline.audit_writers, trunkline.operator_actions");
    db.sql(
        "update trunkline.audit_slots set opened_at = null, closed_at = null, kept_for = interval '0'");
    db.sql("update trunkline.audit_slots set opened_at = now() where slot = 0");
    rows.enlist(WRITER, 3);
  }

  private static List<Backlog.Entry> batch(int from, int through) {
    var now = System.nanoTime();
    return IntStream.rangeClosed(from, through)
        .mapToObj(number -> new Backlog.Entry(number, record(now, "ada", number), null))
        .toList();
  }

  private static AuditRecord record(long nanos, String principal, int number) {
    return new AuditRecord(
        nanos - Duration.ofMinutes(1).toNanos(),
        2_000_000,
        3,
        new AuditRecord.Who(principal, "file:1", "test 1", null),
        new AuditRecord.What("tools/call", "bake " + number, "2025-11-25", null),
        new byte[32],
        Ending.OK,
        1,
        1,
        9L,
        null);
  }

  private boolean write(int from, int through, Duration age) {
    return rows.write(WRITER, batch(from, through), 0, age, System.nanoTime());
  }

  @Test
  void what_is_sent_again_is_stored_once_and_the_clock_is_the_databases() {
    assertThat(write(1, 3, MONTH)).isTrue();
    assertThat(write(1, 3, MONTH)).isTrue();
    assertThat(write(2, 5, MONTH)).as("with more").isTrue();

    assertThat(db.sql("select number from trunkline.audit_records order by number").column())
        .containsExactly("1", "2", "3", "4", "5");
    assertThat(
            db.sql(
                    "select bool_and(at between now() - interval '70 seconds' and now() - interval '61 seconds') from trunkline.audit where by = 'client'")
                .value())
        .as("it began two seconds before it ended, a minute ago")
        .isEqualTo(true);
  }

  /// In another database than before, for instance.
  @Test
  void who_is_not_enlisted_stores_nothing() {
    assertThat(rows.write(8, batch(1, 1), 0, MONTH, System.nanoTime())).isFalse();
    assertThat(db.sql("select count(*) from trunkline.audit_records").number()).isZero();
  }

  @Test
  void a_record_is_kept_for_the_longest_promise_of_its_slot_and_then_gone() {
    write(1, 1, MONTH);
    write(2, 2, Duration.ofDays(1));
    assertThat(rows.keep()).as("young").isEqualTo(new Kept(0, 0, 0));

    age("5 days 1 hour"); // a sixth of a month
    assertThat(rows.keep()).isEqualTo(new Kept(0, 1, 0));
    write(3, 3, Duration.ofDays(6));
    assertThat(slots()).containsExactly("0", "1");

    age("29 days");
    assertThat(rows.keep())
        .as("the second has been written for long enough")
        .isEqualTo(new Kept(0, 1, 0));
    write(4, 4, MONTH);
    age("2 days");
    assertThat(rows.keep()).as("the first was closed a month ago").isEqualTo(new Kept(1, 0, 0));
    assertThat(slots()).containsExactly("1", "2");

    age("5 days");
    assertThat(rows.keep()).isEqualTo(new Kept(1, 1, 0));
    assertThat(slots()).containsExactly("2");
  }

  @Test
  void eight_slots_are_enough_for_ever() {
    for (var turn = 1; turn <= 30; turn++) {
      write(turn, turn, MONTH);
      age("5 days 1 hour");
      assertThat(rows.keep().begun()).as("turn " + turn).isEqualTo(1);
      assertThat(slots()).hasSizeLessThanOrEqualTo(8);
    }
    assertThat(db.sql("select count(*) from trunkline.audit_records").number())
        .as("what is younger than a month, and no more than a sixth of it besides")
        .isBetween(6L, 7L);
  }

  @Test
  void whoever_reads_the_record_delays_nobody_and_loses_nothing() throws Exception {
    write(1, 1, MONTH);
    age("6 days");
    assertThat(rows.keep()).isEqualTo(new Kept(0, 1, 0));
    age("31 days");
    try (var auditor = OpenTransaction.on(db, "select count(*) from trunkline.audit")) {
      assertThat(rows.keep().blocked()).isEqualTo(1);
      assertThat(write(2, 2, MONTH)).isTrue();
      auditor.commit();
    }
    assertThat(rows.keep().emptied()).isEqualTo(1);
  }

  /// While nothing is recorded what was is still forgotten in time.
  @Test
  void a_slot_that_nobody_promised_to_keep_is_not_left() {
    age("900 days");

    assertThat(rows.keep()).isEqualTo(new Kept(0, 0, 0));
  }

  @Test
  void a_person_is_taken_out_and_the_record_stays() {
    var now = System.nanoTime();
    var both = new ArrayList<Backlog.Entry>();
    both.add(new Backlog.Entry(1, record(now, "ada", 1), null));
    both.add(new Backlog.Entry(2, record(now, "bob", 2), null));
    both.add(new Backlog.Entry(3, record(now, "ada", 3), null));
    rows.write(WRITER, both, 0, MONTH, now);

    assertThat(db.sql("select trunkline.pseudonymize_audit('ada', 1)").number()).isOne();
    assertThat(db.sql("select trunkline.pseudonymize_audit('ada')").number()).isOne();
    assertThat(db.sql("select trunkline.pseudonymize_audit('ada')").number()).isZero();

    assertThat(
            db.sql(
                    "select string_agg(name, ',' order by name) from trunkline.audit where by = 'client' group by principal, client, credential order by 1")
                .column())
        .as("still one person")
        .containsExactly("bake 1,bake 3", "bake 2");
    assertThat(String.join(" ", db.sql("select a::text from trunkline.audit a").column()))
        .doesNotContain("ada");
  }

  /// What operators did is told for as long.
  @Test
  void what_operators_did_is_kept_as_long_as_the_record() {
    db.sql(
        "insert into trunkline.operator_actions (action, about, acted_at) values ('sweep', '', now() - interval '40 days')");
    write(1, 1, Duration.ofDays(50));
    assertThat(db.sql("select trunkline.forget_operator_actions(10)").number()).isZero();

    db.sql("update trunkline.audit_slots set kept_for = interval '0'");
    assertThat(db.sql("select trunkline.forget_operator_actions(10)").number()).isOne();
  }

  /// Lets time pass for the slots.
  private void age(String time) {
    db.sql(
        "update trunkline.audit_slots set opened_at = opened_at - ?::interval, closed_at = closed_at - ?::interval",
        time,
        time);
  }

  private List<String> slots() {
    return db.sql("select distinct slot from trunkline.audit_records order by slot").column();
  }
}
