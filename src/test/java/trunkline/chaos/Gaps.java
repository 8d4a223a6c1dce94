package trunkline.chaos;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// When each client heard something: in a steady flow the longest silence is what a fault costs.
final class Gaps {
  private static final long MISSED_NANOS = 2 * Flow.MILLIS * 1_000_000L;

  private final Map<String, Queue<Long>> heard = new ConcurrentHashMap<>();

  void heard(String guest) {
    heard.computeIfAbsent(guest, _ -> new ConcurrentLinkedQueue<>()).add(System.nanoTime());
  }

  /// The longest silence of any client that began in the time, in milliseconds. It shows when the
  /// next message is missing, not with the last one that came.
  long longest(long from, long until) {
    var longest = 0L;
    for (var times : heard.values()) {
      var before = Long.MAX_VALUE;
      for (var time : times) {
        var missed = before + MISSED_NANOS;
        if (before != Long.MAX_VALUE && missed >= from && missed < until) {
          longest = Math.max(longest, time - before);
        }
        before = time;
      }
    }
    return longest / 1_000_000;
  }
}
