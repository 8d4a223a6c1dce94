package trunkline.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.session.EndReason;
import trunkline.session.Principal;
import trunkline.store.Database;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

class AnnouncementsTest {
  private final TestDatabase db = TestDatabase.create();
  private final LinkedBlockingQueue<ServerEvent> events = new LinkedBlockingQueue<>();
  private Announcer a;
  private Announcer b;

  @BeforeEach
  void begin() {
    a = new Announcer(db, 1, event -> {});
    b = new Announcer(db, 2, events::add);
  }

  @AfterEach
  void end() {
    a.close();
    b.close();
    db.close();
  }

  private long say(String text) {
    return Database.await(
        a.announcements.announce(AnnouncementKind.BROADCAST, "", text.getBytes(UTF_8)));
  }

  private static List<String> texts(AnnouncementPage news) {
    return news.entries().stream().map(entry -> new String(entry.payload(), UTF_8)).toList();
  }

  @Test
  void a_broadcast_on_one_instance_concerns_every_session_of_the_other_once() {
    var first = a.open();
    var second = b.open();

    Database.await(
        a.announcements.broadcast(
            new Message.Notification("notifications/message", Codec.object().put("x", 1))));
    b.announcements.readOnce();

    for (var session : List.of(first, second)) {
      var news = b.announcements.after(session.announcedFrom(), session.key(), 10);
      assertThat(texts(news))
          .containsExactly(
              "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"x\":1}}");
      assertThat(b.announcements.after(news.cursor(), session.key(), 10).entries()).isEmpty();
    }
    assertThat(db.sql("select count(*) from trunkline.announcements").number()).isOne();
  }

  @Test
  void a_session_hears_nothing_from_before_it_was_opened() {
    say("before");
    var session = b.open();
    say("after");
    b.announcements.readOnce();

    assertThat(texts(b.announcements.after(session.announcedFrom(), session.key(), 10)))
        .containsExactly("after");
  }

  /// Goal: a session that read the old list hears that it changed. Method: it is opened while the
  /// announcement has its id but is not committed.
  @Test
  void a_session_hears_what_was_not_committed_when_it_was_opened() throws SQLException {
    try (var announcing =
        OpenTransaction.on(
            db, "select trunkline.announce_now('broadcast', '', convert_to('late', 'UTF8'))")) {
      var session = b.open();
      announcing.commit();
      b.announcements.readOnce();

      assertThat(texts(b.announcements.after(session.announcedFrom(), session.key(), 10)))
          .containsExactly("late");
    }
  }

  /// Goal: whoever only listens knows when it may have missed something, and not before the log was
  /// looked at: what it reads then is at least as new.
  @Test
  void a_gap_is_told_after_a_restart_and_a_log_that_was_put_back_or_trimmed() {
    var gaps = new AtomicInteger();
    try (var c = new Announcer(db, 3, event -> {})) {
      c.announcements.onGap(gaps::incrementAndGet);
      say("one");
      c.announcements.readOnce();
      c.announcements.readOnce();
      assertThat(gaps).as("what is heard is not missed").hasValue(0);

      c.announcements.restart();
      say("missed");
      assertThat(gaps).as("not before the log was looked at").hasValue(0);
      c.announcements.readOnce();
      assertThat(gaps).as("a restart").hasValue(1);

      db.sql("delete from trunkline.announcements where payload = convert_to('missed', 'UTF8')");
      c.announcements.readOnce();
      assertThat(gaps).as("a log that was put back").hasValue(2);

      say("two");
      say("three");
      db.sql("update trunkline.announcements set created_at = created_at - interval '2 hours'");
      a.announcements.sweep(100);
      c.announcements.readOnce();
      assertThat(gaps).as("a trimmed log").hasValue(3);
    }
  }

  @Test
  void a_cursor_that_is_ahead_of_this_instance_is_not_moved_back() {
    var id = say("read by the other already");

    var news = b.announcements.after(id, b.open().key(), 10);

    assertThat(news).isEqualTo(new AnnouncementPage(List.of(), id, false, false));
    b.announcements.readOnce();
    assertThat(b.announcements.after(id, b.open().key(), 10))
        .isEqualTo(new AnnouncementPage(List.of(), id, false, false));
  }

