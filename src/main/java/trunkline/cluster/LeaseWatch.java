package trunkline.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import trunkline.signal.InstanceId;

/// One observer's memory of beats: the instances that were silent for a whole lease of its polls.
///
/// Only successful polls count. After an outage of the database, or a pause of this process, every
/// instance gets a full lease again: silence that we did not witness proves nothing.
final class LeaseWatch {
  private final Duration lease;
  private final Duration gapMax;
  private final Map<InstanceId, Unchanged> unchanged = new HashMap<>();
  private long lookedNanos;

  private record Unchanged(Instant beatAt, long sinceNanos) {}

  LeaseWatch(Duration lease) {
    this.lease = lease;
    this.gapMax = lease.dividedBy(3);
  }

  /// Remembers what was seen.
  ///
  /// @param nowNanos when the poll succeeded
  /// @return the dead: lease over by the database's clock, beat unchanged for one lease
  synchronized List<Sighting> dead(List<Sighting> seen, long nowNanos) {
    if (nowNanos - lookedNanos > gapMax.toNanos()) {
      unchanged.clear();
    }
    lookedNanos = nowNanos;
    unchanged.keySet().retainAll(seen.stream().map(Sighting::id).toList());
    return seen.stream().filter(s -> silentForALease(s, nowNanos)).toList();
  }

  private boolean silentForALease(Sighting seen, long nowNanos) {
    var before = unchanged.get(seen.id());
    if (before == null || !before.beatAt().equals(seen.beatAt())) {
      unchanged.put(seen.id(), new Unchanged(seen.beatAt(), nowNanos));
      return false;
    }
    return seen.expired() && nowNanos - before.sinceNanos() >= lease.toNanos();
  }

  /// A poll failed: earlier ones no longer count.
  synchronized void blind() {
    unchanged.clear();
  }
}
