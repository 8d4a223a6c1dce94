package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.OutagePatience;
import trunkline.stream.Streams.Tables;
import trunkline.testing.TestDatabase;

/// A client comes back without `Last-Event-ID` while its former connection still stands: it gets
/// each message once, whatever becomes of one statement of the claim; and nothing stays held that
/// nobody holds.
@Timeout(120)
class ClaimsTest {
  private static final OutagePatience PATIENCE = new OutagePatience(Duration.ofSeconds(20));

  private final TestDatabase db;

  ClaimsTest(TestDatabase db) {
    this.db = db;
  }

  enum Outcome {
    /// It happens, and its answer is lost.
    ANSWER_LOST,
    /// It does not happen.
    AWAY,
    /// The thread is interrupted while it happens.
    INTERRUPTED
  }

  /// @param claimer whom the statement is for, on whichever thread it runs
  private record Fault(String statement, Outcome outcome, Thread claimer) {
    Fault(String statement, Outcome outcome) {
      this(statement, outcome, Thread.currentThread());
    }
  }

  /// Lets one statement go wrong, once.
  private static final class OneFault {
    private final AtomicReference<Fault> next = new AtomicReference<>(new Fault("", Outcome.AWAY));

    void next(Fault fault) {
      next.set(fault);
    }

    Tables over(Tables tables) {
      var faulty =
          (StreamStore)
              Proxy.newProxyInstance(
                  StreamStore.class.getClassLoader(),
                  new Class<?>[] {StreamStore.class},
                  (_, method, arguments) ->
                      run(
                          method.getName(),
                          () -> {
                            try {
                              return method.invoke(tables.streams(), arguments);
                            } catch (InvocationTargetException e) {
                              throw (Exception) e.getCause();
                            }
                          }));
      return new Tables(tables.messages(), faulty, tables.slots());
    }

    private Object run(String statement, Callable<Object> work) throws Exception {
      var fault = next.get();
      if (!fault.statement().equals(statement)
          || !next.compareAndSet(fault, new Fault("", Outcome.AWAY))) {
        return work.call();
      }
      if (fault.outcome() == Outcome.AWAY) {
        throw new DatabaseUnavailable("away");
      }
      if (fault.outcome() == Outcome.INTERRUPTED) {
        fault.claimer().interrupt();
        return work.call();
      }
      var _ = work.call();
      throw DatabaseUnavailable.doubtful("no answer", new IllegalStateException("closed"));
    }
  }

  static Stream<Arguments> faults() {
    return Stream.of("claim", "awaitsLastWord", "settle", "write")
        .flatMap(statement ->
            Stream.of(Outcome.ANSWER_LOST, Outcome.AWAY)
                .map(outcome -> Arguments.of(statement, outcome)));
  }

  static Stream<Arguments> ends() {
    return Stream.of("claim", "awaitsLastWord", "settle")
        .flatMap(statement ->
            Stream.of(Outcome.values()).map(outcome -> Arguments.of(statement, outcome)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void a_claim_that_goes_wrong_once_costs_no_message_and_doubles_none(
      String statement, Outcome outcome) throws Exception {
    var fault = new OneFault();
    try (var bench = new HolderBench(db, fault::over)) {
      var former = bench.follow(bench.granted(null));
      bench.send("1");
      bench.send("2");
      assertThat(former.await(2)).containsExactly("1", "2");

      fault.next(new Fault(statement, outcome));
      var held = PATIENCE.call(() -> bench.granted(null));
      bench.send("3");
      var next = bench.follow(held);

      assertThat(next.await(1)).containsExactly("3");
      assertThat(former.messages()).containsExactly("1", "2");
      next.leave(ClientGone.Cause.LEFT);
      bench.send("4");
      requireFree(bench);
    }
  }

  /// Goal: nobody died, so nothing comes twice. Method: whether the first of two claims begins to
  /// read or not, the last word is that of the last one that did.
  @RepeatedTest(5)
  void two_claims_at_one_moment_double_nothing() throws Exception {
    try (var bench = new HolderBench(db);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var former = bench.follow(bench.granted(null));
      bench.send("1");
      bench.send("2");
      assertThat(former.await(2)).containsExactly("1", "2");

      var together = new CyclicBarrier(2);
      var readers = new ConcurrentSkipListMap<Long, Reader>();
      Callable<Void> claiming =
          () -> {
            together.await();
            if (bench.claim(null) instanceof Claim.Granted granted) {
              readers.put(granted.claimed().epoch(), bench.follow(granted.claimed()));
            }
            return null;
          };
      threads.invokeAll(List.of(claiming, claiming)).forEach(Future::resultNow);
      bench.send("3");

      db.await(
          "(select holder_instance is not null from trunkline.streams where stream_id = %d)"
              .formatted(bench.session.standaloneStream().value()),
          HolderBench.PATIENCE);
      readers.lastEntry().getValue().await(1);
      assertThat(readers.values().stream().flatMap(reader -> reader.messages().stream()))
          .doesNotContain("1", "2");
    }
  }

  @ParameterizedTest
  @MethodSource("ends")
  void a_claim_that_nobody_repeats_is_let_go(String statement, Outcome outcome) throws Exception {
    var fault = new OneFault();
    try (var bench = new HolderBench(db, fault::over)) {
      db.sql( // or the claim settles by itself
          "update trunkline.streams set position_settled = false where stream_id = ?",
          bench.session.standaloneStream().value());
      fault.next(new Fault(statement, outcome));

      assertThatThrownBy(() -> bench.claim(null))
          .isInstanceOfAny(
              DatabaseUnavailable.class, InterruptedException.class, CancellationException.class);
      var _ = Thread.interrupted();

      var _ = bench.streams.sweeps().releaseUnheld(10);
      var _ = bench.streams.sweeps().releaseUnheld(10);
      requireFree(bench);
    }
  }

  @Test
  void what_is_held_and_what_was_just_claimed_is_not_let_go() throws Exception {
    try (var bench = new HolderBench(db)) {
      var sweeps = bench.streams.sweeps();
      assertThat(sweeps.releaseUnheld(10)).isZero();
      var held = bench.granted(null);
      assertThat(sweeps.releaseUnheld(10)).isZero();
      var reader = bench.follow(held);
      bench.send("1");
      assertThat(reader.await(1)).hasSize(1);

      assertThat(sweeps.releaseUnheld(10)).isZero();
      assertThat(sweeps.releaseUnheld(10)).isZero();
    }
  }

  private void requireFree(HolderBench bench) {
    db.await(
        "(select holder_instance is null from trunkline.streams where stream_id = %d)"
            .formatted(bench.session.standaloneStream().value()),
        HolderBench.PATIENCE);
  }
}
