package trunkline;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import trunkline.catalog.FeatureLoader;
import trunkline.catalog.ServedCatalog;
import trunkline.cluster.DrainOutcome;
import trunkline.cluster.Instances;
import trunkline.cluster.UndrainOutcome;
import trunkline.config.ServerConfig;
import trunkline.feature.Catalog;
import trunkline.feature.ServerHandle;
import trunkline.http.Health;
import trunkline.http.HttpServer;
import trunkline.http.HttpWiring;
import trunkline.seal.Seals;
import trunkline.session.Principal;
import trunkline.session.Purge;
import trunkline.session.Purge.Purged;
import trunkline.session.SessionId;
import trunkline.signal.InstanceId;
import trunkline.stream.StreamDirectory;
import trunkline.stream.StreamDirectory.Migration;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Meters.Watched;

/// One running instance: what `serve` starts, and what a program embeds.
///
/// ```java
/// try (var server = Server.start(ServerConfig.of(Map.of("port", "8080")))) {
///   server.handle().broadcast(notification);
/// }
/// ```
public final class Server implements AutoCloseable {
  /// How long a stop waits for handlers that hear no interrupt before it leaves closing the catalog
  /// to a thread.
  private static final Duration LAST_HANDLER_MAX = Duration.ofSeconds(2);

  private final DatabaseAccess access;
  private final Core core;
  private final BackgroundJobs jobs;
  private final HttpServer http;
  private final Drain drain;
  private final Departure departure;
  private final String url;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean stopping;

  private Server(ServerConfig config, DatabaseAccess access, Core core, BackgroundJobs jobs) {
    this.access = access;
    this.core = core;
    this.jobs = jobs;
    this.url = url(reachable(config.http().host()), config.http().port());
    this.drain = new Drain(core, config.policies().drain());
    this.http =
        HttpServer.start(
            config.http(),
            new HttpWiring(
                core.gateway(),
                config.trust().authenticator(),
                this::health,
                core.cluster().meters()::scrape,
                core.cluster()::self,
                core.shownHeaders(),
                core.cluster().memory(),
                core.cluster().events()));
    this.drain.start();
    core.cluster().meters().watch(Watched.DRAINING, () -> drain.isOn() ? 1 : 0);
    this.departure = new Departure(core, http, drain, config.policies().drain());
  }

  /// Starts an instance with the configured features; it serves when this returns.
  public static Server start(ServerConfig config) {
    return start(config, FeatureLoader.load(config.features(), config.settings()), _ -> {});
  }

  /// The same with features of the embedding program.
  ///
  /// @param catalog what belongs to it is closed after the last server that serves it
  /// @param observer gets every event, besides log and meters
  public static Server start(ServerConfig config, Catalog catalog, EventSink observer) {
    var served = new ServedCatalog(catalog);
    try {
      return start(config, served, observer);
    } catch (RuntimeException | Error e) {
      served.close(Duration.ZERO);
      throw e;
    }
  }

  private static Server start(ServerConfig config, ServedCatalog catalog, EventSink observer) {
    var listening = config.at(HttpServer.findPort(config.http().host(), config.http().port()));
    var access = DatabaseAccess.open(config.database());
    try {
      access.migrate(observer);
      return start(listening, catalog, observer, access);
    } catch (RuntimeException e) {
      access.close();
      throw e;
    }
  }

  private static Server start(
      ServerConfig config, ServedCatalog catalog, EventSink observer, DatabaseAccess access) {
    var core = Core.open(config, advertised(config), access.connections(), catalog, observer);
    BackgroundJobs jobs = null;
    try {
      core.enter();
      jobs = BackgroundJobs.start(core, config.policies().lease());
      return new Server(config, access, core, jobs);
    } catch (RuntimeException e) {
      if (jobs == null) {
        core.close();
      } else {
        jobs.close();
        core.leave(); // it was in the directory already
      }
      throw e;
    }
  }

