package trunkline;

import java.time.Duration;
import trunkline.config.DrainPolicy;
import trunkline.protocol.Entrance;

/// How an instance leaves without costing a request.
///
/// ```
///   not ready ──delay──▶ refuses connections ──timeout──▶ calls stopped ──▶ streams closed ──▶ gone
///   serves on            serves the open ones             handed on, or     last look, retry
///                        closes streams, spread out       errors stored
/// ```
///
/// It is a [Drain] without a way back. Balancers look away during the delay, of which what an
/// operator's drain has taken is a part. One that does not ask whether an instance is ready, such
/// as nginx, notices by a refused connection, which it may repeat elsewhere because nothing was
/// sent; that is why connections are refused while everything still runs. Each answer that comes
/// then closes its connection, so that kept ones are used up instead of being cut. Nothing is
/// stopped before the socket is known to be closed: whoever got in before is served.
final class Departure {
  /// For kept connections to be used a last time, before anything is stopped: under load they are,
  /// and an idle one that is closed takes no request with it.
  private static final Duration KEPT_MAX = Duration.ofSeconds(2);

  private final Core core;
  private final Entrance entrance;
  private final Drain drain;
  private final DrainPolicy policy;
  private final Emptying emptying;
  private volatile boolean hurried;

  Departure(Core core, Entrance entrance, Drain drain, DrainPolicy policy) {
    this.core = core;
    this.entrance = entrance;
    this.drain = drain;
    this.policy = policy;
    this.emptying = new Emptying(core, () -> hurried);
  }

  /// Ends every wait for others' sake: the delay, and what calls and streams have of their time.
  void hurry() {
    hurried = true;
  }

  /// Returns when nothing is served any more.
  void run() {
    drain.leave();
    emptying.awaitUnlessHurried(() -> false, policy.delay().minus(drain.since()));
    entrance.refuse();
    var refused = System.nanoTime();
    if (policy.delay().isPositive()) {
      entrance.awaitRefused();
      emptying.awaitUnlessHurried(this::isUsedUp, keptMax());
    }
    emptying.closeSpreadOut(leftSince(refused), () -> hurried);
    emptying.letLateCallsEnd(leftSince(refused));
    emptying.stopAllCalls();
    emptying.closeRest(leftSince(refused));
    core.listens().close();
    core.streams().streams().cutConnections();
    entrance.close();
  }

  /// Half of a short timeout, so that whoever came last still has the other half.
  private Duration keptMax() {
    var half = policy.timeout().dividedBy(2);
    return half.compareTo(KEPT_MAX) < 0 ? half : KEPT_MAX;
  }

  private Duration leftSince(long refused) {
    return policy.timeout().minusNanos(System.nanoTime() - refused);
  }

  /// Only streams are left.
  private boolean isUsedUp() {
    return entrance.connections() <= core.streams().streams().held() + core.listens().held();
  }
}
