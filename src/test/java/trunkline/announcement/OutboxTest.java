package trunkline.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.session.EndReason;
import trunkline.session.Session;
import trunkline.signal.Topic;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// What SQL callers hand in, and how it is moved on.
class OutboxTest {
  private static final String NOTE =
      "{\"jsonrpc\":\"2.0\",\"method\":\"note\",\"params\":{\"n\":%d}}";

  private final TestDatabase db = TestDatabase.create();
  private final LinkedBlockingQueue<ServerEvent> events = new LinkedBlockingQueue<>();
  private Announcer a;
  private Announcer b;

  @BeforeEach
  void begin() {
    a = new Announcer(db, 1, events::add);
    b = new Announcer(db, 2, event -> {});
  }

  @AfterEach
  void end() {
    a.close();
    b.close();
    db.close();
  }

  private void send(Session session, int n) {
    assertThat(
            db.sql("select trunkline.send(?, ?)", session.id().value(), NOTE.formatted(n)).value())
        .isEqualTo(true);
  }

  private List<String> stored(Session session) {
    return db.sql(
            """
            select convert_from(payload, 'UTF8') from trunkline.outbound_messages
             where stream_id = ? order by event_id
            """,
            session.standaloneStream().value())
        .column();
  }

  private long waiting() {
    return db.sql("select count(*) from trunkline.outbox").number();
  }

  @Test
  void a_message_goes_to_the_session_it_is_for_and_wakes_its_holder() throws Exception {
    var session = a.open();
    a.open();
    db.sql(
        "update trunkline.streams set holder_instance = 1 where stream_id = ?",
        session.standaloneStream().value());
    send(session, 1);

    try (var holder =
        a.signals.doorbells().subscribe(Topic.STREAM, session.standaloneStream().value())) {
      assertThat(a.announcements.outbox().moveOnce()).isOne();
      assertThat(holder.bell().await(Duration.ZERO)).isTrue();
    }

    assertThat(stored(session)).containsExactly(NOTE.formatted(1));
    assertThat(db.sql("select count(*) from trunkline.outbound_messages").number()).isOne();
  }

  @Test
  void a_completion_goes_to_the_session_that_was_asked_and_wakes_whoever_waits() throws Exception {
    var session = a.open();
    var id = "0123456789abcdef".repeat(2);
    db.sql(
        """
        insert into trunkline.url_elicitations (elicitation_id, session_key, principal, expires_at)
        values (?, ?, 'bob', clock_timestamp() + interval '1 minute')
        """,
        id,
        session.key().value());
    db.sql("select trunkline.complete_elicitation(?, 'bob')", id);

    try (var waiting = a.signals.doorbells().subscribe(Topic.ANSWER, 0)) {
      assertThat(a.announcements.outbox().moveOnce()).isOne();
      assertThat(waiting.bell().await(Duration.ZERO)).isTrue();
    }

    assertThat(stored(session))
        .containsExactly(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/elicitation/complete\","
                + "\"params\":{\"elicitationId\":\""
                + id
                + "\"}}");
  }

  /// Goal: exactly once. Method: two movers at once, 160 rows of three kinds, 4 sessions.
  @Test
  void two_movers_move_each_row_once_and_keep_the_order_of_a_transaction() throws Exception {
    var sessions = IntStream.range(0, 4).mapToObj(i -> a.open()).toList();
    for (var i = 0; i < 40; i++) {
      try (var transaction =
          OpenTransaction.on(
              db,
              "select trunkline.send(?, ?), trunkline.send(?, ?)",
              sessions.get(i % 4).id().value(),
              NOTE.formatted(2 * i),
              sessions.get(i % 4).id().value(),
              NOTE.formatted(2 * i + 1))) {
        transaction.run("select trunkline.broadcast(?)", NOTE.formatted(i));
        transaction.run("select trunkline.list_changed('tools')");
        transaction.commit();
      }
    }

    var movers = new ArrayList<Future<Boolean>>();
    for (var each : List.of(a, b)) {
      movers.add(
          OpenTransaction.start(() -> {
            while (each.announcements.outbox().moveOnce() > 0 || waiting() > 0) {
              // another mover may be at it
            }
            return true;
          }));
    }
    for (var mover : movers) {
      mover.get(60, TimeUnit.SECONDS);
    }

    for (var i = 0; i < 4; i++) {
      var expected = new ArrayList<String>();
      for (var n = i; n < 40; n += 4) {
        expected.add(NOTE.formatted(2 * n));
        expected.add(NOTE.formatted(2 * n + 1));
      }
      assertThat(stored(sessions.get(i))).isEqualTo(expected);
    }
    assertThat(db.sql("select kind from trunkline.announcements order by id").column())
        .isEqualTo(
            IntStream.range(0, 40)
                .boxed()
                .flatMap(i -> List.of("broadcast", "tools_changed").stream())
                .toList());
  }