  private Health.Report health() {
    var trusted = core.cluster().instances().tenure().isTrustedAt(System.nanoTime());
    var serving = !stopping && !drain.isOn();
    return new Health.Report(
        serving && trusted,
        serving ? "serving" : drain.isDrained() ? "drained" : "draining",
        core.cluster().signals().mode().name().toLowerCase(Locale.ROOT),
        trusted);
  }

  private static String advertised(ServerConfig config) {
    return config
        .advertise()
        .map(Object::toString)
        .orElseGet(() -> url(config.http().host(), config.http().port()));
  }

  private static String url(String host, int port) {
    return "http://" + host + ":" + port + "/mcp";
  }

  /// A host to type for the listening address; "all addresses" has none of its own.
  private static String reachable(String host) {
    if (host.equals("localhost") || host.equals("0.0.0.0") || host.equals("::")) {
      return "127.0.0.1";
    }
    return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
  }

  /// The URL for clients on this machine.
  public String url() {
    return url;
  }

  public int instance() {
    return core.cluster().self().value();
  }

  /// The instances of this cluster.
  public Instances instances() {
    return core.cluster().instances();
  }

  /// Asks an instance, this one or another, to serve nobody while it lives, as the SQL function
  /// does: it is not ready, its streams go elsewhere, and what it runs may end within its
  /// `--drain-timeout` and is handed on after that.
  public DrainOutcome drain(InstanceId id) {
    return instances().drain(id);
  }

  /// Takes [#drain] back.
  public UndrainOutcome undrain(InstanceId id) {
    return instances().undrain(id);
  }

  /// Sends a session's stream to another instance, as the SQL function does; its running calls stay
  /// where they are. Nobody can choose where a client connects: it is told, and may not listen.
  public Migration migrate(String sessionId, InstanceId to) {
    return SessionId.parse(sessionId)
        .map(session -> streams().migrate(session, to))
        .orElse(Migration.UNKNOWN_SESSION);
  }

  /// Who is connected where, in the whole cluster.
  public StreamDirectory streams() {
    return core.streams().directory();
  }

  /// Messages to sessions, broadcasts, ends.
  public ServerHandle handle() {
    return core.server();
  }

  /// What clients carry from here to another instance, and from there to here.
  Seals seals() {
    return core.sessions().seals();
  }

  /// Makes a new key for what clients carry, as `trunkline.rotate_seal_key()` does: it is used a
  /// minute later, when every instance has read it, and nothing that was sealed before is lost.
  ///
  /// @return from when on it is used, by the database's clock
  public Instant rotateSealKey() {
    return seals().rotate();
  }

  /// Removes everything about one person, everywhere, while instances serve, as
  /// `trunkline.purge(principal)` does; returns when nothing is left, some seconds later, or after
  /// five minutes.
  ///
  /// @param principal the name that the authenticator gives; not `anonymous`, which is no person
  public Purged purge(String principal) {
    return new Purge(core.cluster().database()).run(new Principal(principal));
  }

  public DatabaseAccess database() {
    return access;
  }

  /// One round of every background job, now.
  public void sweepOnce() {
    jobs.runOnce();
  }

  /// Waits until the server is closed.
  public void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  /// Leaves in peace, which takes its time: it is not ready any more and serves on for
  /// `--drain-delay`, so that balancers look away; running calls get `--drain-timeout`, then an
  /// error; streams are closed with a `retry` and go on elsewhere.
  @Override
  public void close() {
    if (stopping) {
      return;
    }
    stopping = true;
    departure.run();
    jobs.close();
    try {
      core.leave();
    } finally {
      access.close();
      core.catalog().close(LAST_HANDLER_MAX);
      stopped.countDown();
    }
  }

  /// Lets [#close()] wait for nobody any more: neither for balancers nor for calls and streams.
  public void hurry() {
    departure.hurry();
  }

  /// Stops without a goodbye, as a crash would: nothing is released, answered or written. What
  /// belongs to the catalog is closed all the same, after its last handler: the process goes on.
  public void kill() {
    stopping = true;
    core.cluster().close();
    drain.close();
    http.kill();
    jobs.close();
    core.close();
    access.close();
    core.catalog().close(Duration.ZERO);
    stopped.countDown();
  }
}
