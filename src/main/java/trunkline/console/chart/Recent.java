package trunkline.console.chart;

import java.time.Instant;
import java.util.List;
import trunkline.history.TrafficCount;

/// What instances did lately, in steps of equal length.
///
/// @param instance which of them; [#ALL] of them
/// @param until the end of the last step, by the database's clock
/// @param steps from the oldest to the newest
public record Recent(Span span, long instance, Instant until, List<Step> steps) {
  public static final long ALL = 0;

  public static final Step NOTHING = new Step(0, 0, 0, List.of());

  /// What was done in a step.
  ///
  /// @param took how many requests took up to each of [TrafficCount#BOUNDS_MILLIS], and longer
  public record Step(long requests, long failed, long delivered, List<Long> took) {
    /// So long a part of the requests took at most, in milliseconds, as far as their buckets tell;
    /// of those that took longer than the last bound, that bound; not a number where there was
    /// none.
    public double millis(double part) {
      var all = took.stream().mapToLong(Long::longValue).sum();
      var wanted = part * all;
      var below = 0L;
      var from = 0.0;
      if (all == 0) {
        return Double.NaN;
      }
      for (var bucket = 0; bucket < TrafficCount.BOUNDS_MILLIS.size(); bucket++) {
        var here = took.get(bucket);
        var to = TrafficCount.BOUNDS_MILLIS.get(bucket);
        if (here > 0 && below + here >= wanted) {
          return from + (to - from) * (wanted - below) / here;
        }
        below += here;
        from = to;
      }
      return from;
    }
  }
}
