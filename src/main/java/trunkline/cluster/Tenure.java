package trunkline.cluster;

import java.time.Duration;
import trunkline.store.Clockwork;

/// The time for which this instance may believe it is alive. The lease in the database is the
/// truth; this is the earlier moment at which we stop acting on it.
public record Tenure(long trustedUntilNanos) {

  /// Counted from before the beat was sent, so a slow round trip shortens the trust and never
  /// stretches it past the lease.
  static Tenure granted(long attemptStartedNanos, Duration lease, Duration margin) {
    return new Tenure(attemptStartedNanos + lease.minus(margin).toNanos());
  }

  public boolean isTrusted() {
    return isTrustedAt(Clockwork.nanos());
  }

  public boolean isTrustedAt(long nowNanos) {
    return nowNanos - trustedUntilNanos < 0;
  }

  /// The time left; negative when it is over.
  public Duration left() {
    return Duration.ofNanos(trustedUntilNanos - Clockwork.nanos());
  }
}
