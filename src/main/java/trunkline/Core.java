package trunkline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.access.key.ApiKeys;
import trunkline.audit.AuditTrail;
import trunkline.catalog.ServedCatalog;
import trunkline.config.Refusal;
import trunkline.config.ServerConfig;
import trunkline.feature.Catalog;
import trunkline.feature.Interceptor;
import trunkline.feature.ServerHandle;
import trunkline.feature.Switches;
import trunkline.protocol.AuditedGateway;
import trunkline.protocol.Gateway;
import trunkline.protocol.TracedGateway;
import trunkline.protocol.TwoEras;
import trunkline.protocol.around.Heartbeat;
import trunkline.protocol.around.Interception;
import trunkline.protocol.around.Places;
import trunkline.protocol.around.TimeLimit;
import trunkline.protocol.around.ToolLimits;
import trunkline.protocol.listen.Listens;
import trunkline.protocol.method.Methods;
import trunkline.protocol.method.Toolsets;
import trunkline.protocol.run.Calls;
import trunkline.protocol.run.ClusterHandle;
import trunkline.protocol.run.RateGate;
import trunkline.protocol.run.Services;
import trunkline.protocol.wire.ServerIdentity;
import trunkline.signal.NotifyRequired;
import trunkline.store.Connections;
import trunkline.store.DatabaseFailure;
import trunkline.telemetry.Meters.Watched;
import trunkline.telemetry.Telemetry;
import trunkline.trace.Tracing;