  /// Goal: a log that was put back makes nobody deaf. Method: rows that were heard are deleted.
  @Test
  void a_log_that_ends_below_what_was_read_is_said_and_followed_from_its_end() {
    var session = b.open();
    var kept = say("kept");
    var lost = say("lost");
    b.announcements.readOnce();
    db.sql("delete from trunkline.announcements where id = ?", lost);

    b.announcements.readOnce();

    assertThat(events).contains(new ServerEvent.AnnouncementsRewound(lost, kept));
    assertThat(b.announcements.head()).isEqualTo(kept);
    assertThat(texts(b.announcements.after(session.announcedFrom(), session.key(), 10)))
        .as("nothing from memory that the log does not have")
        .containsExactly("kept");
    events.clear();
    b.announcements.readOnce();
    assertThat(events).as("said once").isEmpty();
  }

  @Test
  void a_cursor_above_the_end_of_the_log_is_told_of_a_gap_and_goes_on() {
    var session = b.open();
    var end = say("end");
    b.announcements.readOnce();
    var future = end + 1_000;

    assertThat(b.announcements.after(future, session.key(), 10))
        .as("another instance may have read further")
        .isEqualTo(new AnnouncementPage(List.of(), future, false, false));
    b.announcements.readOnce();
    assertThat(b.announcements.after(future, session.key(), 10))
        .isEqualTo(new AnnouncementPage(List.of(), end, false, true));

    say("after");
    b.announcements.readOnce();
    assertThat(texts(b.announcements.after(end, session.key(), 10))).containsExactly("after");
  }

  @Test
  void a_follower_that_is_ahead_is_rung_after_the_next_look() throws InterruptedException {
    b.announcements.start();
    var session = b.open();
    var future = say("end") + 1_000;
    b.announcements.readOnce();

    try (var follower = b.signals.doorbells().subscribe(List.of(Announcements.BUFFER_GREW))) {
      AnnouncementPage news;
      do {
        news = b.announcements.after(future, session.key(), 10);
      } while (!news.gap() && follower.bell().await(Duration.ofSeconds(5)));
      assertThat(news.gap()).isTrue();
    }
  }

  /// Goal: an instance that registers anew gives nobody what only its memory has. Method: what it
  /// has read is deleted, and it starts over before it has looked again.
  @Test
  void after_a_restart_nothing_is_remembered() {
    var session = b.open();
    say("one");
    var lost = say("lost");
    b.announcements.readOnce();
    db.sql("delete from trunkline.announcements where id = ?", lost);

    b.announcements.restart();

    assertThat(texts(b.announcements.after(session.announcedFrom(), session.key(), 10)))
        .containsExactly("one");
    assertThat(events).noneMatch(ServerEvent.AnnouncementsRewound.class::isInstance);
  }

