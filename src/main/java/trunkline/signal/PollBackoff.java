package trunkline.signal;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/// Slow while the listener is known to hear, since then a poll only finds what a lost NOTIFY left
/// behind; otherwise fast, backing off while idle. Jitter keeps loops and instances apart.
final class PollBackoff implements Pace {
  private final BooleanSupplier hearing;
  private final PollPolicy policy;
  private volatile Duration next;

  PollBackoff(BooleanSupplier hearing, PollPolicy policy) {
    this.hearing = hearing;
    this.policy = policy;
    this.next = policy.busy();
  }

  @Override
  public Duration interval() {
    if (hearing.getAsBoolean()) {
      return between(policy.hearing().multipliedBy(9).dividedBy(10), policy.hearing());
    }
    var now = next;
    if (now.compareTo(policy.idleMin()) >= 0) {
      return between(policy.idleMin(), policy.idleMax());
    }
    next = now.multipliedBy(2);
    return now;
  }

  @Override
  public void reset() {
    next = policy.busy();
  }

  private static Duration between(Duration least, Duration most) {
    return Duration.ofNanos(
        ThreadLocalRandom.current().nextLong(least.toNanos(), most.toNanos() + 1));
  }
}
