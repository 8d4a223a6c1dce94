package trunkline.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Meters;
import trunkline.telemetry.ServerEvent;
import trunkline.telemetry.ServerEvent.MessagesDelivered;
import trunkline.telemetry.ServerEvent.MessagesPublished;
import trunkline.telemetry.ServerEvent.RequestEnded;

/// Counts what this instance does, from its start.
public final class TrafficCount implements EventSink {
  /// Of what a request took, in milliseconds.
  public static final List<Integer> BOUNDS_MILLIS =
      Meters.BUCKETS.stream().map(bound -> Math.toIntExact(bound.toMillis())).toList();

  static final Traffic NONE =
      new Traffic(0, 0, 0, 0, 0, Collections.nCopies(BOUNDS_MILLIS.size() + 1, 0L));

  private static final int[] BOUNDS_MICROS =
      BOUNDS_MILLIS.stream().mapToInt(millis -> millis * 1_000).toArray();

  private final LongAdder failed = new LongAdder();
  private final LongAdder micros = new LongAdder();
  private final LongAdder published = new LongAdder();
  private final LongAdder delivered = new LongAdder();
  private final LongAdder[] took = new LongAdder[BOUNDS_MICROS.length + 1];

  public TrafficCount() {
    for (var bucket = 0; bucket < took.length; bucket++) {
      took[bucket] = new LongAdder();
    }
  }

  @Override
  public void emit(ServerEvent event) {
    switch (event) {
      case RequestEnded(_, var failure, var length) -> ended(failure, length);
      case MessagesPublished(var stored, _, _) -> published.add(stored);
      case MessagesDelivered(_, var messages, _, _) -> delivered.add(messages);
      default -> {}
    }
  }

  private void ended(boolean failure, long length) {
    took[bucket(length)].increment();
    micros.add(length);
    if (failure) {
      failed.increment();
    }
  }

  private static int bucket(long micros) {
    var bucket = 0;
    while (bucket < BOUNDS_MICROS.length && micros > BOUNDS_MICROS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /// All so far. Failures are read first: there are never more of them than requests.
  Traffic soFar() {
    var failures = failed.sum();
    var buckets = new ArrayList<Long>(took.length);
    for (var bucket : took) {
      buckets.add(bucket.sum());
    }
    return new Traffic(
        buckets.stream().mapToLong(Long::longValue).sum(),
        failures,
        micros.sum(),
        published.sum(),
        delivered.sum(),
        List.copyOf(buckets));
  }
}
