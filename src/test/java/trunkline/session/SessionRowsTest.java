package trunkline.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

class SessionRowsTest {
  static final Principal BOB = new Principal("bob");

  private final Database database;
  private final SessionRows rows;
  private final UnusedSessionRows pages;
  private final OpeningRows openings;
  private final SubscriptionRows subscriptions;
  private final SessionValueRows values;

  SessionRowsTest(TestDatabase db) {
    database = new Database(new Connections(db.settings()), "test");
    rows = new SessionRows(database, Duration.ofHours(1));
    pages = new UnusedSessionRows(database);
    openings = new OpeningRows(database);
    subscriptions = new SubscriptionRows(database);
    values = new SessionValueRows(database);
  }

  @AfterEach
  void end() {
    openings.close();
    rows.close();
    database.close();
  }

  static NewSession asked(Principal principal) {
    return new NewSession(
        SessionId.random(),
        "2025-11-25",
        principal,
        Codec.object().putObject("elicitation"),
        Codec.object().put("name", "test"),
        "");
  }

  private Session opened() {
    return openings.open(asked(BOB), 0).orElseThrow();
  }

  @Test
  void what_is_opened_is_found_as_it_was_opened() {
    var session = opened();

    assertThat(found(session)).contains(session);
  }

  private Optional<Session> found(Session session) {
    return Database.await(rows.find(session.id(), session.principal()))
        .map(SessionRows.Found::session);
  }

  @Test
  void a_session_does_not_exist_for_another_principal() {
    var session = opened();

    assertThat(Database.await(rows.find(session.id(), new Principal("eve")))).isEmpty();
    assertThat(Database.await(rows.find(SessionId.random(), BOB))).isEmpty();
  }

  @Test
  void many_look_ups_at_once_each_get_their_own_answer() {
    var sessions = List.of(opened(), opened(), opened());
    rows.end(sessions.get(1).key(), EndReason.SERVER);

    var answers =
        sessions.stream().flatMap(s -> Stream.of(s, s)).map(s -> rows.find(s.id(), BOB)).toList();

    assertThat(
            answers.stream()
                .map(Database::await)
                .map(a -> a.map(each -> each.session().key()).orElse(null)))
        .containsExactly(
            sessions.get(0).key(),
            sessions.get(0).key(),
            null,
            null,
            sessions.get(2).key(),
            sessions.get(2).key());
  }

  @Test
  void an_ended_session_is_gone_and_ends_only_once() {
    var session = opened();

    assertThat(rows.end(session.key(), EndReason.SERVER).done()).isTrue();

    assertThat(found(session)).isEmpty();
    assertThat(rows.end(session.key(), EndReason.SERVER).done()).isFalse();
    assertThat(rows.logLevel(session.key(), LogLevel.DEBUG).done()).isFalse();
  }

  @Test
  void a_session_whose_lifetime_is_over_is_gone_before_any_sweep() {
    var session = opened();

    try (var shortLived = new SessionRows(database, Duration.ZERO)) {
      assertThat(Database.await(shortLived.find(session.id(), BOB))).isEmpty();
    }
  }

  @Test
  void an_unused_session_is_ended_and_a_used_one_is_kept() {
    var session = opened();
    var hour = Duration.ofHours(1);

    assertThat(pages.unused(0, Long.MAX_VALUE, hour, hour, 1_000)).doesNotContain(session.key());
    assertThat(rows.endUnused(session.key(), hour, hour).done()).isFalse();
    assertThat(pages.unused(0, Long.MAX_VALUE, Duration.ZERO, hour, 1_000)).contains(session.key());
    assertThat(rows.endUnused(session.key(), Duration.ZERO, hour).done()).isTrue();
    assertThat(found(session)).isEmpty();
  }

  @Test
  void a_session_that_is_too_old_is_ended_although_it_is_used() {
    var session = opened();

    assertThat(pages.unused(0, Long.MAX_VALUE, Duration.ofHours(1), Duration.ZERO, 1_000))
        .contains(session.key());
    assertThat(rows.endUnused(session.key(), Duration.ofHours(1), Duration.ZERO).done()).isTrue();
  }

  @Test
  void an_ended_session_is_forgotten_after_a_while_and_a_living_one_never() {
    var ended = opened();
    var living = opened();
    values.put(ended.key(), "name", "value", 10);
    subscriptions.add(ended.key(), "file:///forgotten", 10);
    rows.end(ended.key(), EndReason.SERVER);

    assertThat(rows.forget(Duration.ofHours(1), 100)).isZero();
    assertThat(rows.forget(Duration.ZERO, 100)).isPositive();

    assertThat(subscriptions.find(List.of("file:///forgotten"))).isEmpty();
    assertThat(found(living)).isPresent();
  }

