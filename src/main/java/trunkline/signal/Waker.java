package trunkline.signal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.store.Database;
import trunkline.store.DatabaseFailure;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.store.Sql;
import trunkline.store.SqlText;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Sends wake-ups, after the commit of what they are about, never in its transaction.
///
/// One statement is in flight, and one of each lane that has nothing else to do; what is woken
/// meanwhile joins the next one, each thing once. This instance is rung directly. A wake-up that
/// cannot be sent is dropped: every instance polls as well.
public final class Waker implements Waking, AutoCloseable {
  private static final SqlText NOTIFY =
      SqlText.of(
          """
          -- waker.notify: no data, so the commit waits for no flush and blocks no other NOTIFY for long
          SELECT pg_notify(w.channel, w.payload)
            FROM unnest(:channels::text[], :payloads::text[]) AS w (channel, payload)
          """);

  private final Supplier<@Nullable InstanceId> self;
  private final Doorbells doorbells;
  private final Database database;
  private final SignalPolicy policy;
  private final EventSink events;
  private final @Nullable Lane<Boolean, Boolean> lane;
  private final Map<Audience, Set<Wake>> waiting = new HashMap<>();
  private final AtomicBoolean asked = new AtomicBoolean();

  Waker(
      Supplier<@Nullable InstanceId> self,
      Doorbells doorbells,
      Database database,
      SignalPolicy policy,
      EventSink events) {
    this.self = self;
    this.doorbells = doorbells;
    this.database = database;
    this.policy = policy;
    this.events = events;
    this.lane =
        policy.listening() == NotifyMode.NEVER
            ? null
            : new Lane<>("trunkline-waker", new LanePolicy(1, 2, Duration.ZERO), this::send);
  }

  private record Payload(String channel, String text) {}

  /// The instances that a wake-up is for.
  private sealed interface Audience {
    String channel();

    /// As events have it: 0 for every instance.
    int number();

    record One(InstanceId instance) implements Audience {
      @Override
      public String channel() {
        return Channel.of(instance);
      }

      @Override
      public int number() {
        return instance.value();
      }
    }

    record Everybody() implements Audience {
      @Override
      public String channel() {
        return Channel.ALL;
      }

      @Override
      public int number() {
        return 0;
      }
    }
  }

  @Override
  public void wake(InstanceId instance, Collection<Wake> wakes) {
    if (wakes.isEmpty()) {
      return;
    }
    if (instance.equals(self.get())) {
      ringHere(wakes);
    } else {
      queue(new Audience.One(instance), wakes);
    }
  }

  /// One statement beside the lane's, perhaps; what the lane is asked to send meanwhile joins this.
  @Override
  public void wakeFromHere(InstanceId instance, Collection<Wake> wakes) {
    if (lane == null || wakes.isEmpty() || instance.equals(self.get())) {
      wake(instance, wakes);
      return;
    }
    join(new Audience.One(instance), wakes);
    if (!asked.compareAndSet(false, true)) {
      return; // a statement that has not yet taken what waits is on its way
    }
    try {
      var _ = send(List.of());
    } catch (RuntimeException e) {
      unsent(e);
    }
  }

  @Override
  public void wakeAll(Wake wake) {
    ringHere(List.of(wake));
    queue(new Audience.Everybody(), List.of(wake));
  }

  private void ringHere(Collection<Wake> wakes) {
    wakes.forEach(doorbells::ring);
    events.emit(new ServerEvent.WakesRungHere(wakes.size()));
  }

  private void queue(Audience audience, Collection<Wake> wakes) {
    if (lane != null) {
      join(audience, wakes);
      ask(lane);
    }
  }

  private void join(Audience audience, Collection<Wake> wakes) {
    synchronized (waiting) {
      var joined = waiting.computeIfAbsent(audience, _ -> new LinkedHashSet<>());
      joined.addAll(wakes);
      if (joined.size() > policy.wakesMax()) {
        var topics = joined.stream().map(wake -> Wake.all(wake.topic())).distinct().toList();
        joined.clear();
        joined.addAll(topics);
      }
    }
  }

  private void ask(Lane<Boolean, Boolean> sender) {
    if (!asked.compareAndSet(false, true)) {
      return; // a statement that has not yet taken what waits is on its way
    }
    var _ =
        sender
            .submit(true)
            .whenComplete((_, failure) -> {
              if (failure != null) {
                unsent(failure);
              }
            });
  }

  private void unsent(Throwable failure) {
    asked.set(false);
    dropped(taken(), failure);
  }

  /// What waits is taken when there is a connection to send it by: until then more may join it.
  private List<Boolean> send(List<Boolean> questions) {
    var batch = new HashMap<Audience, Set<Wake>>();
    try {
      var _ =
          database.runHere(sql -> {
            asked.set(false);
            batch.putAll(taken());
            return notified(sql, batch);
          });
      batch.forEach((audience, wakes) ->
          events.emit(new ServerEvent.WakesSent(audience.number(), wakes.size())));
    } catch (DatabaseFailure e) {
      if (batch.isEmpty()) {
        throw e; // it was not even tried: the caller takes what waits
      }
      dropped(batch, e);
    }
    return questions;
  }

  private static int notified(Sql sql, Map<Audience, Set<Wake>> batch) {
    var payloads = new ArrayList<Payload>();
    batch.forEach((audience, wakes) ->
        WakeText.encode(wakes)
            .forEach(payload -> payloads.add(new Payload(audience.channel(), payload))));
    return payloads.isEmpty()
        ? 0
        : sql.text(NOTIFY)
            .all("channels", SQLDataType.CLOB, payloads, Payload::channel)
            .all("payloads", SQLDataType.CLOB, payloads, Payload::text)
            .rows()
            .size();
  }

  private Map<Audience, Set<Wake>> taken() {
    synchronized (waiting) {
      var batch = Map.copyOf(waiting);
      waiting.clear();
      return batch;
    }
  }

  private void dropped(Map<Audience, Set<Wake>> batch, Throwable failure) {
    var wakes = batch.values().stream().mapToInt(Set::size).sum();
    if (wakes > 0) {
      events.emit(new ServerEvent.WakesDropped(wakes, String.valueOf(failure.getMessage())));
    }
  }

  /// Sends no more.
  @Override
  public void close() {
    if (lane != null) {
      lane.close();
    }
  }
}
