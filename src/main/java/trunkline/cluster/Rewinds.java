package trunkline.cluster;

import java.time.Duration;
import java.time.Instant;

/// The memory of our last beat, by which we notice a database that was set back to an earlier time.
/// Two readings of the same database's clock are compared, so it does not matter how that runs.
///
/// For the heartbeat's thread.
final class Rewinds {
  /// A crash of the database loses the beats of a moment, which are not flushed, and a failover those
  /// that the standby had not got: that is less.
  private static final Duration LOST_BY_CRASH_MAX = Duration.ofSeconds(30);

  private Instant last = Instant.EPOCH;

  /// Whether the database has forgotten more than a crash makes it forget.
  boolean isRewound(BeatWritten beat) {
    var known = last;
    last = beat.at();
    return beat.before().isBefore(known.minus(LOST_BY_CRASH_MAX));
  }

  /// We have a new row.
  void start(Instant at) {
    last = at;
  }

  /// The time of our last beat.
  Instant seen() {
    return last;
  }
}