  @Test
  void an_update_concerns_its_subscribers_whoever_took_the_subscription() {
    var subscriber = a.open();
    var other = a.open();
    a.sessions.subscriptions().add(subscriber.key(), "file:///x");

    Database.await(a.announcements.resourceUpdated("file:///x"));
    Database.await(a.announcements.resourceUpdated("file:///y"));
    b.announcements.readOnce();

    assertThat(texts(b.announcements.after(0, subscriber.key(), 10)))
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\","
                + "\"params\":{\"uri\":\"file:///x\"}}");
    var news = b.announcements.after(0, other.key(), 10);
    assertThat(news.entries()).isEmpty();
    assertThat(news.cursor())
        .as("what does not concern it just moves its cursor")
        .isEqualTo(b.announcements.head());
  }

  /// From the buffer and from the log.
  @Test
  void a_changed_list_of_one_principal_concerns_its_sessions_alone() {
    var ada = a.open(new Principal("ada"));
    var bob = b.open(new Principal("bob"));
    b.announcements.readOnce();
    for (var about : List.of("ada", "nobody", "")) {
      Database.await(
          a.announcements.announce(
              AnnouncementKind.TOOLS_CHANGED, about, ("for '" + about + "'").getBytes(UTF_8)));
    }
    b.announcements.readOnce();

    try (var c = new Announcer(db, 3, event -> {})) {
      c.announcements.readOnce();
      for (var reader : List.of(b, c)) {
        assertThat(texts(reader.announcements.after(ada.announcedFrom(), ada.key(), 10)))
            .containsExactly("for 'ada'", "for ''");
        assertThat(texts(reader.announcements.after(bob.announcedFrom(), bob.key(), 10)))
            .containsExactly("for ''");
      }
    }
  }

  @Test
  void a_follower_behind_the_ring_reads_the_log_and_goes_on_in_the_ring() {
    var small = new AnnouncementPolicy(Duration.ofHours(1), 2, 1L << 20);
    var session = a.open();
    a.sessions.subscriptions().add(session.key(), "file:///x");
    try (var c = new Announcer(db, 3, small, event -> {})) {
      Database.await(a.announcements.resourceUpdated("file:///x"));
      Database.await(a.announcements.resourceUpdated("file:///y"));
      for (var text : List.of("one", "two", "three", "four")) {
        say(text);
      }
      c.announcements.readOnce();

      var seen = new ArrayList<String>();
      var cursor = session.announcedFrom();
      AnnouncementPage news;
      do {
        news = c.announcements.after(cursor, session.key(), 2);
        assertThat(news.gap()).isFalse();
        assertThat(news.cursor()).isGreaterThanOrEqualTo(cursor);
        seen.addAll(texts(news));
        cursor = news.cursor();
      } while (news.more());

      assertThat(seen).hasSize(5).endsWith("one", "two", "three", "four");
      assertThat(cursor).isEqualTo(c.announcements.head());
    }
  }

  @Test
  void a_cursor_below_the_floor_is_told_of_the_gap_and_one_at_the_floor_is_not() {
    say("one");
    var two = say("two");
    say("three");
    assertThat(a.announcements.sweep(100)).as("nothing is old enough").isZero();
    db.sql("update trunkline.announcements set created_at = created_at - interval '2 hours'");
    assertThat(a.announcements.sweep(100)).isEqualTo(2);

    try (var c = new Announcer(db, 3, event -> {})) { // its buffer begins with the newest
      var session = c.open();
      var below = c.announcements.after(0, session.key(), 10);
      assertThat(below.gap()).isTrue();
      assertThat(texts(below)).containsExactly("three");
      assertThat(c.announcements.after(two, session.key(), 10).gap()).isFalse();
    }
  }

  @Test
  void an_instance_that_slept_past_the_retention_says_so_and_tells_of_the_gap() {
    var session = b.open();
    say("one");
    say("two");
    db.sql("update trunkline.announcements set created_at = created_at - interval '2 hours'");
    a.announcements.sweep(100);

    b.announcements.readOnce();

    assertThat(events).anyMatch(ServerEvent.AnnouncementsMissed.class::isInstance);
    var news = b.announcements.after(session.announcedFrom(), session.key(), 10);
    assertThat(news.gap()).isTrue();
    assertThat(texts(news)).containsExactly("two");
  }

  @Test
  void every_instance_is_told_that_a_session_changed_or_a_call_was_cancelled() {
    var session = a.open();
    var heard = new ArrayList<String>();
    b.announcements.on(
        AnnouncementKind.SESSION_CHANGED,
        entry -> heard.add(entry.about() + " " + new String(entry.payload(), UTF_8)));
    b.announcements.on(AnnouncementKind.CALL_CANCELLED, entry -> heard.add(entry.about()));

    a.sessions.setLogLevel(session.key(), LogLevel.ERROR);
    a.sessions.end(session.key(), EndReason.CLIENT);
    var call = new CancelledCall(session.key(), new RequestId.Text("x"));
    Database.await(
        a.announcements.announce(AnnouncementKind.CALL_CANCELLED, call.text(), new byte[0]));
    b.announcements.readOnce();

    assertThat(heard)
        .containsExactly(session.key() + " log level", session.key() + " ended", call.text());
    assertThat(b.announcements.after(0, session.key(), 10).entries())
        .as("none of it is for a client")
        .isEmpty();
  }

  @Test
  void a_started_instance_reads_by_itself_and_rings_its_followers_after_it_has_read()
      throws InterruptedException {
    b.announcements.start();
    var session = b.open();

    try (var follower = b.signals.doorbells().subscribe(List.of(Announcements.BUFFER_GREW))) {
      for (var text : List.of("one", "two")) {
        say(text); // without NOTIFY: found by polling
        assertThat(follower.bell().await(Duration.ofSeconds(5))).isTrue();
        assertThat(texts(b.announcements.after(0, session.key(), 10))).endsWith(text);
      }
    }
  }

  @Test
  void kinds_that_only_a_newer_release_knows_are_passed_over() {
    db.sql(
        """
        insert into trunkline.announcements (id, kind, about, payload)
        select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), 'weather', '', ''
        """);
    var id = say("one");

    b.announcements.readOnce();

    assertThat(b.announcements.head()).isEqualTo(id);
    assertThat(texts(b.announcements.after(0, b.open().key(), 10))).containsExactly("one");
  }

  @Test
  void what_would_forge_an_event_or_is_too_big_is_refused() {
    assertThatThrownBy(() -> say("{}\nid: 7")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> say("x".repeat(262_145)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("262144");
    assertThatThrownBy(() -> a.announcements.listChanged(AnnouncementKind.BROADCAST))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
