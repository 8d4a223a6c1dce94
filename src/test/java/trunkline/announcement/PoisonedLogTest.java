package trunkline.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.store.Database;
import trunkline.telemetry.Meters;
import trunkline.telemetry.ServerEvent;
import trunkline.telemetry.ServerEvent.AnnouncementSkipped;
import trunkline.testing.TestDatabase;

/// One row that nobody can take is passed over, named and counted; all others are heard.
///
/// The table's constraints keep such rows out, so the tests take them away first: rows may be older
/// than the constraints, or come from a restore.
class PoisonedLogTest {
  private static final long HUGE = Long.MAX_VALUE;

  private final TestDatabase db = TestDatabase.create();
  private final List<ServerEvent> events = new ArrayList<>();
  private final Meters meters = new Meters();
  private Announcer a;
  private Announcer b;

  @BeforeEach
  void begin() {
    a = new Announcer(db, 1, event -> {});
    b = new Announcer(db, 2, this::tell);
    db.sql(
        """
        alter table trunkline.announcements
          drop constraint announcements_id_ck, drop constraint announcements_kind_ck,
          drop constraint announcements_about_ck, drop constraint announcements_size_ck,
          drop constraint announcements_one_line_ck
        """);
  }

  private void tell(ServerEvent event) {
    events.add(event);
    meters.emit(event);
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

  private void insert(long id) {
    db.sql(
        "insert into trunkline.announcements (id, kind, payload) values (?, 'broadcast', '{}')",
        id);
  }

  private List<AnnouncementSkipped> named() {
    return events.stream()
        .filter(AnnouncementSkipped.class::isInstance)
        .map(AnnouncementSkipped.class::cast)
        .toList();
  }

  /// A row, and how its fault begins.
  record Bad(String kind, String about, byte @Nullable [] payload, String fault) {
    @Override
    public String toString() {
      return kind + ": " + fault;
    }
  }

  static Stream<Bad> bad() {
    var fine = "{}".getBytes(UTF_8);
    return Stream.of(
        new Bad("weather", "", fine, "only a newer release"),
        new Bad("broadcast", "", null, "its payload is empty"),
        new Bad("broadcast", "", "{}\nid: 7".getBytes(UTF_8), "its payload has a line break"),
        new Bad("tools_changed", "", "{}\r".getBytes(UTF_8), "its payload has a line break"),
        new Bad("broadcast", "", new byte[262_145], "its payload has more than"),
        new Bad("broadcast", "", new byte[9 << 20], "its payload has more than"),
        new Bad("broadcast", "x".repeat(2_049), fine, "its subject is too long"),
        new Bad("session_changed", "somebody", null, "its subject cannot be read"),
        new Bad("session_changed", "99999999999999999999", null, "its subject cannot be read"),
        new Bad("call_cancelled", "", null, "its subject cannot be read"),
        new Bad("call_cancelled", "7", null, "its subject cannot be read"),
        new Bad("call_cancelled", "7 {", null, "its subject cannot be read"),
        new Bad("call_cancelled", "7 1.5", null, "its subject cannot be read"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void a_row_that_nobody_can_take_is_passed_over_and_named_once(Bad bad) {
    var session = b.open();
    b.announcements.readOnce();
    var gaps = new AtomicInteger();
    b.announcements.onGap(gaps::incrementAndGet);
    say("before");
    db.sql(
        """
        insert into trunkline.announcements (id, kind, about, payload)
        select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), ?, ?, ?
        """,
        bad.kind,
        bad.about,
        bad.payload);
    var after = say("after");

    b.announcements.readOnce();
    b.announcements.readOnce();

    assertThat(gaps)
        .as("told once to who listens, but of what a newer release tells its own")
        .hasValue(bad.kind.equals("weather") ? 0 : 1);
    assertThat(b.announcements.head()).isEqualTo(after);
    assertThat(texts(b.announcements.after(session.announcedFrom(), session.key(), 10)))
        .containsExactly("before", "after");
    assertThat(named())
        .singleElement()
        .extracting(AnnouncementSkipped::fault)
        .asString()
        .startsWith(bad.fault);
    assertThat(meters.scrape().orElseThrow()).contains("trunkline_announcements_skipped_total 1.0");
    assertThat(events).noneMatch(ServerEvent.AnnouncementsUnread.class::isInstance);

    try (var c = new Announcer(db, 3, event -> {})) { // begins at the end, so it reads the log
      var behind = c.announcements.after(session.announcedFrom(), session.key(), 10);
      assertThat(texts(behind)).containsExactly("before", "after");
      assertThat(behind.more()).isFalse();
      assertThat(behind.gap()).isFalse();
    }
  }

  /// Goal: what a restore writes into the log is ordinary.
  @Test
  void the_row_of_a_restore_is_not_named() {
    db.sql(
        """
        insert into trunkline.announcements (id, kind)
        select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), 'database_restored'
        """);
    var after = say("after");

    b.announcements.readOnce();

    assertThat(named()).isEmpty();
    assertThat(b.announcements.head()).isEqualTo(after);
  }

  @Test
  void many_large_announcements_come_in_pages() {
    var session = b.open();
    for (var i = 0; i < 40; i++) {
      say("x".repeat(262_144));
    }
    b.announcements.readOnce();
    try (var c = new Announcer(db, 3, event -> {})) {
      var seen = 0;
      var cursor = session.announcedFrom();
      AnnouncementPage news;
      do {
        news = c.announcements.after(cursor, session.key(), 100);
        seen += news.entries().size();
        assertThat(news.cursor()).isGreaterThan(cursor);
        cursor = news.cursor();
      } while (news.more());
      assertThat(seen).isEqualTo(40);
    }
    assertThat(b.announcements.after(session.announcedFrom(), session.key(), 100).entries())
        .hasSize(40);
  }

  /// Goal: an id that nobody can have drawn makes nobody deaf, whether it stays or is deleted.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_id_that_nobody_can_have_drawn_makes_nobody_deaf(boolean deleted) {
    var before = b.open();
    var first = say("before");
    insert(HUGE);
    insert((first | (1L << 46)) - 1); // and one of this timeline
    b.announcements.readOnce();
    var within = b.open();
    if (deleted) {
      db.sql("delete from trunkline.announcements where id > ?", first);
    }
    b.announcements.readOnce();
    say("after");
    b.announcements.readOnce();

    assertThat(within.announcedFrom()).isEqualTo(first);
    assertThat(texts(b.announcements.after(before.announcedFrom(), before.key(), 10)))
        .containsExactly("before", "after");
    assertThat(texts(b.announcements.after(within.announcedFrom(), within.key(), 10)))
        .containsExactly("after");
    assertThat(named())
        .extracting(AnnouncementSkipped::fault)
        .containsOnly("its id is above every one that was issued")
        .hasSize(2);
    try (var c = new Announcer(db, 3, event -> {})) {
      assertThat(c.announcements.head()).isEqualTo(b.announcements.head());
    }
  }

  /// Goal: who swallowed such an id, an older release or a client, goes on.
  @Test
  void a_cursor_that_is_such_an_id_is_told_of_a_gap_and_goes_on() {
    var session = b.open();
    say("one");
    b.announcements.readOnce();

    assertThat(b.announcements.after(HUGE, session.key(), 10).cursor()).isEqualTo(HUGE);
    b.announcements.readOnce();
    var told = b.announcements.after(HUGE, session.key(), 10);

    assertThat(told.gap()).isTrue();
    say("two");
    b.announcements.readOnce();
    assertThat(texts(b.announcements.after(told.cursor(), session.key(), 10)))
        .containsExactly("two");
  }

  @Test
  void trimming_removes_such_rows_and_raises_no_floor_to_them() {
    insert(HUGE);
    say("one");
    var newest = say("two");

    assertThat(a.announcements.sweep(10)).isZero();
    db.sql("update trunkline.announcements set created_at = created_at - interval '2 hours'");
    assertThat(a.announcements.sweep(10)).isEqualTo(2);

    assertThat(db.sql("select id from trunkline.announcements").number()).isEqualTo(newest);
    assertThat(db.sql("select announcement_floor from trunkline.control").number())
        .isLessThan(newest);
  }

  @Test
  void an_announcement_whose_id_is_taken_is_written_under_the_next() {
    var first = say("one");
    insert(first + 1);
    insert(first + 2);

    assertThat(say("two")).isEqualTo(first + 3);
  }

  @Test
  void a_floor_above_the_end_is_no_gap_for_ever() {
    var session = b.open();
    var end = say("one");
    db.sql("update trunkline.control set announcement_floor = ?", end + 1_000);
    b.announcements.readOnce();
    b.announcements.readOnce();

    say("two");
    b.announcements.readOnce();

    assertThat(events).noneMatch(ServerEvent.AnnouncementsRewound.class::isInstance);
    assertThat(texts(b.announcements.after(end, session.key(), 10))).containsExactly("two");
    assertThat(b.announcements.after(end, session.key(), 10).gap()).isFalse();
  }

  /// Goal: the table refuses all of the above. Method: a database of its own, with its constraints.
  @Test
  void constraints_keep_such_rows_out() {
    try (var fresh = TestDatabase.create()) {
      for (var bad : bad().filter(row -> !row.fault.startsWith("only a newer")).toList()) {
        var judged = !bad.fault.equals("its subject cannot be read") && bad.payload != null;
        if (judged) {
          assertThatThrownBy(() ->
                  fresh.sql(
                      "insert into trunkline.announcements (id, kind, about, payload) values (1, ?, ?, ?)",
                      bad.kind,
                      bad.about,
                      bad.payload))
              .as(bad.toString())
              .hasMessageContaining("check constraint");
        }
      }
      assertThatThrownBy(() ->
              fresh.sql(
                  "insert into trunkline.announcements (id, kind) values (?, 'broadcast')", HUGE))
          .hasMessageContaining("announcements_id_ck");
    }
  }
}