  @Test
  void a_principal_has_no_more_sessions_than_it_may() {
    var carol = new Principal("carol");
    var first = openings.open(asked(carol), 2).orElseThrow();

    assertThat(openings.open(asked(carol), 2)).isPresent();
    assertThat(openings.open(asked(carol), 2)).isEmpty();

    rows.end(first.key(), EndReason.SERVER);
    assertThat(openings.open(asked(carol), 2)).isPresent();
  }

  @Test
  void a_log_level_is_seen_by_the_next_look_up() {
    var session = opened();

    assertThat(rows.logLevel(session.key(), LogLevel.WARNING).done()).isTrue();

    assertThat(found(session).flatMap(Session::logLevel)).contains(LogLevel.WARNING);
  }

  @Test
  void touches_of_ended_sessions_are_not_tried_again() {
    var ended = opened();
    var living = opened();
    rows.end(ended.key(), EndReason.SERVER);

    assertThat(rows.touch(List.of(ended.key(), living.key()))).isEmpty();
  }

  @Test
  void subscribers_are_those_that_subscribed_and_did_not_unsubscribe() {
    var first = opened();
    var second = opened();
    subscriptions.add(first.key(), "file:///a", 10);
    subscriptions.add(first.key(), "file:///a", 10);
    subscriptions.add(second.key(), "file:///a", 10);
    subscriptions.add(second.key(), "file:///b", 10);
    subscriptions.remove(first.key(), "file:///a");

    assertThat(subscriptions.find(List.of("file:///a", "file:///b", "file:///c")))
        .isEqualTo(Map.of("file:///a", Set.of(second.key()), "file:///b", Set.of(second.key())));
  }

  @Test
  void subscriptions_and_values_have_a_limit() {
    var session = opened();

    assertThat(subscriptions.add(session.key(), "file:///1", 1)).isEqualTo(StoreOutcome.DONE);
    assertThat(subscriptions.add(session.key(), "file:///2", 1)).isEqualTo(StoreOutcome.FULL);
    assertThat(subscriptions.add(session.key(), "file:///1", 1)).isEqualTo(StoreOutcome.DONE);
    assertThat(values.put(session.key(), "a", "1", 1)).isEqualTo(StoreOutcome.DONE);
    assertThat(values.put(session.key(), "b", "1", 1)).isEqualTo(StoreOutcome.FULL);
    assertThat(values.put(session.key(), "a", "2", 1)).isEqualTo(StoreOutcome.DONE);
  }

  @Test
  void values_are_kept_until_they_are_removed_or_the_session_ends() {
    var session = opened();
    values.put(session.key(), "a", "1", 10);
    values.put(session.key(), "b", "2", 10);

    assertThat(values.find(session.key(), "a")).contains("1");
    assertThat(values.remove(session.key(), "a")).isTrue();
    assertThat(values.remove(session.key(), "a")).isFalse();
    assertThat(values.find(session.key(), "a")).isEmpty();

    rows.end(session.key(), EndReason.SERVER);
    assertThat(values.find(session.key(), "b")).isEmpty();
    assertThat(values.put(session.key(), "c", "3", 10)).isEqualTo(StoreOutcome.GONE);
    assertThat(subscriptions.add(session.key(), "file:///a", 10)).isEqualTo(StoreOutcome.GONE);
  }

  /// Goal: the limit of one principal is exact and nobody else's business, however many open at
  /// once. Method: two principals open ten each, in one moment; one may have three.
  @Test
  void a_crowd_that_opens_at_once_is_counted_one_by_one() throws Exception {
    var dora = new Principal("dora");
    var erin = new Principal("erin");
    List<Callable<Boolean>> clients = new ArrayList<>();
    for (var client = 0; client < 10; client++) {
      clients.add(() -> openings.open(asked(dora), 3).isPresent());
      clients.add(() -> openings.open(asked(erin), 0).isPresent());
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      assertThat(threads.invokeAll(clients).stream().filter(Future::resultNow)).hasSize(13);
    }
    assertThat(rows.ofPrincipals(List.of("dora")).get("dora")).hasSize(3);
  }

  @Test
  void one_that_is_opened_again_is_not_opened_twice() {
    var asked = asked(new Principal("finn"));

    assertThat(openings.open(asked, 0)).isPresent();
    assertThat(openings.open(asked, 0)).isEmpty();
  }
}
