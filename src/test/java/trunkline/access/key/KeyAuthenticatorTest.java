package trunkline.access.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.access.Authenticator.Credentials;
import trunkline.access.Authenticator.Verdict;
import trunkline.feature.Scopes;
import trunkline.session.Credential;
import trunkline.session.Principal;
import trunkline.store.DatabaseUnavailable;
import trunkline.testing.EventLog;

/// What an instance makes of a key, as time goes by: a clock that the test moves.
class KeyAuthenticatorTest {
  private static final String ADAS = key(1);
  private static final String BOBS = key(2);

  private final AtomicLong nanos = new AtomicLong();
  private final Table table = new Table();
  private final EventLog events = new EventLog();
  private final MetKeys met = new MetKeys(table, nanos::get, KeyPolicy.DEFAULT);
  private final LookUps lookUps = new LookUps(table, nanos::get, KeyPolicy.DEFAULT, events);
  private final KeyAuthenticator authenticator =
      new KeyAuthenticator(met, new RefusedKeys(nanos::get, KeyPolicy.DEFAULT), lookUps);
  private final KeyUses uses = new KeyUses(table, met);

  /// The rows, and what was asked of them.
  private static final class Table implements KeySource {
    private final Map<KeyDigest, GoodKey> rows = new HashMap<>();
    private final List<Collection<Long>> touched = new ArrayList<>();
    private int statements;
    private boolean away;
    private CountDownLatch held = new CountDownLatch(0);

    void put(String key, long id, String principal, @Nullable Duration left) {
      rows.put(
          KeyDigest.of(key).orElseThrow(),
          new GoodKey(id, new Principal(principal), Scopes.parse("a b"), null, left, null));
    }

    void remove(String key) {
      rows.remove(KeyDigest.of(key).orElseThrow());
    }

    @Override
    public Map<KeyDigest, GoodKey> find(Collection<KeyDigest> keys) {
      statements++;
      awaitUninterruptibly();
      if (away) {
        throw new DatabaseUnavailable("away, as the test wants it");
      }
      var found = new HashMap<>(rows);
      found.keySet().retainAll(keys);
      return found;
    }

    private void awaitUninterruptibly() {
      try {
        held.await();
      } catch (InterruptedException e) {
        throw new DatabaseUnavailable("interrupted");
      }
    }

    @Override
    public void touch(Collection<Long> ids) {
      touched.add(List.copyOf(ids));
    }
  }

  private static String key(int number) {
    return "tk_%d_%043d".formatted(number, number);
  }

  private Verdict judge(String key) {
    var headers = Map.of("authorization", "Bearer " + key);
    return authenticator.judge(
        new Credentials(
            InetAddress.ofLiteral("192.0.2.1"), name -> Optional.ofNullable(headers.get(name))));
  }

