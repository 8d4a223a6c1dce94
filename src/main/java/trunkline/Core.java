package trunkline;

import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.announcement.AnnouncementPolicy;
import trunkline.announcement.Announcements;
import trunkline.call.OrphanedCalls;
import trunkline.call.StreamedCalls;
import trunkline.catalog.CatalogSwitches;
import trunkline.cluster.DatabaseInspection;
import trunkline.cluster.InstancePolicy;
import trunkline.cluster.Instances;
import trunkline.exchange.Exchanges;
import trunkline.feature.Catalog;
import trunkline.feature.ServerHandle;
import trunkline.protocol.ClusterHandle;
import trunkline.protocol.Dispatcher;
import trunkline.protocol.ProtocolPolicy;
import trunkline.protocol.ServerIdentity;
import trunkline.session.SessionPolicy;
import trunkline.session.Sessions;
import trunkline.signal.InstanceId;
import trunkline.signal.NotifyMode;
import trunkline.signal.NotifyRequired;
import trunkline.signal.SignalPolicy;
import trunkline.signal.Signals;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.DatabaseUnavailable;
import trunkline.stream.StreamPolicy;
import trunkline.stream.Streams;
import trunkline.task.TaskPolicy;
import trunkline.task.Tasks;
import trunkline.telemetry.EventLogger;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Meters;
import trunkline.telemetry.Meters.Watched;

