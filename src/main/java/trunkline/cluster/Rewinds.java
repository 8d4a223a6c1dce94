package trunkline.cluster;

import java.time.Duration;
import java.time.Instant;

/// The memory of our last beat, by which we notice a database that was set back to an earlier time,
/// or whose standby was promoted. Two readings of the same database's clock are compared, so it
/// does not matter how that runs.
///
/// For the heartbeat's thread.
final class Rewinds {
  /// A crash of the database loses the beats of a moment, which are not flushed, and a failover
  /// those that the standby had not got: that is less.
  private static final Duration LOST_BY_CRASH_MAX = Duration.ofSeconds(30);

  private static final long UNKNOWN = -1;

  private Instant last = Instant.EPOCH;
  private long timeline = UNKNOWN;

  /// What became of the database between two beats.
  enum Since {
    SAME,
    /// It may have lost its last moments.
    PROMOTED,
    /// It has lost more.
    REWOUND
  }

  /// Compares with the last beat, and remembers this one.
  Since since(BeatWritten beat) {
    var rewound = beat.before().isBefore(last.minus(LOST_BY_CRASH_MAX));
    var promoted = timeline != UNKNOWN && timeline != beat.timeline();
    last = beat.at();
    timeline = beat.timeline();
    if (rewound) {
      return Since.REWOUND;
    }
    return promoted ? Since.PROMOTED : Since.SAME;
  }

  /// We have a new row.
  void start(Instant at) {
    last = at;
    timeline = UNKNOWN;
  }

  /// The time of our last beat.
  Instant seen() {
    return last;
  }
}