  @Test
  void rows_of_one_transaction_keep_their_order_whatever_they_are() throws SQLException {
    var session = a.open();
    try (var caller =
        OpenTransaction.on(
            db, "select trunkline.send(?, ?)", session.id().value(), NOTE.formatted(1))) {
      caller.run("select trunkline.end_session(?)", session.id().value());
      caller.run("select trunkline.send(?, ?)", session.id().value(), NOTE.formatted(2));
      caller.commit();
    }

    assertThat(a.announcements.outbox().moveOnce()).isEqualTo(3);

    assertThat(stored(session))
        .as("the second came after the end")
        .containsExactly(NOTE.formatted(1));
  }

  @Test
  void while_one_instance_moves_another_does_not_wait_for_it() throws SQLException {
    send(a.open(), 1);
    try (var _ =
        OpenTransaction.on(
            db, "select pg_advisory_xact_lock(hashtextextended('trunkline.outbox', 0))")) {
      assertThat(a.announcements.outbox().moveOnce()).isZero();
    }

    assertThat(a.announcements.outbox().moveOnce()).isOne();
  }

  @Test
  void a_message_for_a_session_that_ended_meanwhile_is_dropped_and_counted() {
    var session = a.open();
    send(session, 1);
    a.sessions.end(session.key(), EndReason.CLIENT);

    assertThat(a.announcements.outbox().moveOnce()).isOne();

    assertThat(stored(session)).isEmpty();
    assertThat(waiting()).isZero();
    assertThat(events).contains(new ServerEvent.OutboxMoved(1, 1));
    assertThat(
            db.sql("select trunkline.send(?, ?)", session.id().value(), NOTE.formatted(2)).value())
        .isEqualTo(false);
  }

  /// Goal: an open transaction delays nobody (S2, S15). Method: hand everything in and stay open.
  @Test
  void a_caller_that_stays_in_its_transaction_delays_nobody() throws SQLException {
    var session = a.open();
    try (var caller =
        OpenTransaction.on(
            db, "select trunkline.send(?, ?)", session.id().value(), NOTE.formatted(1))) {
      caller.run("select trunkline.broadcast(?)", NOTE.formatted(2));
      caller.run("select trunkline.end_session(?)", session.id().value());
      caller.run("select trunkline.cancel_call(?, '7'::json)", session.id().value());

      a.announcements
          .announce(AnnouncementKind.BROADCAST, "", NOTE.formatted(3).getBytes(UTF_8))
          .join();
      send(session, 4);
      assertThat(a.announcements.outbox().moveOnce()).isOne();
      assertThat(a.sessions.end(session.key(), EndReason.CLIENT)).isTrue();
    }
    assertThat(waiting()).as("the caller rolled back").isZero();
  }

  @Test
  void a_stream_that_somebody_keeps_locked_waits_alone_and_keeps_its_order() throws Exception {
    var busy = a.open();
    var other = a.open();
    send(busy, 1);
    send(other, 2);
    send(busy, 3);
    try (var _ =
        OpenTransaction.on(
            db,
            "select from trunkline.streams where stream_id = ? for update",
            busy.standaloneStream().value())) {
      assertThat(a.announcements.outbox().moveOnce()).isOne();
      assertThat(stored(other)).containsExactly(NOTE.formatted(2));
      assertThat(stored(busy)).isEmpty();
    }

    assertThat(a.announcements.outbox().moveOnce()).isEqualTo(2);
    assertThat(stored(busy)).containsExactly(NOTE.formatted(1), NOTE.formatted(3));
  }

