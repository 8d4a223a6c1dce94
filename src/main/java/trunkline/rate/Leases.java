package trunkline.rate;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import trunkline.rate.Lease.Outcome;
import trunkline.store.Clockwork;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Asks for portions: what is asked while a statement is under way goes in the next one.
final class Leases implements AutoCloseable {
  /// A bucket asks for one portion at a time.
  private static final LanePolicy LANE =
      new LanePolicy(1000, 2 * Buckets.BUCKETS_MAX, Duration.ZERO);

  private final BucketRows rows;
  private final EventSink events;
  private final Lane<Lease, Outcome> lane;
  private volatile boolean away;

  Leases(BucketRows rows, EventSink events) {
    this.rows = rows;
    this.events = events;
    this.lane = new Lane<>("trunkline-rates", LANE, this::answer);
  }

  /// Of two buckets of the same name one has just been forgotten; the other asks again.
  private List<Outcome> answer(List<Lease> leases) {
    var once = new LinkedHashMap<BucketKey, Lease>();
    var firsts =
        leases.stream().map(lease -> once.putIfAbsent(lease.key(), lease) == null).toList();
    var found = rows.lease(List.copyOf(once.values())).iterator();
    events.emit(new ServerEvent.RatesLeased(once.size()));
    var outcomes = new ArrayList<Outcome>();
    for (var first : firsts) {
      outcomes.add(first ? found.next() : new Outcome.Skipped());
    }
    return outcomes;
  }

  /// Asks for a bucket, which hears the answer.
  void ask(Bucket bucket, @Nullable Lease lease) {
    if (lease == null) {
      return;
    }
    var _ =
        lane.submit(lease)
            .whenComplete((outcome, failure) -> {
              if (failure == null) {
                away = false;
                ask(bucket, bucket.settle(lease, outcome, Clockwork.nanos()));
              } else {
                miss(String.valueOf(failure.getMessage()));
                bucket.fail(Clockwork.nanos());
              }
            });
  }

  /// Whether the database did not answer, or not in time, since it did at last.
  boolean isAway() {
    return away;
  }

  /// The database does not answer, or not in time.
  void miss(String reason) {
    if (!away) {
      away = true;
      events.emit(new ServerEvent.RatesAlone(reason));
    }
  }

  /// Asks what is under way, then ends.
  @Override
  public void close() {
    lane.close();
  }
}
