package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import trunkline.session.StreamId;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.stream.StreamStore.Position;

/// Writes the positions of holders: at once when a connection closes, and every half minute for
/// those that are open, so that a GET without `Last-Event-ID` knows where to start (delivery: S10).
final class Positions implements AutoCloseable {
  private static final LanePolicy POLICY = new LanePolicy(256, 20_000, Duration.ofSeconds(60));
  private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Followers followers;
  private final Lane<Position, Boolean> lane;
  private final Map<Position, Boolean> unwritten = new ConcurrentHashMap<>();
  private final Map<StreamId, EventId> flushed = new ConcurrentHashMap<>();
  private long flushedNanos = System.nanoTime();

  Positions(StreamStore store, Followers followers) {
    this.followers = followers;
    this.lane = new Lane<>("trunkline-positions", POLICY, store::write);
  }

  /// The last position of a closing connection; tried again with the sweep while the row is locked.
  ///
  /// @return completes when it was tried
  CompletableFuture<Boolean> close(ClaimedStream claimed, EventId cursor, CloseReason reason) {
    flushed.remove(claimed.stream());
    return write(Position.last(claimed, cursor, reason));
  }

  private CompletableFuture<Boolean> write(Position position) {
    return lane.submit(position)
        .whenComplete((written, failure) -> {
          if (failure != null || !written) {
            unwritten.put(position, true);
          }
        });
  }

  /// One round: what could not be written before, and every half minute what moved.
  int sweep() {
    var again = List.copyOf(unwritten.keySet());
    again.forEach(unwritten::remove);
    for (var position : again) {
      var _ = write(position);
    }
    if (System.nanoTime() - flushedNanos < FLUSH_NANOS) {
      return again.size();
    }
    flushedNanos = System.nanoTime();
    var moved = 0;
    for (var follower : followers.all()) {
      var claimed = follower.claimed();
      var cursor = follower.cursor();
      if (claimed.standalone() && !cursor.equals(flushed.put(claimed.stream(), cursor))) {
        var _ = lane.submit(Position.soFar(claimed, cursor));
        moved++;
      }
    }
    return again.size() + moved;
  }

  @Override
  public void close() {
    lane.close();
  }
}
