package trunkline.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

class AnnouncementRowsTest extends AnnouncementLogContract {
  private final TestDatabase db = TestDatabase.create();
  private final Database database = new Database(new Connections(db.settings()), "test");
  private AnnouncementRows rows;

  @Override
  AnnouncementLog open(int instance) {
    return new AnnouncementRows(database, () -> new InstanceId(instance), count -> {});
  }

  @BeforeEach
  void prepare() {
    rows = new AnnouncementRows(database, () -> new InstanceId(9), count -> {});
  }

  @AfterEach
  void disconnect() {
    rows.close();
    database.close();
    db.close();
  }

  private static List<PendingAnnouncement> drafts(String... texts) {
    return Arrays.stream(texts)
        .map(text -> new PendingAnnouncement(AnnouncementKind.BROADCAST, "", text.getBytes(UTF_8)))
        .toList();
  }

  private List<Long> append(List<PendingAnnouncement> drafts) throws SQLException {
    try (var connection = db.open()) {
      return rows.append(connection, drafts);
    }
  }

  @Test
  void a_retry_after_a_commit_of_unknown_outcome_writes_nothing_twice() throws SQLException {
    var drafts = drafts("one", "two");
    var ids = append(drafts); // committed, but suppose that nobody was told

    assertThat(append(drafts)).isEqualTo(ids);
    assertThat(stored()).isEqualTo(2);
  }

  @Test
  void a_retry_in_other_company_finds_what_it_wrote_and_adds_the_rest() throws SQLException {
    var first = drafts("one", "two");
    var ids = append(first);
    var together = List.of(first.get(1), drafts("three").getFirst());

    var retried = append(together);

    assertThat(retried.getFirst()).isEqualTo(ids.get(1));
    assertThat(retried.get(1)).isGreaterThan(ids.get(1));
    assertThat(stored()).isEqualTo(3);
  }

  /// Goal: whichever attempt commits first wins. Method: the first attempt is still running when
  /// the second begins, and commits only then.
  @Test
  void a_retry_while_the_first_attempt_still_runs_writes_nothing_twice() throws Exception {
    var drafts = drafts("one");
    try (var attempt =
        OpenTransaction.on(db, "select from trunkline.announcement_lock for no key update")) {
      var first = attempt.within(connection -> rows.append(connection, drafts));
      var retry = attempt.block(() -> append(drafts));
      attempt.commit();

      assertThat(retry.get(10, TimeUnit.SECONDS)).isEqualTo(first);
    }
    assertThat(stored()).isOne();
  }

  /// Goal: the order of ids is the order of commits, without luck (S2). Method: one announcement is
  /// written and not committed while another one begins.
  @Test
  void an_announcement_waits_for_the_commit_of_an_earlier_one() throws Exception {
    try (var earlier = OpenTransaction.on(db, "select 1")) {
      var first = earlier.within(connection -> rows.append(connection, drafts("one")));
      var second = earlier.block(() -> append(drafts("two")));
      assertThat(rows.newest()).as("nobody sees the second without the first").isZero();
      earlier.commit();

      assertThat(second.get(10, TimeUnit.SECONDS).getFirst()).isGreaterThan(first.getFirst());
    }
  }

  @Test
  void a_connection_that_is_killed_while_it_waits_loses_nothing() throws Exception {
    try (var busy =
        OpenTransaction.on(db, "select from trunkline.announcement_lock for no key update")) {
      var answer = rows.append(AnnouncementKind.BROADCAST, "", "one".getBytes(UTF_8));
      db.await(
          "exists (select from pg_stat_activity where wait_event_type = 'Lock')",
          Duration.ofSeconds(5));
      db.terminateBackends("test");
      busy.commit();

      assertThat(answer.get(10, TimeUnit.SECONDS)).isPositive();
    }
    assertThat(stored()).isOne();
  }

  private long stored() {
    return db.sql("select count(*) from trunkline.announcements").number();
  }
}
