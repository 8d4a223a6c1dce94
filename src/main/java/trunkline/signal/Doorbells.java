package trunkline.signal;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The doorbells of this process.
///
/// Subscribe *before* the first read of the database: what is committed in between rings a bell
/// that is held already.
public final class Doorbells {
  private final Map<Topic, ConcurrentHashMap<Long, Set<Runnable>>> bells =
      new EnumMap<>(Topic.class);

  public Doorbells() {
    for (var topic : Topic.values()) {
      bells.put(topic, new ConcurrentHashMap<>());
    }
  }

  /// A bell for one thing, or with id 0 for anything of the topic.
  public Subscription subscribe(Topic topic, long id) {
    return subscribe(List.of(new Wake(topic, id)));
  }

  /// One bell for several things.
  public Subscription subscribe(List<Wake> wakes) {
    var bell = new Doorbell();
    return new Subscription(bell, listen(wakes, bell::ring));
  }

  /// For a caller with a bell of its own: `ring` runs on the thread that rings, and must neither
  /// block nor throw. It is called until the returned runnable has run.
  public Runnable listen(List<Wake> wakes, Runnable ring) {
    wakes.forEach(wake -> of(wake.topic()).compute(wake.id(), (_, set) -> with(set, ring)));
    return () -> unsubscribe(wakes, ring);
  }

  private static Set<Runnable> with(@Nullable Set<Runnable> set, Runnable bell) {
    var bells = set == null ? ConcurrentHashMap.<Runnable>newKeySet(1) : set;
    bells.add(bell);
    return bells;
  }

  private void unsubscribe(List<Wake> wakes, Runnable bell) {
    for (var wake : wakes) {
      of(wake.topic())
          .computeIfPresent(
              wake.id(),
              (_, set) -> {
                set.remove(bell);
                return set.isEmpty() ? null : set;
              });
    }
  }

  /// Rings the bells for this one thing and for anything of its topic; with id 0, all bells of the
  /// topic.
  public void ring(Wake wake) {
    var topic = of(wake.topic());
    if (wake.id() == 0) {
      topic.values().forEach(Doorbells::ringEach);
    } else {
      ringEach(topic.getOrDefault(wake.id(), Set.of()));
      ringEach(topic.getOrDefault(0L, Set.of()));
    }
  }

  /// Rings every bell: after this instance may have been deaf, each thread must read again.
  public void ringAll() {
    for (var topic : Topic.values()) {
      ring(Wake.all(topic));
    }
  }

  private ConcurrentHashMap<Long, Set<Runnable>> of(Topic topic) {
    return Objects.requireNonNull(bells.get(topic));
  }

  private static void ringEach(Set<Runnable> bells) {
    bells.forEach(Runnable::run);
  }
}
