package trunkline.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.LogLevel;
import trunkline.signal.Topic;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

class SessionsTest {
  private final TestDatabase db;
  private SessionHost a;
  private SessionHost b;

  SessionsTest(TestDatabase db) {
    this.db = db;
  }

  @BeforeEach
  void begin() {
    db.sql("update trunkline.sessions set ended_at = clock_timestamp() where ended_at is null");
    a = new SessionHost(db, 1);
    b = new SessionHost(db, 2);
  }

  @AfterEach
  void end() {
    a.close();
    b.close();
  }

  @Test
  void a_session_of_one_instance_is_gone_on_the_other_when_its_end_returns() {
    var session = a.open("bob");
    assertThat(b.sessions.find(session.id(), session.principal())).contains(session);

    assertThat(a.sessions.end(session.key(), EndReason.CLIENT)).isTrue();

    assertThat(b.sessions.find(session.id(), session.principal())).isEmpty();
    assertThat(b.sessions.end(session.key(), EndReason.CLIENT)).isFalse();
  }

  /// Goal: the cap holds although two instances count at once. Method: 2 × 8 opens, cap 3.
  @Test
  void two_instances_never_open_more_than_the_cap_of_a_principal() throws Exception {
    var opening = new ArrayList<Future<Session>>();
    for (var i = 0; i < 8; i++) {
      opening.add(OpenTransaction.start(() -> a.open("greedy")));
      opening.add(OpenTransaction.start(() -> b.open("greedy")));
    }

    var refused = 0;
    for (var each : opening) {
      try {
        each.get();
      } catch (ExecutionException e) {
        assertThat(e.getCause()).isInstanceOf(SessionLimitReached.class).hasMessageContaining("3");
        refused++;
      }
    }

    assertThat(refused).isEqualTo(13);
  }

  /// The same without luck: the first has counted and inserted, but not committed.
  @Test
  void an_open_waits_for_another_of_the_same_principal_before_it_counts() throws Exception {
    try (var first =
        OpenTransaction.on(
            db,
            "select trunkline.open_session(repeat('d', 32), '2025-11-25', 'dora', '{}', '{}', 3),"
                + " trunkline.open_session(repeat('e', 32), '2025-11-25', 'dora', '{}', '{}', 3),"
                + " trunkline.open_session(repeat('f', 32), '2025-11-25', 'dora', '{}', '{}', 3)")) {
      var second = first.block(() -> b.open("dora"));
      first.commit();

      assertThatThrownBy(() -> second.get(10, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SessionLimitReached.class);
    }
  }

  @Test
  void an_opening_that_is_repeated_finds_what_it_opened() {
    var asked = SessionRowsTest.asked(new Principal("again"));
    var opened = a.sessions.open(asked);

    assertThat(a.sessions.open(asked)).isEqualTo(opened);
    assertThat(b.sessions.open(asked)).isEqualTo(opened);
  }

  @Test
  void no_limit_is_in_the_way_of_an_opening_that_is_repeated() {
    var small =
        new SessionPolicy(
            Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(1), 1, 1, 5, 5, 100, true);
    try (var c = new SessionHost(db, 3, small)) {
      for (var principal : List.of(Principal.ANONYMOUS, new Principal("twice"))) {
        var asked = SessionRowsTest.asked(principal);
        db.sql("update trunkline.sessions set ended_at = clock_timestamp() where ended_at is null");
        var opened = c.sessions.open(asked);

        assertThat(c.sessions.open(asked)).isEqualTo(opened);
        assertThatThrownBy(() -> c.sessions.open(SessionRowsTest.asked(principal)))
            .isInstanceOf(SessionLimitReached.class);
      }
    }
  }

  @Test
  void anonymous_clients_share_no_cap_but_there_is_one_for_all() {
    var small =
        new SessionPolicy(
            Duration.ofHours(1), Duration.ofHours(2), Duration.ofHours(1), 1, 4, 5, 5, 100, true);
    try (var c = new SessionHost(db, 3, small)) {
      for (var i = 0; i < 4; i++) {
        c.sessions.open(SessionRowsTest.asked(Principal.ANONYMOUS));
      }

      assertThatThrownBy(() -> c.sessions.open(SessionRowsTest.asked(Principal.ANONYMOUS)))
          .isInstanceOf(SessionLimitReached.class)
          .hasMessageContaining("4");
    }
  }

  @Test
  void the_level_set_on_one_instance_holds_on_the_other() {
    var session = a.open("bob");

    assertThat(b.sessions.setLogLevel(session.key(), LogLevel.ERROR)).isTrue();

    assertThat(a.sessions.find(session.id(), session.principal()).orElseThrow().logLevel())
        .contains(LogLevel.ERROR);
  }

  @Test
  void a_change_wakes_the_readers_of_the_log() throws InterruptedException {
    var session = a.open("bob");
    try (var log = a.signals.doorbells().subscribe(Topic.ANNOUNCEMENTS, 0)) {
      a.sessions.setLogLevel(session.key(), LogLevel.ERROR);
      assertThat(log.bell().await(Duration.ZERO)).isTrue();

      a.sessions.setLogLevel(session.key(), LogLevel.ERROR);
      assertThat(log.bell().await(Duration.ZERO)).as("nothing changed").isFalse();
    }
  }

  @Test
  void values_written_by_one_instance_are_read_by_the_other_within_limits() {
    var session = a.open("bob");
    var values = a.sessions.values(session.key());

    assertThat(values.put("colour", "blue")).isTrue();

    assertThat(b.sessions.values(session.key()).get("colour")).contains("blue");
    assertThatThrownBy(() -> values.put("big", "x".repeat(101)))
        .isInstanceOf(SessionLimitReached.class)
        .hasMessageContaining("101 bytes: the limit is 100");
    assertThatThrownBy(() -> values.put("", "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> {
              for (var i = 0; i < 6; i++) {
                values.put("name" + i, "x");
              }
            })
        .isInstanceOf(SessionLimitReached.class)
        .hasMessageContaining("the limit is 5");
  }

  @Test
  void a_subscription_taken_on_one_instance_is_known_on_the_other() {
    var session = a.open("bob");

    assertThat(a.sessions.subscriptions().add(session.key(), "file:///x")).isTrue();

    assertThat(b.sessions.subscriptions().subscribers(List.of("file:///x")).get("file:///x"))
        .containsExactly(session.key());
    assertThatThrownBy(
            () -> {
              for (var i = 0; i < 5; i++) {
                a.sessions.subscriptions().add(session.key(), "file:///" + i);
              }
            })
        .isInstanceOf(SessionLimitReached.class);
    assertThatThrownBy(() -> a.sessions.subscriptions().add(session.key(), ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_directory_shows_a_session_without_its_payloads() {
    var session = a.open("bob");

    var row =
        db.sql(
                "select * from trunkline.session_directory where session_id = ?",
                session.id().value())
            .rows();

    assertThat(row).hasSize(1);
    assertThat(row.getFirst())
        .containsEntry("principal", "bob")
        .containsEntry("open_streams", 0L)
        .doesNotContainKeys("payload", "request", "answer", "value");
  }
}
