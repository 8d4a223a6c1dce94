package trunkline.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Lets a test wait for what happened instead of guessing how long it takes.
///
/// Each `await` consumes what it finds: the next one of the same type waits for another. `all` and
/// `count` cover every event, consumed or not.
public final class EventLog implements EventSink {
  /// The limit of the methods that have none.
  public static final Duration PATIENCE = Duration.ofSeconds(45);

  private static final int SHOWN_MAX = 30;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final List<ServerEvent> events = new ArrayList<>();
  private final List<ServerEvent> unawaited = new ArrayList<>();
  private final Predicate<? super ServerEvent> kept;

  public EventLog() {
    this(_ -> true);
  }

  /// One that keeps these events only, for a long run.
  public EventLog(Predicate<? super ServerEvent> kept) {
    this.kept = kept;
  }

  @Override
  public void emit(ServerEvent event) {
    if (!kept.test(event)) {
      return;
    }
    lock.lock();
    try {
      events.add(event);
      unawaited.add(event);
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public <E extends ServerEvent> E await(Class<E> type) throws InterruptedException {
    return await(type, _ -> true, PATIENCE);
  }

  public <E extends ServerEvent> E await(Class<E> type, Predicate<? super E> condition)
      throws InterruptedException {
    return await(type, condition, PATIENCE);
  }

  /// The earliest event of the type that fulfils the condition and has not been awaited yet; fails
  /// the test when none comes in time.
  public <E extends ServerEvent> E await(
      Class<E> type, Predicate<? super E> condition, Duration patience)
      throws InterruptedException {
    var left = patience.toNanos();
    lock.lock();
    try {
      while (true) {
        for (var event : unawaited) {
          if (type.isInstance(event) && condition.test(type.cast(event))) {
            unawaited.remove(event);
            return type.cast(event);
          }
        }
        if (left <= 0) {
          throw new AssertionError(
              "no such " + type.getSimpleName() + " within " + patience + "; latest:" + latest());
        }
        left = arrived.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Everything of the type so far.
  public <E extends ServerEvent> List<E> all(Class<E> type) {
    lock.lock();
    try {
      return events.stream().filter(type::isInstance).map(type::cast).toList();
    } finally {
      lock.unlock();
    }
  }

  public long count(Class<? extends ServerEvent> type) {
    return all(type).size();
  }

  /// Forgets what has happened so far.
  public void clear() {
    lock.lock();
    try {
      events.clear();
      unawaited.clear();
    } finally {
      lock.unlock();
    }
  }

  private String latest() {
    var text = new StringBuilder();
    events.stream()
        .skip(Math.max(0, events.size() - SHOWN_MAX))
        .forEach(event -> text.append("\n  ").append(event));
    return text.toString();
  }
}
