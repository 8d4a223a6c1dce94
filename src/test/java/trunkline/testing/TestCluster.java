package trunkline.testing;

import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.function.Supplier;
import trunkline.Server;
import trunkline.catalog.FeatureLoader;
import trunkline.config.ServerConfig;
import trunkline.feature.Catalog;
import trunkline.otlp.Otlp;
import trunkline.telemetry.ServerEvent;

/// Several real servers on one database, started by the test and chosen by it for each request.
///
/// A test names one as a parameter; what it started is closed afterwards. Servers run in this JVM,
/// which is fast and lets a test await their events, or as processes of their own where a kill must
/// be a real one.
public final class TestCluster implements AutoCloseable {
  private static final int HEAP_MEGABYTES = 256;

  private final TestDatabase db;
  private final List<Running> started = new CopyOnWriteArrayList<>();
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final Map<Class<?>, Object> shared = new HashMap<>();
  private Predicate<? super ServerEvent> kept = _ -> true;
  private final List<Collector> collectors = new CopyOnWriteArrayList<>();
  private Map<String, String> environment = Map.of();
  private Catalog catalog = FeatureLoader.load("sample,conformance");

  public TestCluster(TestDatabase db) {
    this.db = db;
    with("host", "127.0.0.1");
    with("port", "0");
    with("database-url", db.url());
    with("database-user", db.user());
    with("database-password", db.password());
    with("database-pool-size", "4");
    with("features", "sample,conformance");
    with("drain-delay", "0s"); // there is no balancer to wait for
    with("drain-timeout", "2s");
  }

  public TestDatabase database() {
    return db;
  }

  /// A setting of every instance that is started from now on, as in a configuration file.
  public TestCluster with(String key, String value) {
    settings.put(key, value);
    return this;
  }

  /// The features of instances in this JVM; those of processes are named by the setting.
  public TestCluster with(Catalog catalog) {
    this.catalog = catalog;
    return this;
  }

  /// A collector of its own, to which the instances in this JVM that are started from now on send.
  public Collector collected() {
    var collector = new Collector();
    collectors.add(collector);
    traced(collector.environment());
    return collector;
  }

  /// The variables of instances in this JVM that OpenTelemetry reads.
  public TestCluster traced(Map<String, String> environment) {
    this.environment = environment;
    return this;
  }

  /// The events that are kept of instances in this JVM; else all.
  public TestCluster keeping(Predicate<? super ServerEvent> kept) {
    this.kept = kept;
    return this;
  }

  /// A thing shared by the tests of a class besides the cluster: made on first use.
  public <T> T shared(Class<T> type, Supplier<T> made) {
    return type.cast(shared.computeIfAbsent(type, _ -> made.get()));
  }

  /// Starts an instance in this JVM, with settings of its own given as key, value, key, value.
  public Instance start(String name, String... own) {
    var log = new EventLog(kept);
    var server =
        Server.start(
            ServerConfig.of(merged(own)), catalog, log, Otlp.from(environment, "trunkline", "1"));
    var instance = new Instance(name, server, log);
    started.add(instance);
    return instance;
  }

  /// Starts an instance as a process and waits until it is ready.
  public InstanceProcess startProcess(String name, String... own) {
    return startProcess(name, HEAP_MEGABYTES, own);
  }

  /// The same with a heap of another size.
  public InstanceProcess startProcess(String name, int heapMegabytes, String... own) {
    return startProcess(name, List.of("-Xmx" + heapMegabytes + "m"), own);
  }

  /// The same with other options of Java's.
  public InstanceProcess startProcess(String name, List<String> javaOptions, String... own) {
    var process = InstanceProcess.start(name, javaOptions, merged(own));
    started.add(process);
    return process;
  }

  private Map<String, String> merged(String... own) {
    var merged = new LinkedHashMap<>(settings);
    for (var i = 0; i < own.length; i += 2) {
      merged.put(own[i], own[i + 1]);
    }
    return merged;
  }

  /// Ends the running servers, all at the same time: a server that leaves mostly waits.
  @Override
  public void close() {
    var failures = new ConcurrentLinkedQueue<Throwable>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      started.forEach(running -> threads.execute(() -> close(running, failures)));
    }
    collectors.forEach(Collector::close);
    if (!failures.isEmpty()) {
      var failure = new AssertionError("a server did not end well", failures.poll());
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
  }

  /// The others are closed all the same: their leftovers would hide why this one was not. Nobody
  /// waits for calls that a test left; one that asserts how an instance leaves closes it itself.
  private static void close(Running running, Queue<Throwable> failures) {
    try {
      if (running instanceof Instance here) {
        here.server.hurry();
      }
      running.close();
    } catch (RuntimeException | Error e) {
      failures.add(e);
    }
  }

  /// One server in this JVM.
  public static final class Instance implements Running {
    private final String name;
    private final Server server;
    private final EventLog events;
    private boolean ended;

    private Instance(String name, Server server, EventLog events) {
      this.name = name;
      this.server = server;
      this.events = events;
    }

    @Override
    public URI url() {
      return URI.create(server.url());
    }

    @Override
    public int id() {
      return server.instance();
    }

    public Server server() {
      return server;
    }

    /// The events of this instance so far.
    public EventLog events() {
      return events;
    }

    /// Stops without a goodbye, as a crash would.
    @Override
    public void kill() {
      if (!ended) {
        ended = true;
        server.kill();
      }
    }

    /// Stops cleanly.
    @Override
    public void close() {
      if (!ended) {
        ended = true;
        server.close();
      }
    }

    @Override
    public String toString() {
      return name + " (instance " + server.instance() + ")";
    }
  }
}
