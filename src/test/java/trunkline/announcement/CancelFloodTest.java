package trunkline.announcement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// What a client may write into the log by cancelling calls that nobody runs.
class CancelFloodTest {
  private static String cancel(TestDatabase db, long session, String request) {
    return db.sql(
            "select outcome from trunkline.cancel_call_anywhere(?, ?, 'enough')", session, request)
        .text();
  }

  /// How many cancels of different calls had which outcome.
  private static List<String> flood(TestDatabase db, int calls) {
    return db.sql(
            """
            select outcome || ' ' || count(*)
              from generate_series(1, ?) n
             cross join lateral trunkline.cancel_call_anywhere(1, n::text, 'enough')
             group by outcome order by outcome
            """,
            calls)
        .column();
  }

  private static long rows(TestDatabase db) {
    return db.sql("select count(*) from trunkline.announcements").number();
  }

  private static void later(TestDatabase db, String howMuch) {
    db.sql("update trunkline.announcements set created_at = created_at - ?::interval", howMuch);
  }

  @Test
  void a_call_is_announced_once_and_again_only_later_and_has_one_row(TestDatabase db) {
    assertThat(cancel(db, 1, "7")).isEqualTo("announced");
    assertThat(cancel(db, 1, "7")).isEqualTo("known");
    assertThat(cancel(db, 1, "\"7\"")).as("another call").isEqualTo("announced");
    assertThat(cancel(db, 11, "7")).as("another session").isEqualTo("announced");
    assertThat(rows(db)).isEqualTo(3);

    var before = db.sql("select max(id) from trunkline.announcements").number();
    later(db, "6 seconds");
    assertThat(cancel(db, 1, "7")).as("its id may have come again").isEqualTo("announced");

    assertThat(rows(db)).isEqualTo(3);
    assertThat(db.sql("select id from trunkline.announcements where about = '1 7'").number())
        .as("and every cursor hears it")
        .isGreaterThan(before);
  }

  /// Goal: 1,775 cancels of a session are a few rows, and other sessions are not concerned.
  @Test
  void a_session_has_a_rate_and_no_other_pays_for_it(TestDatabase db) {
    assertThat(flood(db, 1_775)).containsExactly("announced 20", "limited 1755");
    assertThat(rows(db)).isEqualTo(20);
    assertThat(cancel(db, 2, "7")).isEqualTo("announced");
    later(db, "11 seconds");
    assertThat(cancel(db, 1, "again")).isEqualTo("announced");
  }

  /// Goal: what is limited takes no lock. Method: somebody holds it.
  @Test
  void a_flood_does_not_wait_for_the_lock_of_the_log(TestDatabase db) throws Exception {
    flood(db, 20);
    try (var _ =
        OpenTransaction.on(db, "select from trunkline.announcement_lock for no key update")) {
      assertThat(cancel(db, 1, "21")).isEqualTo("limited");
      assertThat(cancel(db, 1, "7")).isEqualTo("known");
    }
  }

  /// Goal: two instances that hear the same cancel write one row. Method: both wait for the lock.
  @Test
  void two_at_the_same_moment_are_one_row(TestDatabase db) throws Exception {
    try (var busy =
        OpenTransaction.on(db, "select from trunkline.announcement_lock for no key update")) {
      var first = busy.block(() -> cancel(db, 1, "7"));
      var second = busy.block(() -> cancel(db, 1, "7"));
      busy.commit();
      assertThat(List.of(first.get(), second.get()))
          .containsExactlyInAnyOrder("announced", "known");
    }
    assertThat(rows(db)).isOne();
  }

  @Test
  void an_id_longer_than_any_of_ours_and_a_reason_of_many_lines_hurt_nobody(TestDatabase db) {
    assertThat(cancel(db, 1, "x".repeat(5_000))).isEqualTo("refused");
    db.sql(
        "select * from trunkline.cancel_call_anywhere(1, '7', ?)", "no\nmore " + "x".repeat(9_000));

    assertThat(db.sql("select convert_from(payload, 'UTF8') from trunkline.announcements").text())
        .startsWith("no more")
        .hasSize(500);
  }

  @Test
  void the_release_before_cancels_by_the_former_name(TestDatabase db) {
    db.sql("select trunkline.cancel_call_now(1, '7', 'enough')");

    assertThat(rows(db)).isOne();
  }
}
