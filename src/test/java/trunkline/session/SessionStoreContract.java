package trunkline.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.LogLevel;
import trunkline.session.SessionStore.StoreOutcome;
import trunkline.store.Database;

/// What a store of sessions owes, whatever it is made of.
abstract class SessionStoreContract {
  static final Principal BOB = new Principal("bob");

  private SessionStore store;

  /// Two stores opened by one test share what they hold.
  abstract SessionStore open(Duration lifetimeMax);

  @BeforeEach
  void begin() {
    store = open(Duration.ofHours(1));
  }

  @AfterEach
  void end() {
    store.close();
  }

  static NewSession asked(Principal principal) {
    return new NewSession(
        "2025-11-25",
        principal,
        Codec.object().putObject("elicitation"),
        Codec.object().put("name", "test"));
  }

  private Session opened() {
    return store.open(SessionId.random(), asked(BOB), 0).orElseThrow();
  }

  @Test
  void what_is_opened_is_found_as_it_was_opened() {
    var session = opened();

    assertThat(found(session)).contains(session);
  }

  private Optional<Session> found(Session session) {
    return Database.await(store.find(session.id(), session.principal()));
  }

  @Test
  void a_session_does_not_exist_for_another_principal() {
    var session = opened();

    assertThat(Database.await(store.find(session.id(), new Principal("eve")))).isEmpty();
    assertThat(Database.await(store.find(SessionId.random(), BOB))).isEmpty();
  }

  @Test
  void many_look_ups_at_once_each_get_their_own_answer() {
    var sessions = List.of(opened(), opened(), opened());
    store.end(sessions.get(1).key(), "test");

    var answers =
        sessions.stream().flatMap(s -> Stream.of(s, s)).map(s -> store.find(s.id(), BOB)).toList();

    assertThat(answers.stream().map(Database::await).map(a -> a.map(Session::key).orElse(null)))
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

    assertThat(store.end(session.key(), "test").done()).isTrue();

    assertThat(found(session)).isEmpty();
    assertThat(store.end(session.key(), "test").done()).isFalse();
    assertThat(store.logLevel(session.key(), LogLevel.DEBUG).done()).isFalse();
  }

  @Test
  void a_session_whose_lifetime_is_over_is_gone_before_any_sweep() {
    var session = opened();

    try (var shortLived = open(Duration.ZERO)) {
      assertThat(Database.await(shortLived.find(session.id(), BOB))).isEmpty();
    }
  }

  @Test
  void an_unused_session_is_ended_and_a_used_one_is_kept() {
    var session = opened();
    var hour = Duration.ofHours(1);

    assertThat(store.unused(hour, hour, 1_000)).doesNotContain(session.key());
    assertThat(store.endUnused(session.key(), hour, hour).done()).isFalse();
    assertThat(store.unused(Duration.ZERO, hour, 1_000)).contains(session.key());
    assertThat(store.endUnused(session.key(), Duration.ZERO, hour).done()).isTrue();
    assertThat(found(session)).isEmpty();
  }

  @Test
  void a_session_that_is_too_old_is_ended_although_it_is_used() {
    var session = opened();

    assertThat(store.unused(Duration.ofHours(1), Duration.ZERO, 1_000)).contains(session.key());
    assertThat(store.endUnused(session.key(), Duration.ofHours(1), Duration.ZERO).done()).isTrue();
  }

  @Test
  void an_ended_session_is_forgotten_after_a_while_and_a_living_one_never() {
    var ended = opened();
    var living = opened();
    store.put(ended.key(), "name", "value", 10);
    store.subscribe(ended.key(), "file:///forgotten", 10);
    store.end(ended.key(), "test");

    assertThat(store.forget(Duration.ofHours(1), 100)).isZero();
    assertThat(store.forget(Duration.ZERO, 100)).isPositive();

    assertThat(store.subscribers(List.of("file:///forgotten"))).isEmpty();
    assertThat(found(living)).isPresent();
  }

  @Test
  void a_principal_has_no_more_sessions_than_it_may() {
    var carol = new Principal("carol");
    var first = store.open(SessionId.random(), asked(carol), 2).orElseThrow();

    assertThat(store.open(SessionId.random(), asked(carol), 2)).isPresent();
    assertThat(store.open(SessionId.random(), asked(carol), 2)).isEmpty();

    store.end(first.key(), "test");
    assertThat(store.open(SessionId.random(), asked(carol), 2)).isPresent();
  }

  @Test
  void a_log_level_is_seen_by_the_next_look_up() {
    var session = opened();

    assertThat(store.logLevel(session.key(), LogLevel.WARNING).done()).isTrue();

    assertThat(found(session).flatMap(Session::logLevel)).contains(LogLevel.WARNING);
  }

  @Test
  void touches_of_ended_sessions_are_not_tried_again() {
    var ended = opened();
    var living = opened();
    store.end(ended.key(), "test");

    assertThat(store.touch(List.of(ended.key(), living.key()))).isEmpty();
  }

  @Test
  void subscribers_are_those_that_subscribed_and_did_not_unsubscribe() {
    var first = opened();
    var second = opened();
    store.subscribe(first.key(), "file:///a", 10);
    store.subscribe(first.key(), "file:///a", 10);
    store.subscribe(second.key(), "file:///a", 10);
    store.subscribe(second.key(), "file:///b", 10);
    store.unsubscribe(first.key(), "file:///a");

    assertThat(store.subscribers(List.of("file:///a", "file:///b", "file:///c")))
        .isEqualTo(Map.of("file:///a", Set.of(second.key()), "file:///b", Set.of(second.key())));
  }

  @Test
  void subscriptions_and_values_have_a_limit() {
    var session = opened();

    assertThat(store.subscribe(session.key(), "file:///1", 1)).isEqualTo(StoreOutcome.DONE);
    assertThat(store.subscribe(session.key(), "file:///2", 1)).isEqualTo(StoreOutcome.FULL);
    assertThat(store.subscribe(session.key(), "file:///1", 1)).isEqualTo(StoreOutcome.DONE);
    assertThat(store.put(session.key(), "a", "1", 1)).isEqualTo(StoreOutcome.DONE);
    assertThat(store.put(session.key(), "b", "1", 1)).isEqualTo(StoreOutcome.FULL);
    assertThat(store.put(session.key(), "a", "2", 1)).isEqualTo(StoreOutcome.DONE);
  }

  @Test
  void values_are_kept_until_they_are_removed_or_the_session_ends() {
    var session = opened();
    store.put(session.key(), "a", "1", 10);
    store.put(session.key(), "b", "2", 10);

    assertThat(store.value(session.key(), "a")).contains("1");
    assertThat(store.remove(session.key(), "a")).isTrue();
    assertThat(store.remove(session.key(), "a")).isFalse();
    assertThat(store.value(session.key(), "a")).isEmpty();

    store.end(session.key(), "test");
    assertThat(store.value(session.key(), "b")).isEmpty();
    assertThat(store.put(session.key(), "c", "3", 10)).isEqualTo(StoreOutcome.GONE);
    assertThat(store.subscribe(session.key(), "file:///a", 10)).isEqualTo(StoreOutcome.GONE);
  }
}