/// The layers below HTTP, wired by hand, bottom to top.
record Core(
    int port,
    Duration observationInterval,
    Database database,
    Signals signals,
    Instances instances,
    Sessions sessions,
    Announcements announcements,
    Streams streams,
    OrphanedCalls orphanedCalls,
    Exchanges exchanges,
    CatalogSwitches switches,
    ServerHandle server,
    Dispatcher dispatcher,
    Meters meters,
    EventSink events)
    implements AutoCloseable {
  private static final int LOOKS_IN_A_LEASE = 10;
  private static final Logger LOG = LoggerFactory.getLogger(Core.class);

  static Core open(
      ServerConfig config, int port, Connections connections, Catalog catalog, EventSink observer) {

    var meters = new Meters();
    var events = EventSink.fanOut(meters, new EventLogger(), observer);
    var database = new Database(connections, "trunkline");
    var signals =
        new Signals(connections, database, SignalPolicy.of(notifyMode(config.wakeUps())), events);
    var instances =
        new Instances(
            connections,
            database,
            signals,
            InstancePolicy.of(advertised(config, port), Version.number(), config.lease()),
            events);
    Supplier<InstanceId> self = instances::self;
    var sessions = new Sessions(database, sessionPolicy(config), signals.waker(), events);
    var announcements =
        new Announcements(database, self, sessions, signals, AnnouncementPolicy.standard(), events);
    var streamPolicy = streamPolicy(config);
    var streams = new Streams(database, signals, announcements, self, streamPolicy, events);
    var streamedCalls =
        new StreamedCalls(
            database, streams, signals.waker(), streamPolicy.sessionStreamsMax(), events);
    var exchanges =
        new Exchanges(
            database, signals.waker(), self, config.limits().sessionQuestionsMax(), events);
    var tasks =
        new Tasks(
            database,
            signals.waker(),
            () -> self.get().value(),
            taskPolicy(config.limits()),
            events);
    var switches = new CatalogSwitches(database);
    switches.listen(announcements);
    var server =
        new ClusterHandle(
            sessions, streams, announcements, exchanges.elicitations(), switches::setEnabled);
    var dispatcher =
        new Dispatcher(
            new Dispatcher.Below(
                sessions,
                announcements,
                streams,
                streamedCalls,
                exchanges,
                tasks,
                signals.doorbells(),
                server,
                () -> self.get().value(),
                events),
            catalog,
            switches::read,
            switches::heard,
            ServerIdentity.trunkline(Version.number()),
            new ProtocolPolicy(
                ProtocolPolicy.DEFAULT.upgradeAfter(),
                config.requestTimeout(),
                ProtocolPolicy.DEFAULT.databasePatience(),
                config.limits().sessionCallsMax(),
                config.limits().callsMax()));
    return new Core(
        port,
        config.lease().dividedBy(LOOKS_IN_A_LEASE),
        database,
        signals,
        instances,
        sessions,
        announcements,
        streams,
        new OrphanedCalls(database, streams, self, events),
        exchanges,
        switches,
        server,
        dispatcher,
        watching(meters, database, instances, dispatcher),
        events);
  }

  private static Meters watching(
      Meters meters, Database database, Instances instances, Dispatcher dispatcher) {
    meters.watch(Watched.POOL_ACTIVE, () -> database.poolCounts().active());
    meters.watch(Watched.POOL_IDLE, () -> database.poolCounts().idle());
    meters.watch(Watched.POOL_WAITING, () -> database.poolCounts().waiting());
    meters.watch(Watched.TENURE_LEFT, () -> instances.tenure().left().toMillis() / 1000.0);
    meters.watch(Watched.CALLS_RUNNING, () -> dispatcher.calls().count());
    return meters;
  }

  private static NotifyMode notifyMode(ServerConfig.WakeUps wakeUps) {
    if (wakeUps.pollOnly()) {
      return NotifyMode.NEVER;
    }
    return wakeUps.requireNotify() ? NotifyMode.REQUIRED : NotifyMode.IF_POSSIBLE;
  }

  private static String advertised(ServerConfig config, int port) {
    return config
        .listening()
        .advertise()
        .map(Object::toString)
        .orElse("http://" + config.listening().host() + ":" + port + "/mcp");
  }

  private static StreamPolicy streamPolicy(ServerConfig config) {
    return new StreamPolicy(
        StreamPolicy.DEFAULT.retry(),
        config.history().messagesMax(),
        config.history().ageMax(),
        config.announceConnections(),
        config.limits().sessionStreamsMax(),
        config.limits().sessionConnectionsMax(),
        config.limits().messageBytesMax());
  }

  private static TaskPolicy taskPolicy(ServerConfig.Limits limits) {
    return new TaskPolicy(TaskPolicy.TTL_DEFAULT, limits.taskTtlMax(), limits.sessionTasksMax());
  }

  private static SessionPolicy sessionPolicy(ServerConfig config) {
    var standard = SessionPolicy.standard();
    return new SessionPolicy(
        config.sessions().idleTimeout(),
        config.sessions().lifetimeMax(),
        standard.retention(),
        config.limits().principalSessionsMax(),
        config.limits().sessionsMax(),
        standard.subscriptionsMax(),
        standard.valuesMax(),
        standard.valueBytesMax());
  }

  /// Joins the cluster: looks at the database, gets a number, listens, reads the log.
  void enter() {
    new DatabaseInspection(database, events).require();
    instances.onFenced(this::endFormerLife);
    // Once more with the new number: what began in between carries the dead one.
    instances.onRegistered(_ -> endFormerLife());
    instances.onTenureEnded(() -> dispatcher.calls().abandonAll());
    instances.register();
    try {
      signals.start();
    } catch (NotifyRequired e) {
      instances.leave();
      throw e;
    }
    announcements.start();
    announcements.outbox().start();
    switches.read();
  }

  /// Others go on with what this instance did under its former number.
  private void endFormerLife() {
    dispatcher.calls().abandonAll();
    streams.closeConnections();
  }

  /// Says goodbye, then closes.
  void leave() {
    streams.close();
    announcements.close();
    sessions.close();
    try {
      instances.leave();
    } catch (DatabaseUnavailable e) {
      // Then the others find out when the lease ends; ours is to end all the same.
      LOG.warn("left without a goodbye: {}", e.getMessage());
    } finally {
      signals.close();
      database.close();
    }
  }

  /// Closes without a goodbye.
  @Override
  public void close() {
    streams.close();
    announcements.close();
    sessions.close();
    instances.close();
    signals.close();
    database.close();
  }
}
