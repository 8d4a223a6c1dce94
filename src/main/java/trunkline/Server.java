package trunkline;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
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
import trunkline.protocol.Entrance;
import trunkline.protocol.Gateway;
import trunkline.seal.Seals;
import trunkline.session.Principal;
import trunkline.session.Purge;
import trunkline.session.Purge.Purged;
import trunkline.session.SessionId;
import trunkline.signal.InstanceId;
import trunkline.stdio.StdioServer;
import trunkline.stream.StreamDirectory;
import trunkline.stream.StreamDirectory.Migration;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Meters.Watched;
import trunkline.telemetry.Pulse;
import trunkline.telemetry.Telemetry;
import trunkline.tls.TlsFiles;
import trunkline.welcome.Welcome;

/// One running instance: what `serve` starts, and what a program starts by [Trunkline#builder()].
public final class Server implements AutoCloseable {
  /// How long a stop waits for handlers that hear no interrupt before it leaves closing the catalog
  /// to a thread.
  private static final Duration LAST_HANDLER_MAX = Duration.ofSeconds(2);

  private final DatabaseAccess access;
  private final Core core;
  private final BackgroundJobs jobs;
  private final Entrance entrance;
  private final Drain drain;
  private final Departure departure;
  private final Optional<Telemetry> telemetry;
  private final String url;
  private final Optional<String> console;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicBoolean stopping = new AtomicBoolean();

  /// Where clients come in.
  ///
  /// @param advertised what this instance says of itself in the directory
  /// @param opening opens it, once everything behind it stands
  private record Door(String url, String advertised, Function<Server, Entrance> opening) {}

  private Server(
      ServerConfig config,
      Door door,
      DatabaseAccess access,
      Core core,
      BackgroundJobs jobs,
      Optional<Telemetry> telemetry) {
    this.access = access;
    this.telemetry = telemetry;
    this.core = core;
    this.jobs = jobs;
    this.url = door.url();
    this.drain = new Drain(core, config.policies().drain());
    this.entrance = door.opening().apply(this);
    this.console = Consoles.address(config, entrance);
    this.drain.start();
    core.cluster().meters().watch(Watched.DRAINING, () -> drain.isOn() ? 1 : 0);
    if (entrance instanceof HttpServer http) {
      http.certificateLeft()
          .ifPresent(left ->
              core.cluster()
                  .meters()
                  .watch(Watched.CERTIFICATE_LEFT, () -> left.get().toSeconds()));
    }
    this.departure = new Departure(core, entrance, drain, config.policies().drain());
  }

  /// Starts an instance with the configured features; it serves when this returns.
  public static Server start(ServerConfig config) {
    return start(config, FeatureLoader.load(config.features(), config.settings()), _ -> {});
  }

  /// The same, traced.
  public static Server start(ServerConfig config, Optional<Telemetry> telemetry) {
    return start(
        config, FeatureLoader.load(config.features(), config.settings()), _ -> {}, telemetry);
  }

  /// The same with features of the embedding program.
  ///
  /// @param catalog what belongs to it is closed after the last server that serves it
  /// @param observer gets every event, besides log and meters
  ///
  /// @throws trunkline.config.Refusal when there are settings, since the catalog is built already
  public static Server start(ServerConfig config, Catalog catalog, EventSink observer) {
    config.requireNoSettings();
    return start(config, new Embedding(catalog, observer));
  }

  /// Both.
  ///
  /// @param telemetry closed with the server
  public static Server start(
      ServerConfig config, Catalog catalog, EventSink observer, Optional<Telemetry> telemetry) {
    return start(config, new Embedding(catalog, observer, telemetry));
  }

  static Server start(ServerConfig config, Embedding embedding) {
    if (config.toolset().isPresent()) {
      throw ToolsetUnknown.overHttp(config.toolset().get());
    }
    config.http().tls().ifPresent(TlsFiles::requireUsable);
    Consoles.require(config);
    Exposure.warn(config.trust(), config.policies().rates());
    return serve(
        embedding,
        served ->
            FreePorts.serve(
                config,
                listening -> {
                  var http = listening.http();
                  Exposure.warn(http);
                  var door =
                      new Door(
                          http.localUrl(),
                          advertised(listening),
                          server -> HttpServer.start(http, server.wiring(listening)));
                  return start(listening, door, embedding, served);
                }));
  }

  /// An instance that serves one client over two pipes instead of HTTP, on no port, until its input
  /// ends. It is a part of the cluster like any other.
  ///
  /// @param in messages of the client, one a line
  /// @param out nobody else may write to it
  /// @param telemetry closed with the server
  public static Server startStdio(
      ServerConfig config, InputStream in, OutputStream out, Optional<Telemetry> telemetry) {
    var name = "stdio:" + ProcessHandle.current().pid();
    var lineBytesMax = config.http().policy().bodyBytesMax();
    var door =
        new Door(
            name,
            name,
            server ->
                StdioServer.start(
                    toolset(server.core.gateway(), config.toolset()),
                    server.core.cluster().memory(),
                    lineBytesMax,
                    in,
                    out));
    var catalog = FeatureLoader.load(config.features(), config.settings());
    config.toolset().ifPresent(wanted -> ToolsetUnknown.unlessIn(catalog, wanted));
    var embedding = new Embedding(catalog, _ -> {}, telemetry);
    return serve(embedding, served -> start(config, door, embedding, served));
  }

