package trunkline.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Clockwork;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.stream.StreamStore.Holding;
import trunkline.stream.StreamStore.Position;
import trunkline.stream.StreamStore.Released;

/// The streams that this instance holds, as the table has them and as they are reported. Whatever
/// ends a holding ends it here: table, event, counter and NOTIFY say the same of it.
///
/// Positions are written at once when a connection closes, and every half minute for those that are
/// open, so that a GET without `Last-Event-ID` knows where to start (delivery: S10).
final class Holdings implements AutoCloseable {
  private static final LanePolicy POLICY = new LanePolicy(256, 20_000, Duration.ofSeconds(60));
  private static final long FLUSH_NANOS = TimeUnit.SECONDS.toNanos(30);

  private static final Comparator<Position> BY_STREAM =
      Comparator.<Position>comparingLong(last -> last.holding().stream().value())
          .thenComparingLong(last -> last.holding().epoch());

  private final Supplier<InstanceId> self;
  private final StreamStore store;
  private final Followers followers;
  private final ConnectionReports reports;
  private final Holders holders;
  private final Lane<Position, Boolean> lane;
  private final Set<Holding> begun = ConcurrentHashMap.newKeySet();
  private final Set<Holding> displacing = ConcurrentHashMap.newKeySet();
  private final Map<Position, CompletableFuture<Boolean>> closing = new ConcurrentHashMap<>();
  private final Set<Position> again = ConcurrentHashMap.newKeySet();
  private final Map<StreamId, EventId> flushed = new ConcurrentHashMap<>();
  private long flushedNanos = Clockwork.nanos();
  private final AtomicReference<Set<Holding>> unheld = new AtomicReference<>(Set.of());

  Holdings(
      Supplier<InstanceId> self,
      StreamStore store,
      Followers followers,
      ConnectionReports reports,
      Holders holders) {
    this.self = self;
    this.store = store;
    this.followers = followers;
    this.reports = reports;
    this.holders = holders;
    this.lane = new Lane<>("trunkline-positions", POLICY, store::write);
  }

  void opened(Holding holding) {
    reports.opened(holding, self.get());
  }

  /// It took the stream from a connection, which may still wait for it when this one ends.
  void displaced(Holding holding) {
    displacing.add(holding);
  }

  /// A claim that is not yet handed to a connection, until the returned scope is closed.
  Scope claiming(Holding holding) {
    begun.add(holding);
    return () -> begun.remove(holding);
  }

  interface Scope extends AutoCloseable {
    @Override
    void close();
  }

  /// Lets go; tried again with the sweep while the row is locked.
  ///
  /// @param cursor how far the connection came; null when it never began
  void close(Holding holding, @Nullable EventId cursor, CloseReason reason) {
    flushed.remove(holding.stream());
    var last = new Position(holding, cursor, reason);
    var written = new CompletableFuture<Boolean>();
    closing.put(last, written);
    if (displacing.remove(holding) && reason != CloseReason.TAKEN_OVER) {
      var _ = written.thenRun(() -> holders.wakeAll(holding.stream()));
    }
    write(last);
    reports.closed(holding, self.get(), reason, written);
  }

  private void write(Position last) {
    var _ =
        lane.submit(last)
            .whenComplete((done, failure) -> {
              if (failure != null || !done) {
                again.add(last);
                return;
              }
              var written = closing.remove(last);
              if (written != null) {
                written.complete(true);
              }
            });
  }

  /// One round: what could not be written before, and every half minute what moved.
  int sweep() {
    var left = again.stream().sorted(BY_STREAM).toList();
    for (var last : left) {
      again.remove(last);
      write(last);
    }
    if (Clockwork.nanos() - flushedNanos < FLUSH_NANOS) {
      return left.size();
    }
    flushedNanos = Clockwork.nanos();
    var moved = 0;
    for (var follower : followers.all()) {
      var claimed = follower.claimed();
      var cursor = follower.cursor();
      if (claimed.standalone() && !cursor.equals(flushed.put(claimed.stream(), cursor))) {
        var _ = lane.submit(new Position(claimed.holding(), cursor, null));
        moved++;
      }
    }
    return left.size() + moved;
  }

  /// Lets go of what is said to be held here and is not: a claim whose answer was lost, or that
  /// failed on its way to a connection. Only of what two successive rounds have found, because in
  /// one alone a claim may be on its way.
  ///
  /// @return how many
  int releaseUnheld(int rowsMax) {
    var here = new HashSet<>(begun);
    followers.all().forEach(follower -> here.add(follower.claimed().holding()));
    closing.keySet().forEach(last -> here.add(last.holding()));
    var found = store.unheld(self.get(), here, rowsMax);
    var twice = new ArrayList<>(found);
    twice.retainAll(unheld.getAndSet(Set.copyOf(found)));
    twice.forEach(holding -> close(holding, null, CloseReason.ABANDONED));
    return twice.size();
  }

  /// Sends clients away whose sessions are wanted on another instance.
  ///
  /// @return how many that were not told before
  int moveAway() {
    if (followers.all().isEmpty()) {
      return 0; // nobody to send
    }
    return (int) store.moves(self.get()).stream().filter(followers::move).count();
  }

  int forgetMoves(int rowsMax) {
    return store.forgetMoves(rowsMax);
  }

  boolean mayBeLost(Optional<Instant> goneAt) {
    return store.mayBeLost(goneAt);
  }

  /// Releases what instances held that are gone, and reports it in their place.
  int releaseLost(int rowsMax) {
    var released = store.releaseLost(rowsMax);
    for (Released one : released) {
      reports.closed(
          one.holding(), one.instance(), one.reason(), CompletableFuture.completedFuture(true));
    }
    return released.size();
  }

  /// Writes what waits.
  @Override
  public void close() {
    lane.close();
  }
}
