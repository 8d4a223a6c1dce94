package trunkline;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import trunkline.protocol.listen.Listens;
import trunkline.protocol.run.Calls;
import trunkline.stream.Streams;
import trunkline.telemetry.Pulse;

/// How an instance gets rid of what it has: streams one by one, calls when they have ended or their
/// time is over.
///
/// ```
///   streams closed, spread out ──timeout──▶ calls stopped ──▶ the streams that are left closed
///   calls may end                           handed on, or their errors stored
/// ```
///
/// A closed stream's client comes back at once, to another instance and its database. So at most a
/// thousand are closed in a second, unless the timeout is too short for that; and each is told to
/// wait, no two equally long.
final class Emptying {
  private static final int STREAMS_A_SECOND = 1_000;

  private static final long LOOK_MILLIS = 10;

  /// Besides the usual time, if the timeout leaves so much; a client that reads nothing costs it.
  private static final Duration LOOKING_MAX = Duration.ofSeconds(3);

  private final Calls calls;
  private final Streams streams;
  private final Listens listens;
  private final BooleanSupplier hurried;

  /// What begins later is not stopped: its instance goes on living, and its client was served.
  private volatile long cutNanos = System.nanoTime();

  /// How long the steps after the timeout may take.
  ///
  /// @param stopping handlers that were interrupted, until their errors are stored
  /// @param givingUp the errors of those that went on
  /// @param looking the last look of every stream
  /// @param cutting connections that wait for the database
  private record Limits(Duration stopping, Duration givingUp, Duration looking, Duration cutting) {
    static final Limits USUAL =
        new Limits(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofMillis(500));
    static final Limits HURRIED =
        new Limits(
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            Duration.ofMillis(500),
            Duration.ofMillis(100));
  }

  /// @param hurried whether everything is to end at once
  Emptying(Core core, BooleanSupplier hurried) {
    this.calls = core.calls();
    this.streams = core.streams().streams();
    this.listens = core.listens();
    this.hurried = hurried;
  }

  /// Closes the streams and lets calls end, until both are done or the time is over.
  ///
  /// @param over whether the caller has changed its mind
  void closeSpreadOut(Duration timeout, BooleanSupplier over) {
    var began = System.nanoTime();
    cutNanos = began;
    var ofSessions = streams.leave();
    var here = ofSessions + listens.leave();
    var closed = new int[1];
    await(
        () -> {
          var due = due(here, System.nanoTime() - began, timeout);
          streams.closeNext(Math.min(due, ofSessions) - Math.min(closed[0], ofSessions));
          listens.closeNext(Math.max(due, ofSessions) - Math.max(closed[0], ofSessions));
          closed[0] = due;
          return over.getAsBoolean() || (due == here && isAnswered());
        },
        timeout);
  }

  /// How many of the streams are closed by then: evenly, at the usual pace or at the one that the
  /// timeout asks for.
  static int due(int streams, long elapsedNanos, Duration timeout) {
    var atPace = TimeUnit.SECONDS.toNanos(1) / STREAMS_A_SECOND * streams;
    var span = Math.min(atPace, timeout.toNanos());
    return elapsedNanos >= span ? streams : (int) (streams * (double) elapsedNanos / span);
  }

  /// Those that came after the closing had begun, on connections that were let in before.
  void letLateCallsEnd(Duration timeout) {
    awaitUnlessHurried(() -> calls.unanswered(System.nanoTime()) == 0, timeout);
  }

  /// Nothing begins any more, so all of it is meant.
  void stopAllCalls() {
    cutNanos = System.nanoTime();
    stopCalls();
  }

  /// Stops what ran when the closing began and still does; what may run again is left to another
  /// instance, the others get errors.
  void stopCalls() {
    calls.stopAll(cutNanos);
    await(this::isAnswered, limits().stopping());
    calls.giveUpAll(cutNanos);
    await(this::isAnswered, limits().givingUp());
  }

  /// Closes the streams that are left, those of stopped calls among them. Those of calls that came
  /// meanwhile go on.
  ///
  /// @param left of the timeout: a busy machine needs more than the usual time for last looks, and
  ///   a stream that is cut looks broken to its client
  void closeRest(Duration left) {
    streams.closeRest();
    listens.closeRest();
    var patience = left.compareTo(LOOKING_MAX) < 0 ? left : LOOKING_MAX;
    awaitUnlessHurried(() -> streams.leaving() + listens.leaving() == 0, patience);
    await(() -> streams.leaving() + listens.leaving() == 0, limits().looking());
    streams.cutRest();
    await(() -> streams.leaving() == 0, limits().cutting());
  }

  /// Of what ran when the closing began, nothing is left whose answer is not stored or handed over.
  private boolean isAnswered() {
    return calls.unanswered(cutNanos) == 0;
  }

  /// Nothing runs at all, and nobody is connected.
  boolean isDone() {
    return calls.unanswered(System.nanoTime()) == 0 && streams.held() + listens.held() == 0;
  }

  private Limits limits() {
    return hurried.getAsBoolean() ? Limits.HURRIED : Limits.USUAL;
  }

  /// Waits for at most so long; not at all when it is hurried and the patience is for others' sake.
  void awaitUnlessHurried(BooleanSupplier done, Duration patience) {
    await(() -> hurried.getAsBoolean() || done.getAsBoolean(), patience);
  }

  private static void await(BooleanSupplier done, Duration patience) {
    var until = System.nanoTime() + patience.toNanos();
    try {
      while (!done.getAsBoolean() && System.nanoTime() - until < 0) {
        Pulse.beat();
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