  private Verdict.Known known(String key) {
    return (Verdict.Known) judge(key);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @AfterEach
  void close() {
    lookUps.close();
  }

  @Test
  void a_key_is_looked_up_once_and_named_without_being_given_away() {
    table.put(ADAS, 1, "ada", null);

    var first = known(ADAS);
    assertThat(first.principal()).isEqualTo(new Principal("ada"));
    assertThat(first.credential())
        .isEqualTo(new Credential("key:1", Scopes.of(List.of("a", "b")), null));
    for (var i = 0; i < 100; i++) {
      assertThat(judge(ADAS)).isInstanceOf(Verdict.Known.class);
    }
    assertThat(table.statements).isOne();
  }

  @Test
  void what_no_key_looks_like_is_looked_up_by_nobody() {
    for (var text :
        List.of("", "tk_", "tk_0_" + "A".repeat(43), ADAS + "x", "x" + ADAS, "tk_1_é")) {
      assertThat(judge(text)).as(text).isInstanceOf(Verdict.Unknown.class);
    }
    assertThat(table.statements).isZero();
  }

  @Test
  void no_key_is_known_to_be_none_for_a_second() {
    for (var i = 0; i < 100; i++) {
      assertThat(judge(ADAS)).isInstanceOf(Verdict.Unknown.class);
    }
    assertThat(table.statements).isOne();

    table.put(ADAS, 1, "ada", null);
    pass(Duration.ofSeconds(1));
    assertThat(judge(ADAS)).isInstanceOf(Verdict.Known.class);
  }

  @Test
  void a_look_ends_what_is_good_no_more_and_nothing_else() {
    table.put(ADAS, 1, "ada", null);
    table.put(BOBS, 2, "bob", null);
    var adas = known(ADAS).standing();
    var bobs = known(BOBS).standing();

    table.remove(ADAS);
    assertThat(adas.holds()).isTrue();
    met.look();

    assertThat(adas.holds()).isFalse();
    assertThat(bobs.holds()).isTrue();
    assertThat(judge(ADAS)).isInstanceOf(Verdict.Unknown.class);
  }

  @Test
  void a_key_ends_by_itself_when_its_time_is_over() {
    table.put(ADAS, 1, "ada", Duration.ofSeconds(10));
    var standing = known(ADAS).standing();

    pass(Duration.ofMillis(9_999));
    assertThat(standing.holds()).isTrue();
    pass(Duration.ofMillis(1));
    assertThat(standing.holds()).isFalse();
  }

  @Test
  void without_the_database_a_key_is_good_for_five_minutes_and_then_nobody_knows() {
    table.put(ADAS, 1, "ada", null);
    table.put(BOBS, 2, "bob", null);
    var standing = known(ADAS).standing();
    table.away = true;

    pass(Duration.ofMinutes(5).minusMillis(1));
    assertThat(judge(ADAS)).isInstanceOf(Verdict.Known.class);
    assertThat(judge(BOBS)).isInstanceOf(Verdict.Unavailable.class);
    pass(Duration.ofMillis(1));
    assertThat(standing.holds()).isFalse();
    assertThat(judge(ADAS)).isInstanceOf(Verdict.Unavailable.class);

    table.away = false;
    met.look();
    assertThat(judge(ADAS)).isInstanceOf(Verdict.Known.class);
    assertThat(standing.holds()).isTrue();
  }

  @Test
  void what_nobody_uses_is_forgotten_and_no_look_asks_for_it() {
    table.put(ADAS, 1, "ada", null);
    var standing = known(ADAS).standing();
    for (var i = 0; i < 5; i++) { // an open stream keeps it
      pass(Duration.ofMinutes(4));
      assertThat(standing.holds()).isTrue();
      met.look();
    }
    assertThat(met.all()).hasSize(1);

    pass(Duration.ofMinutes(10).plusMillis(1));
    met.look();
    assertThat(met.all()).isEmpty();
    var statements = table.statements;
    met.look();
    assertThat(table.statements).isEqualTo(statements);
    assertThat(judge(ADAS)).isInstanceOf(Verdict.Known.class);
  }

  @Test
  void a_use_is_written_once_a_minute() {
    table.put(ADAS, 1, "ada", null);
    uses.write();
    var _ = judge(ADAS);
    uses.write();
    uses.write();
    assertThat(table.touched).containsExactly(List.of(1L));

    // another instance has written it, as the next look says
    table.rows.replaceAll((_, key) ->
        new GoodKey(key.id(), key.principal(), key.scopes(), null, null, Duration.ofSeconds(30)));
    met.look();
    var _ = judge(ADAS);
    uses.write();
    assertThat(table.touched).hasSize(1);
    pass(Duration.ofSeconds(30));
    uses.write();
    assertThat(table.touched).hasSize(2);
  }

  /// The lane is held in the first statement while the others come.
  @Test
  void those_who_come_together_are_looked_up_together() throws Exception {
    table.put(ADAS, 1, "ada", null);
    var crowd = 200;
    table.held = new CountDownLatch(crowd);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<Verdict>>();
      for (var i = 0; i < crowd; i++) {
        var number = i + 10;
        answers.add(
            threads.submit(() -> {
              table.held.countDown();
              return judge(key(number));
            }));
      }
      for (var answer : answers) {
        assertThat(answer.get()).isInstanceOf(Verdict.Unknown.class);
      }
    }
    assertThat(table.statements).isLessThan(crowd / 4);
  }

  /// Else those who gave up would fill the lane, and who comes then would wait for the database.
  @Test
  void who_gave_up_takes_a_place_until_the_database_answers() {
    var policy =
        new KeyPolicy(
            Duration.ofMinutes(5),
            Duration.ofMinutes(10),
            10,
            Duration.ofSeconds(1),
            10,
            Duration.ZERO,
            2,
            Duration.ofMillis(1));
    table.held = new CountDownLatch(1);
    try (var few = new LookUps(table, nanos::get, policy, events)) {
      for (var i = 0; i < 2; i++) {
        assertThat(few.ask(KeyDigest.of(key(i + 10)).orElseThrow()))
            .isEqualTo(new LookUp.Unknown("the key could not be looked up in time"));
      }
      assertThat(few.ask(KeyDigest.of(ADAS).orElseThrow()))
          .isEqualTo(new LookUp.Unknown("too many keys are being looked up"));
      table.held.countDown();
    }
  }
}
