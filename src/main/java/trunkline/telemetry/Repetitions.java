package trunkline.telemetry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.telemetry.ServerEvent.Failure;

/// Failures that were told, so that one that repeats does not fill the log: told at once, then
/// after a second, two, four and so on up to ten minutes, each time with the number of those
/// between. What has not failed for as long as its interval begins anew.
final class Repetitions {
  /// Told now, and nothing was kept back.
  static final long ONCE = 0;

  /// Not told now.
  static final long KEPT = -1;

  private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LAST_NANOS = TimeUnit.MINUTES.toNanos(10);

  /// Things with intervals of their own; of a kind with more than that all have one.
  private static final int THINGS_MAX = 1_000;

  private final LongSupplier nanos;
  private final Map<Thing, Told> told = new ConcurrentHashMap<>();

  private record Thing(Class<?> kind, String of) {}

  private record Told(long atNanos, long intervalNanos, long kept, long answer) {}

  Repetitions(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /// Whether to tell this one.
  ///
  /// @return how many were kept back since the last that was told; [#KEPT] when this one is, too
  long tell(Failure failure) {
    var kind = failure.getClass();
    var own = new Thing(kind, failure.of());
    var thing = told.size() < THINGS_MAX || told.containsKey(own) ? own : new Thing(kind, "");
    var now = nanos.getAsLong();
    return told.compute(thing, (_, before) -> next(before, now)).answer();
  }

  private static Told next(@Nullable Told before, long now) {
    if (before == null) {
      return new Told(now, FIRST_NANOS, 0, ONCE);
    }
    var since = now - before.atNanos();
    if (since < before.intervalNanos()) {
      return new Told(before.atNanos(), before.intervalNanos(), before.kept() + 1, KEPT);
    }
    var quiet = before.kept() == 0 && since >= 2 * before.intervalNanos();
    var interval = quiet ? FIRST_NANOS : Math.min(2 * before.intervalNanos(), LAST_NANOS);
    return new Told(now, interval, 0, before.kept());
  }
}