  /// Goal: one stream that an operator keeps locked holds up nobody else, however many of its
  /// messages stand in front. Method: more of them than one step takes, then everything else.
  @Test
  void what_stands_behind_the_messages_for_a_locked_stream_goes_on() throws Exception {
    var busy = a.open();
    var other = a.open();
    for (var i = 0; i < AnnouncementPolicy.PAGE_ROWS_MAX + 1; i++) {
      send(busy, i);
    }
    db.sql("select trunkline.broadcast(?)", NOTE.formatted(1));
    db.sql("select trunkline.end_session(?)", busy.id().value());
    send(busy, -1);
    send(other, 1);
    db.sql("select trunkline.list_changed('tools')");
    try (var _ =
        OpenTransaction.on(
            db,
            "select from trunkline.streams where stream_id = ? for update",
            busy.standaloneStream().value())) {
      assertThat(a.announcements.outbox().moveOnce()).isEqualTo(3);
      assertThat(stored(other)).containsExactly(NOTE.formatted(1));
      assertThat(db.sql("select kind from trunkline.announcements order by id").column())
          .containsExactly("broadcast", "tools_changed");
      assertThat(a.announcements.outbox().moveOnce()).isZero();
      assertThat(b.announcements.outbox().moveOnce()).isZero();
    }

    assertThat(a.announcements.outbox().moveOnce()).isEqualTo(AnnouncementPolicy.PAGE_ROWS_MAX + 3);
    assertThat(stored(busy))
        .as("in their order, and nothing after the end")
        .isEqualTo(
            IntStream.range(0, AnnouncementPolicy.PAGE_ROWS_MAX + 1)
                .mapToObj(NOTE::formatted)
                .toList());
    assertThat(waiting()).isZero();
  }

  /// Goal: a row that nobody can send is dropped, named and counted, and the others go on. Method:
  /// rows that no function of ours would have inserted, from before the constraints, among good
  /// ones.
  @Test
  void what_can_never_be_sent_is_dropped_alone_and_named() {
    var session = a.open();
    db.sql(
        """
        alter table trunkline.outbox drop constraint outbox_kind_ck, drop constraint outbox_about_ck,
          drop constraint outbox_size_ck, drop constraint outbox_one_line_ck
        """);
    var to = session.id().value();
    var bad =
        List.of(
            new String[] {"send", to, "two\nlines", "payload has a line break"},
            new String[] {"send", to, null, "no payload"},
            new String[] {"send", to, "x".repeat(262_145), "payload has 262145 bytes"},
            new String[] {"send", "x".repeat(2_049), "{}", "about has 2049 characters"},
            new String[] {"broadcast", "", "{}\rid: 7", "payload has a line break"},
            new String[] {"broadcast", "", "x".repeat(9 << 20), "payload has 9437184 bytes"},
            new String[] {"tools_changed", "", "", "no payload"},
            new String[] {"weather", "", "{}", "unknown kind"},
            new String[] {"cancel_call", to, null, "no payload"});
    for (var row : bad) {
      send(session, 1);
      db.sql(
          "insert into trunkline.outbox (kind, about, payload) values (?, ?, ?)",
          row[0],
          row[1],
          row[2]);
      db.sql("select trunkline.broadcast(?)", NOTE.formatted(1));
    }

    a.announcements.outbox().moveOnce();

    assertThat(stored(session)).hasSize(bad.size()).containsOnly(NOTE.formatted(1));
    assertThat(db.sql("select convert_from(payload, 'UTF8') from trunkline.announcements").column())
        .hasSize(bad.size())
        .containsOnly(NOTE.formatted(1));
    assertThat(waiting()).isZero();
    assertThat(events.stream().filter(ServerEvent.OutboxRowRefused.class::isInstance))
        .extracting(event -> ((ServerEvent.OutboxRowRefused) event).row())
        .zipSatisfy(bad, (said, row) -> assertThat(said).contains(row[0]).endsWith(row[3]));
    assertThat(
            events.stream()
                .filter(ServerEvent.OutboxMoved.class::isInstance)
                .mapToInt(event -> ((ServerEvent.OutboxMoved) event).dropped())
                .sum())
        .isEqualTo(bad.size());
  }

  @Test
  void the_release_before_moves_rows_by_the_former_name() {
    send(a.open(), 1);

    assertThat(db.sql("select moved from trunkline.move_outbox(10)").number()).isOne();
    assertThat(waiting()).isZero();
  }

