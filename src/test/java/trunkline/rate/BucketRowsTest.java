package trunkline.rate;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.rate.Lease.Outcome;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// Tokens are taken from rows that the database's clock refills. Method: rates so small that the
/// test's own time adds nothing, and rows whose time is moved.
class BucketRowsTest {
  private static final RateLimit TEN_A_DAY = RateLimit.parse("10/d");
  private static final BucketKey ADA = BucketKey.ofPrincipal("ada");
  private static final BucketKey BAKE = BucketKey.ofTool("bake");

  private final TestDatabase db;
  @AutoClose private final Database database;
  private final BucketRows rows;

  BucketRowsTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "test");
    this.rows = new BucketRows(database);
  }

  @BeforeEach
  void begin() {
    db.sql("truncate trunkline.rate_buckets");
  }

  private static Lease lease(BucketKey key, int wanted, int back) {
    return new Lease(key, TEN_A_DAY, wanted, back);
  }

  private int take(BucketKey key, int wanted, int back) {
    return granted(rows.lease(List.of(lease(key, wanted, back))).getFirst());
  }

  private static int granted(Outcome outcome) {
    return outcome instanceof Outcome.Granted granted ? granted.tokens() : -1;
  }

  private void age(String time) {
    db.sql(
        "update trunkline.rate_buckets set refilled_at = refilled_at - ?::interval, forget_at = forget_at - ?::interval",
        time,
        time);
  }

  @Test
  void a_bucket_begins_full_is_emptied_and_refilled_by_time_up_to_its_burst() {
    assertThat(take(ADA, 7, 0)).isEqualTo(7);
    assertThat(take(ADA, 7, 0)).isEqualTo(3);
    assertThat(take(ADA, 7, 0)).isZero();
    age("12 hours");
    assertThat(take(ADA, 7, 0)).isEqualTo(5);
    age("30 days");
    assertThat(take(ADA, 20, 0)).isEqualTo(10);
  }

  @Test
  void what_is_given_back_is_there_for_others_but_never_more_than_the_burst() {
    assertThat(take(ADA, 10, 0)).isEqualTo(10);
    assertThat(take(ADA, 0, 4)).isZero();
    assertThat(take(ADA, 10, 0)).isEqualTo(4);
    assertThat(take(ADA, 0, 400)).isZero();
    assertThat(take(ADA, 20, 0)).isEqualTo(10);
  }

  @Test
  void what_was_spent_before_is_taken_off_and_has_to_come_in_first() {
    assertThat(take(ADA, 1, -8)).isEqualTo(1);
    assertThat(take(ADA, 5, -3)).isZero();
    age("12 hours");
    assertThat(take(ADA, 5, 0)).isEqualTo(3);
  }

  /// One outage after the other: what would be more than a row takes fails everybody's lease.
  @Test
  void a_bucket_owes_no_more_than_its_burst() {
    var huge = new RateLimit(1, RatePeriod.DAY, RateLimit.BURST_MAX);
    for (var i = 0; i < 5; i++) {
      rows.lease(List.of(new Lease(ADA, huge, 0, -RateLimit.BURST_MAX), lease(BAKE, 1, 0)));
    }

    assertThat(
            db.sql(
                    "select count(*) from trunkline.rate_buckets where tokens between -10000000 and -9999999")
                .number())
        .isEqualTo(1);
    assertThat(take(BAKE, 10, 0)).isEqualTo(5);
  }

  @Test
  void many_are_answered_at_once_each_for_itself() {
    var answers =
        rows.lease(
            List.of(lease(BAKE, 2, 0), lease(ADA, 12, 0), lease(BucketKey.ofTool("x"), 0, 5)));

    assertThat(answers.stream().map(BucketRowsTest::granted)).containsExactly(2, 10, -1);
    assertThat(db.sql("select count(*) from trunkline.rate_buckets").number())
        .as("nothing is given back to what is full")
        .isEqualTo(2);
  }

  @Test
  void whoever_holds_a_row_is_not_waited_for() throws SQLException {
    take(ADA, 1, 0);
    take(BAKE, 1, 0);
    try (var _ =
        OpenTransaction.on(db, "select from trunkline.rate_buckets where tokens > 0 for update")) {
      assertThat(rows.lease(List.of(lease(ADA, 1, 0))).getFirst())
          .isInstanceOf(Outcome.Skipped.class);
    }
    assertThat(take(ADA, 1, 0)).isEqualTo(1);
  }

  @Test
  void all_together_get_what_there_is_and_no_more() throws Exception {
    Callable<Integer> taking =
        () -> IntStream.range(0, 40).map(_ -> Math.max(0, take(ADA, 1, 0))).sum();
    try (var threads = Executors.newFixedThreadPool(4)) {
      var sum = 0;
      for (var each : threads.invokeAll(List.of(taking, taking, taking, taking))) {
        sum += each.get();
      }
      assertThat(sum).isEqualTo(10);
    }
  }

  @Test
  void what_is_full_again_is_removed_and_nothing_else() {
    take(ADA, 10, 0);
    assertThat(rows.forget(10)).isZero();
    age("23 hours");
    assertThat(rows.forget(10)).isZero();
    age("70 minutes");
    assertThat(rows.forget(10)).isEqualTo(1);
  }

  /// An index that changes with each lease would cost more than the lease.
  @Test
  void leases_change_no_index() {
    var fast = RateLimit.parse("1000/s");
    rows.lease(List.of(new Lease(ADA, fast, 1, 0)));
    var before = db.sql("select forget_at from trunkline.rate_buckets").value();
    for (var i = 0; i < 20; i++) {
      rows.lease(List.of(new Lease(ADA, fast, 100, 0)));
    }

    assertThat(db.sql("select forget_at from trunkline.rate_buckets").value()).isEqualTo(before);
  }
}
