package trunkline.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Refusals that anybody may cause at will are counted: one record says how many of a kind there
/// were within a minute. However many they are, and from however many places, an instance writes so
/// many records a minute and no more.
final class Tally {
  static final Duration SPAN = Duration.ofMinutes(1);

  /// Of one span; what comes beyond is counted together.
  private static final int KINDS_MAX = 500;

  private static final String OTHERS = "others";

  private final LongSupplier nanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Kind, Count> counts = new HashMap<>();
  private long sinceNanos;

  /// What is counted together.
  record Kind(AuditRecord.Who who, AuditRecord.What what, Ending ending) {
    Kind withoutNames() {
      return new Kind(
          new AuditRecord.Who(AuditRecord.Who.NOBODY, "", "", OTHERS),
          new AuditRecord.What(what.method(), "", "", null),
          ending);
    }
  }

  private static final class Count {
    private final long firstNanos;
    private long lastNanos;
    private int times;

    private Count(long firstNanos) {
      this.firstNanos = firstNanos;
    }
  }

  /// @param nanos the local monotonic clock
  Tally(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void add(Kind kind) {
    var now = nanos.getAsLong();
    lock.lock();
    try {
      if (counts.isEmpty()) {
        sinceNanos = now;
      }
      var known =
          counts.size() < KINDS_MAX || counts.containsKey(kind) ? kind : kind.withoutNames();
      var count = counts.computeIfAbsent(known, _ -> new Count(now));
      count.lastNanos = now;
      count.times = count.times == Integer.MAX_VALUE ? count.times : count.times + 1;
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return counts.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// The records of a span that is over.
  ///
  /// @param all also of one that is not
  List<AuditRecord> take(int instance, boolean all) {
    lock.lock();
    try {
      var over = all || nanos.getAsLong() - sinceNanos >= SPAN.toNanos();
      if (counts.isEmpty() || !over) {
        return List.of();
      }
      var records = new ArrayList<AuditRecord>(counts.size());
      counts.forEach((kind, count) -> records.add(record(instance, kind, count)));
      counts.clear();
      return records;
    } finally {
      lock.unlock();
    }
  }

  private static AuditRecord record(int instance, Kind kind, Count count) {
    return new AuditRecord(
        count.lastNanos,
        (count.lastNanos - count.firstNanos) / 1000,
        instance,
        kind.who(),
        kind.what(),
        null,
        kind.ending(),
        1,
        count.times,
        null,
        null);
  }
}
