package trunkline;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import trunkline.config.DrainPolicy;
import trunkline.http.HttpServer;

/// How an instance leaves without costing a request.
///
/// ```
///   not ready ──delay──▶ refuses connections ──timeout──▶ calls stopped ──▶ streams closed ──▶ gone
///   serves on            serves the open ones             errors stored     last look, retry
/// ```
///
/// Balancers look away during the delay. One that does not ask whether an instance is ready, such
/// as nginx, notices by a refused connection, which it may repeat elsewhere because nothing was
/// sent; that is why connections are refused while everything still runs. Each answer that comes
/// then closes its connection, so that kept ones are used up instead of being cut.
final class Departure {
  /// Handlers that were interrupted, until their errors are stored.
  private static final Duration STOPPING_MAX = Duration.ofSeconds(2);

  /// The errors of those that went on.
  private static final Duration GIVING_UP_MAX = Duration.ofSeconds(1);

  /// The last look of every stream.
  private static final Duration LOOKING_MAX = Duration.ofSeconds(2);

  private static final Duration CUTTING_MAX = Duration.ofMillis(500);

  /// For kept connections to be used a last time, before anything is stopped: under load they are,
  /// and an idle one that is closed takes no request with it.
  private static final Duration KEPT_MAX = Duration.ofSeconds(2);

  private static final long LOOK_MILLIS = 10;

  private final Core core;
  private final HttpServer http;
  private final DrainPolicy policy;
  private final Semaphore hurries = new Semaphore(0);

  Departure(Core core, HttpServer http, DrainPolicy policy) {
    this.core = core;
    this.http = http;
    this.policy = policy;
  }

  /// Ends the wait that is going on: the delay, or that for calls. Otherwise the next one.
  void hurry() {
    hurries.release();
  }

  /// Returns when nothing is served any more.
  void run() {
    core.cluster().instances().drain();
    core.calls().leave();
    awaitUnlessHurried(() -> false, policy.delay());
    http.refuse();
    var refused = System.nanoTime();
    if (policy.delay().isPositive()) {
      awaitUnlessHurried(this::isUsedUp, KEPT_MAX);
    }
    awaitUnlessHurried(this::isAnswered, policy.timeout().minusNanos(System.nanoTime() - refused));
    stopCalls();
    closeStreams();
    http.close();
  }

  private void stopCalls() {
    core.calls().stopAll();
    await(this::isAnswered, STOPPING_MAX);
    core.calls().giveUpAll();
    await(this::isAnswered, GIVING_UP_MAX);
  }

  private void closeStreams() {
    var streams = core.streams().streams();
    streams.leave();
    await(() -> streams.held() == 0, LOOKING_MAX);
    streams.cutConnections();
    await(() -> streams.held() == 0, CUTTING_MAX);
  }

  private boolean isAnswered() {
    return core.calls().unanswered() == 0;
  }

  /// Only streams are left.
  private boolean isUsedUp() {
    return http.connections() <= core.streams().streams().held();
  }

  private void awaitUnlessHurried(BooleanSupplier done, Duration patience) {
    await(() -> done.getAsBoolean() || hurries.tryAcquire(), patience);
  }

  private static void await(BooleanSupplier done, Duration patience) {
    var until = System.nanoTime() + patience.toNanos();
    try {
      while (System.nanoTime() - until < 0 && !done.getAsBoolean()) {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