  @Test
  void an_end_that_has_to_wait_lets_the_others_go_first() throws Exception {
    var busy = a.open();
    var other = a.open();
    db.sql("select trunkline.end_session(?)", busy.id().value());
    send(other, 1);
    try (var _ =
        OpenTransaction.on(
            db,
            "select from trunkline.streams where stream_id = ? for update",
            busy.standaloneStream().value())) {
      a.announcements.outbox().moveOnce();
      a.announcements.outbox().moveOnce();
      assertThat(stored(other)).containsExactly(NOTE.formatted(1));
    }

    a.announcements.outbox().moveOnce();
    assertThat(a.sessions.find(busy.id(), busy.principal())).isEmpty();
  }

  @Test
  void a_session_is_ended_and_a_call_cancelled_by_sql() throws Exception {
    var session = a.open();
    var call =
        db.sql(
                """
                with stream as (
                       insert into trunkline.streams (session_key, standalone, writer_instance)
                       values (?, false, 1) returning stream_id)
                insert into trunkline.calls (stream_id, session_key, request_id, method, request,
                                             principal, rerunnable)
                select stream_id, ?, '"x"', 'tools/call', '', 'anonymous', false from stream
                returning call_id
                """,
                session.key().value(),
                session.key().value())
            .number();
    db.sql("select trunkline.cancel_call(?, '\"x\"')", session.id().value());
    db.sql("select trunkline.cancel_call(?, '7')", session.id().value());

    try (var writer = a.signals.doorbells().subscribe(Topic.CALL, call)) {
      assertThat(a.announcements.outbox().moveOnce()).isEqualTo(2);
      assertThat(writer.bell().await(Duration.ZERO)).isTrue();
    }
    assertThat(
            db.sql("select about from trunkline.announcements where kind = 'call_cancelled'")
                .column())
        .as("only the one without a row is announced")
        .containsExactly(session.key() + " 7");

    db.sql("select trunkline.end_session(?)", session.id().value());
    a.announcements.outbox().moveOnce();
    assertThat(b.sessions.find(session.id(), session.principal())).isEmpty();
    assertThat(db.sql("select end_reason from trunkline.session_directory").text())
        .isEqualTo("ended by SQL");
  }

  @Test
  void a_started_outbox_moves_by_itself_without_any_notify() {
    var session = a.open();
    a.announcements.outbox().start();

    send(session, 1);

    db.await("not exists (select from trunkline.outbox)", Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "7",
        "{\"jsonrpc\":\"1.0\",\"method\":\"x\"}",
        "{\"jsonrpc\":\"2.0\"}",
        "{\"jsonrpc\":\"2.0\",\"method\":7}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":[]}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"
      })
  void what_is_no_notification_is_refused_to_its_caller(String payload) {
    var session = a.open();

    assertThatThrownBy(() -> db.sql("select trunkline.send(?, ?)", session.id().value(), payload))
        .hasMessageContaining("notification");
    assertThatThrownBy(() -> db.sql("select trunkline.broadcast(?)", payload))
        .hasMessageContaining("notification");
    assertThat(waiting()).isZero();
  }

  @Test
  void other_bad_input_is_refused_to_its_caller() {
    assertThatThrownBy(() -> db.sql("select trunkline.list_changed('toolz')"))
        .hasMessageContaining("tools, resources and prompts, not toolz");
    assertThatThrownBy(() -> db.sql("select trunkline.resource_updated('')"))
        .hasMessageContaining("1 to 2048 bytes");
    for (var id : List.of("1.5", "1e-3", "true", "null", "{}", "[1]")) {
      assertThatThrownBy(() -> db.sql("select trunkline.cancel_call('x', ?::json)", id))
          .hasMessageContaining("string or a number without a fraction");
    }
    assertThatThrownBy(() -> db.sql("select trunkline.cancel_call('x', repeat('9', 256)::json)"))
        .hasMessageContaining("255 characters");
    assertThatThrownBy(() -> db.sql("select trunkline.send('x', null)"))
        .hasMessageContaining("null");
  }

  @Test
  void line_breaks_between_tokens_do_not_reach_the_stream() {
    var session = a.open();
    db.sql(
        "select trunkline.send(?, ?)",
        session.id().value(),
        "{\"jsonrpc\":\"2.0\",\r\n\"method\":\"x\"}");

    a.announcements.outbox().moveOnce();

    assertThat(stored(session)).containsExactly("{\"jsonrpc\":\"2.0\",  \"method\":\"x\"}");
  }
}
