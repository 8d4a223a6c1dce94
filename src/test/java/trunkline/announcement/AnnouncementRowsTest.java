package trunkline.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.RequestId;
import trunkline.memory.MemoryBudget;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// Every announcement is written once, in the order of commits, and read without a hole.
class AnnouncementRowsTest {
  private static final SessionKey NOBODY = new SessionKey(4711);

  private final TestDatabase db = TestDatabase.create();
  private final Database database = new Database(new Connections(db.settings()), "test");
  private final AnnouncementRows log = open(1);

  private AnnouncementRows open(int instance) {
    return new AnnouncementRows(
        database, () -> new InstanceId(instance), MemoryBudget.share(50, _ -> {}), count -> {});
  }

  @AfterEach
  void end() {
    log.close();
    database.close();
    db.close();
  }

  private long said(String text) {
    return Database.await(log.append(AnnouncementKind.BROADCAST, "", text.getBytes(UTF_8)));
  }

  private static List<String> texts(List<Announcement> entries) {
    return entries.stream().map(entry -> new String(entry.payload(), UTF_8)).toList();
  }

  @Test
  void what_is_appended_is_read_in_order_after_the_cursor() {
    var one = said("one");
    var two = said("two");

    var page = log.after(0, 10);

    assertThat(texts(page.entries())).containsExactly("one", "two");
    assertThat(page.entries()).extracting(Announcement::id).containsExactly(one, two);
    assertThat(page.through()).isEqualTo(two).isEqualTo(log.newest());
    assertThat(page.more()).isFalse();
    assertThat(texts(log.after(one, 10).entries())).containsExactly("two");
    assertThat(log.after(two, 10).through()).isEqualTo(two);
  }

  @Test
  void a_full_page_says_that_there_may_be_more() {
    said("one");
    said("two");

    var first = log.after(0, 1);

    assertThat(first.more()).isTrue();
    assertThat(texts(log.after(first.through(), 1).entries())).containsExactly("two");
  }

  /// Goal: "greater than my cursor" skips nothing (S2). Method: 4 instances announce at once, 150
  /// each, while a reader follows; it must see every one, each writer's in its order.
  @Test
  void a_reader_sees_no_hole_while_four_instances_announce() throws Exception {
    var each = 150;
    var writers = new ArrayList<CompletableFuture<Void>>();
    for (var instance = 2; instance <= 5; instance++) {
      var number = instance;
      writers.add(CompletableFuture.runAsync(() -> announceAs(number, each)));
    }
    var reader =
        OpenTransaction.start(() -> {
          var seen = new ArrayList<Announcement>();
          var cursor = 0L;
          var deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
          while (seen.size() < 4 * each && System.nanoTime() < deadline) {
            var over = writers.stream().allMatch(CompletableFuture::isDone);
            var page = log.after(cursor, 50);
            seen.addAll(page.entries());
            if (over && page.entries().isEmpty()) {
              break; // everything is committed and nothing comes any more: what is missing is lost
            }
            cursor = page.through();
          }
          return seen;
        });

    var seen = reader.get(90, TimeUnit.SECONDS);

    assertThat(seen).hasSize(4 * each);
    assertThat(seen).extracting(Announcement::id).isSorted().doesNotHaveDuplicates();
    for (var instance = 2; instance <= 5; instance++) {
      var prefix = instance + ":";
      assertThat(texts(seen).stream().filter(text -> text.startsWith(prefix)))
          .containsExactlyElementsOf(expected(prefix, each));
    }
  }

  private void announceAs(int instance, int count) {
    try (var other = open(instance)) {
      var last = CompletableFuture.completedFuture(0L);
      for (var i = 0; i < count; i++) {
        last = other.append(AnnouncementKind.BROADCAST, "", (instance + ":" + i).getBytes(UTF_8));
        if (i % 3 == 0) {
          Database.await(last); // batches of different sizes
        }
      }
      Database.await(last);
    }
  }

  private static List<String> expected(String prefix, int count) {
    var texts = new ArrayList<String>();
    for (var i = 0; i < count; i++) {
      texts.add(prefix + i);
    }
    return texts;
  }

  @Test
  void what_concerns_a_session_goes_up_to_the_head_and_not_beyond() {
    var one = said("one");
    Database.await(log.append(AnnouncementKind.RESOURCE_UPDATED, "file:///other", new byte[0]));
    Database.await(log.append(AnnouncementKind.SESSION_CHANGED, "1", "ended".getBytes(UTF_8)));
    var two = said("two");
    said("three");

    var page = Database.await(log.concerning(NOBODY, 0, two, 10));

    assertThat(texts(page.entries())).containsExactly("one", "two");
    assertThat(page.through()).isEqualTo(two);
    assertThat(texts(Database.await(log.concerning(NOBODY, one, two, 10)).entries()))
        .containsExactly("two");
  }

  @Test
  void trimming_keeps_the_newest_and_raises_the_floor() {
    said("one");
    var two = said("two");
    var three = said("three");

    assertThat(log.trim(Duration.ofHours(1), 10)).isZero();
    assertThat(log.trim(Duration.ZERO, 10)).isEqualTo(2);
    assertThat(log.trim(Duration.ZERO, 10)).isZero();

    var page = log.after(0, 10);
    assertThat(page.floor()).isEqualTo(two);
    assertThat(page.entries()).extracting(Announcement::id).containsExactly(three);
    assertThat(log.newest()).isEqualTo(three);
    assertThat(Database.await(log.concerning(NOBODY, 0, three, 10)).floor()).isEqualTo(two);
  }

