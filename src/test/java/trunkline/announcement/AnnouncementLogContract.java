package trunkline.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.RequestId;
import trunkline.session.SessionKey;
import trunkline.store.Database;
import trunkline.testing.OpenTransaction;

/// What a log of announcements owes, whatever it is made of.
abstract class AnnouncementLogContract {
  private static final SessionKey NOBODY = new SessionKey(4711);

  private AnnouncementLog log;

  /// Logs opened by one test are instances that share what they hold.
  abstract AnnouncementLog open(int instance);

  @BeforeEach
  void begin() {
    log = open(1);
  }

  @AfterEach
  void end() {
    log.close();
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
}
