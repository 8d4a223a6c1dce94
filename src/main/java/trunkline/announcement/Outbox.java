package trunkline.announcement;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.signal.Doorbells;
import trunkline.signal.Lookout;
import trunkline.signal.Loop;
import trunkline.signal.Pace;
import trunkline.signal.Signals;
import trunkline.signal.Subscription;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.signal.Waker;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Moves on what SQL callers handed in with `trunkline.send`, `broadcast`, `resource_updated`,
/// `list_changed`, `end_session` and `cancel_call`. Every instance tries, one at a time succeeds.
public final class Outbox implements AutoCloseable {
  private static final Duration INTERVAL = Duration.ofMillis(250);
  private static final Duration INTERVAL_OF_OTHERS = Duration.ofSeconds(1);
  private static final int ROUNDS_MAX = 100;

  private final OutboxRows rows;
  private final Doorbells doorbells;
  private final Waker waker;
  private final Pace others;
  private final EventSink events;
  private final Lookout lookout;
  private volatile BooleanSupplier first = () -> true;
  private volatile long emptyNanos = System.nanoTime() - INTERVAL.toNanos();
  private @Nullable Subscription subscription;
  private @Nullable Loop loop;

  Outbox(OutboxRows rows, Signals signals, EventSink events) {
    this.rows = rows;
    this.doorbells = signals.doorbells();
    this.waker = signals.waker();
    this.lookout = signals.lookout();
    this.others = signals.resting(new Steady(INTERVAL_OF_OTHERS), this::ring);
    this.events = events;
  }

  private record Steady(Duration interval) implements Pace {
    @Override
    public void reset() {}
  }

  /// Nobody is rung for what a SQL caller handed in, so the first one never rests. A look around of
  /// its own that found nothing is as good as a poll: one of four in a second.
  private final class ByTurns implements Pace {
    @Override
    public Duration interval() {
      return first.getAsBoolean() ? left() : others.interval();
    }

    @Override
    public boolean isDue() {
      return !first.getAsBoolean() || !left().isPositive();
    }

    private Duration left() {
      var left = INTERVAL.minusNanos(System.nanoTime() - emptyNanos);
      return left.isPositive() ? left : Duration.ZERO;
    }

    @Override
    public void reset() {}
  }

  /// The latest look around has found nothing.
  void seenEmpty() {
    emptyNanos = lookout.askedNanos();
  }

  /// There is something, or may be.
  void ring() {
    doorbells.ring(Wake.all(Topic.OUTBOX));
  }

  /// Whether this instance is the one that looks often; the others only look after it.
  public void firstWhen(BooleanSupplier condition) {
    first = condition;
  }

  /// Polls four times a second, or once where another instance does, and at once when rung. The
  /// others hardly ever while the look around, which sees what waits, rings them.
  public synchronized void start() {
    var bell = doorbells.subscribe(Topic.OUTBOX, 0);
    subscription = bell;
    loop =
        Loop.start(
            "trunkline-outbox",
            bell.bell(),
            new ByTurns(),
            this::moveOnce,
            failure ->
                events.emit(new ServerEvent.OutboxStuck(String.valueOf(failure.getMessage()))));
  }

  /// Moves on what there is, in bounded steps; wakes those it concerns after each commit.
  ///
  /// @return how many rows; 0 also when another instance is at it
  public int moveOnce() {
    var total = 0;
    for (var round = 0; round < ROUNDS_MAX; round++) {
      emptyNanos = System.nanoTime(); // as it is known to be when it is, and as a try when it fails
      var step = rows.move(AnnouncementPolicy.PAGE_ROWS_MAX);
      step.wakes().sendBy(waker);
      step.refused().forEach(row -> events.emit(new ServerEvent.OutboxRowRefused(row)));
      if (step.moved() == 0) {
        break;
      }
      total += step.moved();
      events.emit(new ServerEvent.OutboxMoved(step.moved(), step.dropped()));
    }
    return total;
  }

  @Override
  public synchronized void close() {
    if (loop != null) {
      loop.close();
    }
    if (subscription != null) {
      subscription.close();
    }
  }
}