  @Test
  void trimming_what_no_client_was_to_see_leaves_no_gap() {
    Database.await(log.append(AnnouncementKind.SESSION_CHANGED, "1", "ended".getBytes(UTF_8)));
    said("one");

    assertThat(log.trim(Duration.ZERO, 10)).isOne();

    assertThat(log.after(0, 10).floor()).isZero();
  }

  @Test
  void an_announced_cancel_names_its_call_with_the_type_of_its_id() {
    var call = new CancelledCall(new SessionKey(7), new RequestId.Whole(1));
    var other = new CancelledCall(new SessionKey(7), new RequestId.Text("1"));

    Database.await(log.append(AnnouncementKind.CALL_CANCELLED, call.text(), new byte[0]));

    var entry = log.after(0, 10).entries().getLast();
    assertThat(CancelledCall.parse(entry.about())).isEqualTo(call).isNotEqualTo(other);
    assertThat(CancelledCall.parse(other.text())).isEqualTo(other);
  }

  private static List<PendingAnnouncement> batch(String... texts) {
    return Arrays.stream(texts)
        .map(text -> new PendingAnnouncement(AnnouncementKind.BROADCAST, "", text.getBytes(UTF_8)))
        .toList();
  }

  @Test
  void a_retry_after_a_commit_of_unknown_outcome_writes_nothing_twice() {
    var batch = batch("one", "two");
    var ids = log.append(batch); // committed, but suppose that nobody was told

    assertThat(log.append(batch)).isEqualTo(ids);
    assertThat(stored()).isEqualTo(2);
  }

  @Test
  void a_retry_in_other_company_finds_what_it_wrote_and_adds_the_rest() {
    var first = batch("one", "two");
    var ids = log.append(first);
    var together = List.of(first.get(1), batch("three").getFirst());

    var retried = log.append(together);

    assertThat(retried.getFirst()).isEqualTo(ids.get(1));
    assertThat(retried.get(1)).isGreaterThan(ids.get(1));
    assertThat(stored()).isEqualTo(3);
  }

  /// Goal: whichever attempt commits first wins. Method: both wait for the lock that gives ids.
  @Test
  void a_retry_while_the_first_attempt_still_runs_writes_nothing_twice() throws Exception {
    var batch = batch("one");
    try (var busy =
        OpenTransaction.on(db, "select from trunkline.announcement_lock for no key update")) {
      var first = busy.block(() -> log.append(batch));
      var retry = OpenTransaction.start(() -> log.append(batch));
      busy.commit();

      assertThat(retry.get(10, TimeUnit.SECONDS)).isEqualTo(first.get(10, TimeUnit.SECONDS));
    }
    assertThat(stored()).isOne();
  }

  /// Goal: the order of ids is the order of commits, without luck (S2). Method: one announcement is
  /// written and not committed while another one begins.
  @Test
  void an_announcement_waits_for_the_commit_of_an_earlier_one() throws Exception {
    try (var earlier =
        OpenTransaction.on(db, "select from trunkline.announcement_lock for no key update")) {
      var first =
          earlier
              .run(
                  """
                  insert into trunkline.announcements (id, kind, about, payload, writer, batch_no, ord)
                  select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), 'broadcast', '', '', 1, 1, 1
                  returning id
                  """)
              .number();
      var second = earlier.block(() -> log.append(batch("two")));
      assertThat(log.newest()).as("nobody sees the second without the first").isZero();
      earlier.commit();

      assertThat(second.get(10, TimeUnit.SECONDS).getFirst()).isGreaterThan(first);
    }
  }

  @Test
  void a_connection_that_is_killed_while_it_waits_loses_nothing() throws Exception {
    try (var busy =
        OpenTransaction.on(db, "select from trunkline.announcement_lock for no key update")) {
      var answer = log.append(AnnouncementKind.BROADCAST, "", "one".getBytes(UTF_8));
      db.await(
          "exists (select from pg_stat_activity where wait_event_type = 'Lock')",
          Duration.ofSeconds(5));
      db.terminateBackends("test");
      busy.commit();

      assertThat(answer.get(10, TimeUnit.SECONDS)).isPositive();
    }
    assertThat(stored()).isOne();
  }

  /// Goal: what a failure means decides, and each way ends in one row. Method: the statement that
  /// waits for the lock is cancelled, runs into its lock time-out, or is refused an id that
  /// somebody has taken.
  @Test
  void an_announcement_that_is_cancelled_busy_or_robbed_of_its_id_is_written_once()
      throws Exception {
    try (var busy =
        OpenTransaction.on(db, "select from trunkline.announcement_lock for no key update")) {
      var answer = log.append(AnnouncementKind.BROADCAST, "", "one".getBytes(UTF_8));
      db.await(
          "exists (select from pg_stat_activity where wait_event_type = 'Lock')",
          Duration.ofSeconds(5));
      db.sql(
          "select pg_cancel_backend(pid) from pg_stat_activity where wait_event_type = 'Lock' and application_name = 'test'");
      db.await( // again, and past the time-out of a lock
          "exists (select from pg_stat_activity where wait_event_type = 'Lock')",
          Duration.ofSeconds(5));
      busy.run(
          """
          insert into trunkline.announcements (id, kind, payload)
          select trunkline.id_prefix() | (last_value + is_called::int), 'broadcast', 'x'
            from trunkline.announcement_seq
          """);
      busy.commit();

      assertThat(answer.get(20, TimeUnit.SECONDS)).isPositive();
    }
    assertThat(
            db.sql("select count(*) from trunkline.announcements where payload = 'one'::bytea")
                .number())
        .isOne();
  }

  private long stored() {
    return db.sql("select count(*) from trunkline.announcements").number();
  }
}