  private static Gateway toolset(Gateway whole, Optional<String> name) {
    return name.flatMap(whole::toolset).orElse(whole);
  }

  private HttpWiring wiring(ServerConfig config) {
    var authenticator = config.trust().authenticator(core.keys()::start, core.cluster().events());
    return new HttpWiring(
        core.gateway(),
        authenticator,
        core.audit(),
        this::report,
        core.cluster().meters()::scrape,
        core.cluster()::self,
        core.shownHeaders(),
        core.cluster().memory(),
        new Welcome(
                core.toolsets(),
                new Welcome.Admission(
                    config.trust().isAnonymous(), config.trust().takesGivenTokens()),
                config.publicUrl(),
                config.http().localUrl())
            .pages(),
        Consoles.pages(config, authenticator, access.connections(), core),
        core.cluster().events());
  }

  /// Whatever keeps the server from starting, what belongs to its catalog is closed, and its
  /// telemetry.
  private static Server serve(Embedding embedding, Function<ServedCatalog, Server> start) {
    var served = new ServedCatalog(embedding.catalog());
    try {
      return start.apply(served);
    } catch (RuntimeException | Error e) {
      served.close(Duration.ZERO);
      embedding.telemetry().ifPresent(Telemetry::close);
      throw e;
    }
  }

  private static Server start(
      ServerConfig config, Door door, Embedding embedding, ServedCatalog served) {
    var access =
        embedding
            .database()
            .map(lent -> DatabaseAccess.lent(lent, config.database().poolSize()))
            .orElseGet(() -> DatabaseAccess.open(config.database()));
    try {
      access.migrate(embedding.observer());
      var core = Core.open(config, door.advertised(), access.connections(), embedding, served);
      return start(config, door, access, core, embedding.telemetry());
    } catch (RuntimeException e) {
      access.close();
      throw e;
    }
  }

  private static Server start(
      ServerConfig config,
      Door door,
      DatabaseAccess access,
      Core core,
      Optional<Telemetry> telemetry) {
    BackgroundJobs jobs = null;
    try {
      core.enter();
      jobs = BackgroundJobs.start(core, config.policies().lease());
      return new Server(config, door, access, core, jobs, telemetry);
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

  private Health.Report report() {
    var trusted = core.cluster().instances().tenure().isTrustedAt(System.nanoTime());
    var serving = !stopping.get() && !drain.isOn();
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
        .orElseGet(() -> config.http().url(config.http().host()));
  }

  /// The URL for clients on this machine; `stdio:` and a process id where there is no port.
  public String url() {
    return url;
  }

  /// Where this instance's console is, for a browser on this machine; empty where there is none.
  public Optional<String> console() {
    return console;
  }

  /// The port that it listens on, also where a free one was asked for; 0 over stdio.
  public int port() {
    return entrance instanceof HttpServer http ? http.port() : 0;
  }

  /// The paths that it answers at [#port()], none over stdio; what ends with a slash is also for
  /// all below it.
  public Set<String> paths() {
    return entrance instanceof HttpServer http ? http.paths() : Set.of();
  }

  /// The port of health and metrics: [#port()] where they have none of their own.
  public int managementPort() {
    return entrance instanceof HttpServer http ? http.managementPort() : 0;
  }

  /// Whether a balancer should send requests here, from memory: the database answered lately, and
  /// it is not leaving. Requests that come all the same are served.
  public boolean ready() {
    return report().ready();
  }

  /// What `/observe/health` says, from memory.
  public ServerHealth health() {
    var report = report();
    return new ServerHealth(
        report.ready(), report.state(), report.database(), report.wakeMode(), Pulse.silent());
  }

  /// This instance's number, which changes when it was taken for dead.
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

  /// Waits until the server is closed. One with a single client closes itself when that has gone.
  public void awaitStopped() throws InterruptedException {
    if (entrance instanceof StdioServer stdio) {
      stdio.awaitEnd();
      close();
    }
    stopped.await();
  }

  /// Leaves in peace, which takes its time: it is not ready any more and serves on for
  /// `--drain-delay`, so that balancers look away; running calls get `--drain-timeout`, then an
  /// error; streams are closed with a `retry` and go on elsewhere.
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      awaitClosed();
      return;
    }
    if (entrance instanceof StdioServer) {
      hurry(); // nobody else has to notice, and whoever waits for this process waits two seconds
    }
    try {
      departure.run();
      jobs.close();
      core.leave();
    } finally {
      access.close();
      core.catalog().close(LAST_HANDLER_MAX);
      telemetry.ifPresent(Telemetry::close); // after the spans of all that
      stopped.countDown();
    }
  }

  /// Somebody else closes it, such as a signal at the same time as the end of the input.
  private void awaitClosed() {
    try {
      stopped.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Lets [#close()] wait for nobody any more: neither for balancers nor for calls and streams.
  public void hurry() {
    departure.hurry();
  }

  /// Stops without a goodbye, as a crash would: nothing is released, answered or written. What
  /// belongs to the catalog is closed all the same, after its last handler: the process goes on.
  public void kill() {
    stopping.set(true);
    try {
      core.cluster().close();
      drain.close();
      entrance.kill();
      jobs.close();
      core.close();
      access.close();
      core.catalog().close(Duration.ZERO);
    } finally {
      telemetry.ifPresent(it -> Thread.startVirtualThread(it::close)); // nobody waits for a crash
      stopped.countDown();
    }
  }
}
