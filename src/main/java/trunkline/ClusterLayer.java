package trunkline;

import trunkline.cluster.InstancePolicy;
import trunkline.cluster.Instances;
import trunkline.config.ServerConfig;
import trunkline.history.Minutes;
import trunkline.history.TrafficCount;
import trunkline.memory.MemoryBudget;
import trunkline.signal.InstanceId;
import trunkline.signal.Signals;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.telemetry.EventLogger;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Meters;
import trunkline.telemetry.Meters.Watched;

/// An instance among others: its memory, its database, its wake-ups, its place in the directory.
record ClusterLayer(
    Meters meters,
    EventSink events,
    MemoryBudget memory,
    Database database,
    Signals signals,
    Instances instances,
    Minutes minutes) {

  /// @param url the address that this instance publishes
  static ClusterLayer open(
      ServerConfig config, String url, Connections connections, Embedding embedding) {
    var meters = embedding.meters().map(Meters::new).orElseGet(Meters::new);
    var traffic = new TrafficCount();
    var events = EventSink.fanOut(meters, traffic, new EventLogger(), embedding.observer());
    var memory = MemoryBudget.share(config.policies().memoryShare(), events);
    meters.watch(Watched.MEMORY_USED, memory::used);
    meters.watch(Watched.MEMORY_MAX, memory::max);
    var database = new Database(connections, "trunkline", events);
    var policies = config.policies();
    var signals = new Signals(connections, database, policies.signals(), events);
    var instances =
        new Instances(
            connections,
            database,
            signals,
            InstancePolicy.of(url, Version.number(), policies.lease())
                .keeping(policies.streams().historyAgeMax()),
            events);
    var minutes = new Minutes(traffic, database, instances::self);
    return new ClusterLayer(meters, events, memory, database, signals, instances, minutes);
  }

  /// The id of this instance, which changes when it was fenced.
  InstanceId self() {
    return instances.self();
  }

  void close() {
    signals.close();
    database.close();
    meters.close();
  }
}
