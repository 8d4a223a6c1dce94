package trunkline.access.oauth;

/// So many at once, and then one in each interval: a bucket of tokens. Used under its owner's lock.
final class Allowance {
  private final int most;
  private final long intervalNanos;
  private double left;
  private long countedNanos;

  Allowance(int most, long intervalNanos, long nowNanos) {
    this.most = most;
    this.intervalNanos = intervalNanos;
    this.left = most;
    this.countedNanos = nowNanos;
  }

  /// Whether there is one now, which is then used.
  boolean take(long nowNanos) {
    left = Math.min(most, left + (double) (nowNanos - countedNanos) / intervalNanos);
    countedNanos = nowNanos;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}
