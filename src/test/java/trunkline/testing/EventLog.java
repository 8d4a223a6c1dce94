package trunkline.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Lets a test wait for what happened instead of guessing how long it takes.
public final class EventLog implements EventSink {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final List<ServerEvent> all = new ArrayList<>();
  private int taken;

  @Override
  public synchronized void emit(ServerEvent event) {
    all.add(event);
    notifyAll();
  }

  /// Takes the next event of the type, skipping others; fails the test when none comes.
  public <E extends ServerEvent> E await(Class<E> type) throws InterruptedException {
    return await(type, _ -> true);
  }

  /// Takes the next event of the type that is the one meant, skipping others.
  public synchronized <E extends ServerEvent> E await(Class<E> type, Predicate<E> meant)
      throws InterruptedException {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var found = next(type, meant);
      if (found != null) {
        return found;
      }
      var left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new AssertionError("no " + type.getSimpleName() + " came; there were " + all);
      }
      wait(left / 1_000_000 + 1);
    }
  }

  private <E extends ServerEvent> @Nullable E next(Class<E> type, Predicate<E> meant) {
    while (taken < all.size()) {
      var event = all.get(taken++);
      if (type.isInstance(event) && meant.test(type.cast(event))) {
        return type.cast(event);
      }
    }
    return null;
  }

  /// Everything of the type so far.
  public synchronized <E extends ServerEvent> List<E> all(Class<E> type) {
    return all.stream().filter(type::isInstance).map(type::cast).toList();
  }
}
