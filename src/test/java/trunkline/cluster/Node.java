package trunkline.cluster;

import java.time.Duration;
import trunkline.signal.NotifyMode;
import trunkline.signal.SignalPolicy;
import trunkline.signal.Signals;
import trunkline.signal.Topic;
import trunkline.store.Database;
import trunkline.store.DatabaseSettings;
import trunkline.telemetry.ServerEvent.InstanceBeat;
import trunkline.testing.EventLog;
import trunkline.testing.Layers;

/// One instance as far as this package goes, with a lease short enough to watch it end.
final class Node implements AutoCloseable {
  static final Duration LEASE = Duration.ofSeconds(1);

  final EventLog events = new EventLog();
  private final Layers layers;
  final Database database;
  final Signals signals;
  final Instances instances;
  final Sweeper sweeper;

  Node(DatabaseSettings settings) {
    this(settings, LEASE, NotifyMode.IF_POSSIBLE);
  }

  Node(DatabaseSettings settings, Duration lease) {
    this(settings, lease, NotifyMode.IF_POSSIBLE);
  }

  Node(DatabaseSettings settings, Duration lease, NotifyMode listening) {
    layers =
        Layers.of(settings)
            .telling(events)
            .with(SignalPolicy.of(listening))
            .upTo(Layers.Top.SIGNALS);
    database = layers.database();
    signals = layers.signals();
    instances =
        new Instances(
            layers.connections(),
            database,
            signals,
            InstancePolicy.of("http://127.0.0.1:8080", "1.0", lease),
            events);
    sweeper =
        new Sweeper(
            "sweeper", signals.pace(), signals.doorbells().subscribe(Topic.INSTANCE, 0), events);
    instances.sweeps().forEach(sweeper::add);
    instances.sweepsForAll().forEach(sweeper::add);
  }

  /// Waits for so many beats from now on.
  void beats(int times) throws InterruptedException {
    var until = events.count(InstanceBeat.class) + times;
    while (events.count(InstanceBeat.class) < until) {
      events.await(InstanceBeat.class);
    }
  }

  /// Stops without a goodbye.
  @Override
  public void close() {
    sweeper.close();
    instances.close();
    layers.close();
  }
}
