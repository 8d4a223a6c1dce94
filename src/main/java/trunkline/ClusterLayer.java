package trunkline;

import trunkline.cluster.InstancePolicy;
import trunkline.cluster.Instances;
import trunkline.config.ServerConfig;
import trunkline.signal.InstanceId;
import trunkline.signal.Signals;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.telemetry.EventLogger;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Meters;

/// An instance among others: its database, its wake-ups, its place in the directory.
record ClusterLayer(
    Meters meters, EventSink events, Database database, Signals signals, Instances instances) {

  /// @param url the address that this instance publishes
  static ClusterLayer open(
      ServerConfig config, String url, Connections connections, EventSink observer) {
    var meters = new Meters();
    var events = EventSink.fanOut(meters, new EventLogger(), observer);
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
    return new ClusterLayer(meters, events, database, signals, instances);
  }

  /// The id of this instance, which changes when it was fenced.
  InstanceId self() {
    return instances.self();
  }

  void close() {
    signals.close();
    database.close();
  }
}