/// Everything below HTTP, wired by hand, bottom to top.
record Core(
    ClusterLayer cluster,
    SessionLayer sessions,
    StreamLayer streams,
    ServerHandle server,
    ServedCatalog catalog,
    Set<String> shownHeaders,
    AuditTrail audit,
    Calls calls,
    Listens listens,
    ApiKeys keys,
    Toolsets toolsets,
    Gateway gateway)
    implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Core.class);

  /// @param url the address that this instance publishes
  static Core open(
      ServerConfig config,
      String url,
      Connections connections,
      Embedding embedding,
      ServedCatalog served) {
    var catalog = served.catalog();
    var policies = config.policies();
    var cluster = ClusterLayer.open(config, url, connections, embedding);
    var sessions = SessionLayer.open(cluster, policies);
    var streams = StreamLayer.open(cluster, sessions.announcements(), policies);
    var tracing =
        embedding.telemetry().map(telemetry -> tracing(telemetry, cluster)).orElse(Tracing.OFF);
    if (tracing.isOn()) {
      sessions.sessions().measure(lasted -> tracing.sessionEnded(lasted.time(), lasted.revision()));
    }
    var server =
        new ClusterHandle(
            sessions.sessions(),
            streams.streams(),
            sessions.announcements(),
            streams.exchanges().elicitations(),
            sessions.switches()::setEnabled);
    var shownHeaders = new TreeSet<>(config.requestHeaders());
    shownHeaders.addAll(catalog.headers());
    var audit =
        new AuditTrail(
            policies.audit(), cluster.database(), () -> cluster.self().value(), cluster.events());
    var interception =
        interception(policies.tools(), new RateGate(sessions.rates()), embedding, catalog);
    var services =
        new Services(
            sessions.sessions(),
            sessions.announcements(),
            streams.streams(),
            streams.calls(),
            streams.exchanges(),
            streams.tasks(),
            cluster.signals().doorbells(),
            server,
            cluster::self,
            served,
            shownHeaders,
            interception,
            sessions.rates(),
            audit,
            policies.protocol(),
            cluster.memory(),
            tracing,
            cluster.events());
    var switches = sessions.switches();
    var identity = config.identity().of(catalog, Version.number());
    BiFunction<Catalog, ServerIdentity, Methods> methods =
        (part, said) ->
            new Methods(
                part, said, switches::read, switches::heard, interception, cluster.events());
    var parts = new HashMap<String, Methods>();
    catalog
        .toolsets()
        .forEach((name, part) -> parts.put(name, methods.apply(part, identity.of(part))));
    var toolsets = new Toolsets(methods.apply(catalog, identity), parts);
    var calls =
        new Calls(
            services,
            sessions.seals(),
            streams.orphans(),
            toolsets::find,
            toolsets.whole().toolRun());
    var listens =
        new Listens(
            policies.protocol().principalListensMax(),
            () -> cluster.self().value(),
            cluster.events());
    listens.hear(sessions.announcements());
    calls.tasks().listen(listens::tasks);
    var gateway =
        TracedGateway.of(
            AuditedGateway.of(new TwoEras(services, calls, toolsets, listens), audit),
            toolsets,
            tracing);
    var keys = new ApiKeys(cluster.database(), cluster.signals(), cluster.events());
    var core =
        new Core(
            cluster,
            sessions,
            streams,
            server,
            served,
            shownHeaders,
            audit,
            calls,
            listens,
            keys,
            toolsets,
            gateway);
    core.watch();
    return core;
  }

  /// The server's own stand outermost, then those of the program, then those of the catalog.
  private static Interception interception(
      ToolLimits limits, RateGate rates, Embedding embedding, Catalog catalog) {
    for (var name : limits.names()) {
      if (catalog.everything().findTool(Switches.ALL_ON, name).isEmpty()) {
        throw new Refusal(
            "--tool-timeouts or --tool-concurrency names %s, which is no tool of the catalog"
                .formatted(name));
      }
    }
    var interceptors = new ArrayList<Interceptor>();
    interceptors.add(rates);
    interceptors.add(new Heartbeat(limits));
    interceptors.add(new Places(limits));
    interceptors.add(new TimeLimit(limits));
    interceptors.addAll(embedding.interceptors());
    interceptors.addAll(catalog.interceptors());
    return new Interception(interceptors);
  }

  private static Tracing tracing(Telemetry telemetry, ClusterLayer cluster) {
    return Tracing.on(
        telemetry.open(cluster.events()), Version.number(), () -> cluster.self().value());
  }

  private void watch() {
    var meters = cluster.meters();
    var database = cluster.database();
    meters.watch(Watched.POOL_ACTIVE, () -> database.poolCounts().active());
    meters.watch(Watched.POOL_IDLE, () -> database.poolCounts().idle());
    meters.watch(Watched.POOL_WAITING, () -> database.poolCounts().waiting());
    meters.watch(
        Watched.TENURE_LEFT, () -> cluster.instances().tenure().left().toMillis() / 1000.0);
    meters.watch(Watched.UNDELIVERED_AGE, streams.streams().sweeps()::undeliveredSeconds);
    meters.watch(Watched.STREAMS_HELD, streams.streams()::held);
    meters.watch(Watched.CALLS_RUNNING, calls::count);
    meters.watch(Watched.LISTENS_HELD, listens::held);
  }

  /// Joins the cluster: checks the database, gets a number, listens, reads the log.
  void enter() {
    var instances = cluster.instances();
    instances.holding(streams.streams()::held);
    instances.onFenced(this::endFormerLife);
    // Once more with the new number: what began in between carries the dead one.
    instances.onRegistered(_ -> beginAnew());
    instances.onPromoted(this::doubtCursors);
    instances.onTenureEnded(calls::abandonAll);
    sessions.announcements().outbox().firstWhen(instances.baton()::isHere);
    instances.register();
    try {
      cluster.signals().start();
    } catch (NotifyRequired e) {
      instances.leave();
      throw e;
    }
    sessions.start();
    audit.start();
    instances
        .look()
        .onGlance(seen -> sessions.announcements().noticed(seen.newest(), seen.outbox()));
    instances.look().onGlance(seen -> streams.streams().sweeps().sawSlot(seen.slot()));
  }

  /// Stops the work of the former number, which other instances continue.
  private void endFormerLife() {
    sessions.hearing().restart();
    calls.abandonAll();
    streams.streams().closeConnections();
  }

  /// Does what a start does: the database may be another one, or this one at an earlier time.
  private void beginAnew() {
    endFormerLife();
    sessions.restart();
  }

  /// Another server is the primary, perhaps without the end of what the former one had: the clients
  /// come back, and who has read of that end is told.
  private void doubtCursors() {
    sessions.restart();
    streams.streams().closeConnections();
  }

  /// Says goodbye, then closes.
  void leave() {
    keys.close();
    audit.close();
    streams.streams().close();
    sessions.close();
    try {
      cluster.instances().leave();
    } catch (DatabaseFailure e) {
      // The others notice when the lease ends; this instance ends all the same.
      LOG.warn("left without a goodbye: {}", e.getMessage());
    } finally {
      cluster.close();
    }
  }

  /// Closes without a goodbye.
  @Override
  public void close() {
    keys.close();
    audit.kill();
    streams.streams().close();
    sessions.close();
    cluster.instances().close();
    cluster.close();
  }
}
