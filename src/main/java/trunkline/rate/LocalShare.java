package trunkline.rate;

import java.time.Duration;

/// The part of a bucket that one instance goes on with while it cannot ask for a portion. Not safe
/// for threads: its bucket guards it.
final class LocalShare {
  private double tokens;
  private long refilledNanos;

  LocalShare(RateLimit limit, int instances, long nanos) {
    tokens = Math.max(1, Math.min(burst(limit, instances), limit.perSecond() / instances));
    refilledNanos = nanos;
  }

  /// What it may hold.
  static int burst(RateLimit limit, int instances) {
    return Math.max(1, limit.burst() / instances);
  }

  /// Takes a token.
  ///
  /// @return how long there is none; zero when it was taken
  Duration take(RateLimit limit, int instances, long nanos) {
    var rate = limit.perSecond() / instances;
    var seconds = (nanos - refilledNanos) / 1e9;
    tokens = Math.min(burst(limit, instances), tokens + rate * Math.max(0, seconds));
    refilledNanos = nanos;
    if (tokens < 1) {
      return Bucket.duration((1 - tokens) / rate);
    }
    tokens--;
    return Duration.ZERO;
  }
}
