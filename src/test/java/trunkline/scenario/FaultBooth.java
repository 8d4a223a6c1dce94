package trunkline.scenario;

import static trunkline.testing.Json.json;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import trunkline.store.DatabaseFailure;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.History;
import trunkline.testing.McpTestClient;
import trunkline.testing.StatementProxy;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Two instances whose statements all pass through a proxy, and the judgement of what was done with
/// them.
final class FaultBooth implements AutoCloseable {
  static final String USER = "walker";

  private static final String CAPABILITIES =
      json("{'elicitation':{'form':{},'url':{}},'sampling':{},'roots':{'listChanged':true}}");

  private static final Duration SETTLED = Duration.ofSeconds(20);

  /// What must not be left when all clients have gone.
  private static final String LEFTOVERS =
      """
      -- booth.leftovers: of sessions that ended
      select 'stream ' || stream_id || ' is held by ' || holder_instance from trunkline.streams where holder_instance is not null
      union all
      select 'stream ' || stream_id || ' is written by ' || writer_instance from trunkline.streams
       where not standalone and finished_at is null
      union all
      select 'call ' || call_id || ' is unfinished: ' || method from trunkline.calls where finished_at is null
      union all
      select 'question ' || pending_id || ' is open: ' || method from trunkline.pending_requests where outcome is null
      union all
      select 'task ' || task_id || ' is ' || status from trunkline.tasks where status in ('working', 'input_required')
      union all
      select 'outbox has ' || kind from trunkline.outbox
      union all
      select 'session ' || session_id || ' lives' from trunkline.sessions where ended_at is null
      """;

  private static final AtomicInteger NEXT = new AtomicInteger();

  private final TestDatabase db = TestDatabase.create();
  private final StatementProxy proxy = new StatementProxy(db.url());
  private final TestCluster cluster = new TestCluster(db);
  private final ScenarioTools tools = new ScenarioTools();
  private final Queue<Visitor> visitors = new ConcurrentLinkedQueue<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private volatile History history = new History();
  private final Instance a;
  private final Instance b;

  FaultBooth() {
    this(_ -> {});
  }

  /// @param more settings of the cluster
  FaultBooth(Consumer<TestCluster> more) {
    more.accept(cluster);
    cluster
        .with(tools.catalog())
        .with("database-url", proxy.url())
        .with("announce-connections", "true")
        .with("trusted-principal-header", "X-User")
        .with("trusted-proxies", "127.0.0.0/8");
    a = cluster.start("a");
    b = cluster.start("b");
  }

  TestDatabase db() {
    return db;
  }

  StatementProxy proxy() {
    return proxy;
  }

  ScenarioTools tools() {
    return tools;
  }

  Instance a() {
    return a;
  }

  Instance b() {
    return b;
  }

  /// Another instance, started as often as its supervisor would.
  Instance another() {
    return patiently(() -> cluster.start("c" + NEXT.incrementAndGet()));
  }

  /// A text that no other message has.
  String text(String about) {
    return about + " " + NEXT.incrementAndGet();
  }

  /// A client whose session was opened on this instance.
  Visitor visitor(Instance at) throws InterruptedException {
    var visitor = new Visitor(guest(at), List.of(a, b), history, complaints::add);
    visitors.add(visitor);
    return visitor;
  }

  /// A client that hears nothing, closed by the caller.
  McpTestClient guest(Instance at) throws InterruptedException {
    var client = new McpTestClient().withHeader("X-User", USER);
    client.on(at).connect(Trio.REVISION, CAPABILITIES);
    return client;
  }

  /// What a program does that holds the server's handle: again, while it is told that the database
  /// did not do it. The history finds what was done all the same.
  static <T> T patiently(Supplier<T> work) {
    var until = System.nanoTime() + Trio.FAULT_PATIENCE.toNanos();
    while (true) {
      try {
        return work.get();
      } catch (DatabaseFailure e) {
        if (System.nanoTime() - until > 0) {
          throw e;
        }
      }
    }
  }

  static void patiently(Runnable work) {
    patiently(() -> {
      work.run();
      return true;
    });
  }

  /// Sends the text to one.
  void send(Instance from, Visitor to, String text) {
    history.attempted(to.stream(), text);
    patiently(() -> Trio.send(from, to.client(), text));
    history.acknowledged(to.stream(), text);
  }

  /// Sends the text to all.
  void broadcast(Instance from, String text) {
    visitors.forEach(visitor -> history.attempted(visitor.stream(), text));
    patiently(() -> from.server().handle().broadcast(Trio.notification(text)));
    visitors.forEach(visitor -> history.acknowledged(visitor.stream(), text));
  }

  /// Every background job, twice: what failed once is done the second time.
  void sweep() {
    for (var i = 0; i < 2; i++) {
      a.server().sweepOnce();
      b.server().sweepOnce();
    }
  }

  /// Waits for what no event tells.
  static void await(String what, Supplier<Boolean> condition) {
    var until = System.nanoTime() + Trio.FAULT_PATIENCE.toNanos();
    while (!condition.get()) {
      if (System.nanoTime() - until > 0) {
        throw new AssertionError("not within " + Trio.FAULT_PATIENCE + ": " + what);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      var _ = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Begins a new judgement.
  void begin() {
    history = new History();
    complaints.clear();
    proxy.forget();
    a.events().clear();
    b.events().clear();
  }

  /// Lets all clients go and judges.
  ///
  /// @return what is wrong
  List<String> judge() {
    var wrong = new ArrayList<String>();
    for (var visitor : visitors) {
      leave(visitor, wrong);
    }
    visitors.clear();
    wrong.addAll(complaints);
    history.verdict().findings().forEach(finding -> wrong.add(finding.toString()));
    wrong.addAll(settled());
    for (var instance : List.of(a, b)) {
      wrong.addAll(ill(instance));
    }
    return wrong;
  }

  private void leave(Visitor visitor, List<String> wrong) {
    visitor.close();
    try (var last =
        new McpTestClient()
            .withHeader("X-User", USER)
            .withSession(visitor.stream(), Trio.REVISION)) {
      var status = last.on(b).delete().status();
      if (status >= 300 && status != 404) {
        wrong.add("DELETE was answered " + status);
      }
    }
  }

  private List<String> settled() {
    var until = System.nanoTime() + SETTLED.toNanos();
    var left = db.sql(LEFTOVERS).column();
    while (!left.isEmpty() && System.nanoTime() - until < 0) {
      sweep();
      pause();
      left = db.sql(LEFTOVERS).column();
    }
    return left;
  }

  private static List<String> ill(Instance instance) {
    var wrong = new ArrayList<String>();
    try (var client = new McpTestClient()) {
      var ready = client.on(instance.url().resolve("/observe/health/ready"));
      await(instance + " is ready", () -> ready.raw("GET", new byte[0]).status() == 200);
    } catch (AssertionError e) {
      wrong.add(e.getMessage());
    }
    for (var kind :
        List.of(
            ServerEvent.HandlerFailed.class,
            ServerEvent.CallFailed.class,
            ServerEvent.RequestFailed.class,
            ServerEvent.InstanceFenced.class)) {
      instance.events().all(kind).forEach(event -> wrong.add(String.valueOf(event)));
    }
    return wrong;
  }

  @Override
  public void close() {
    visitors.forEach(Visitor::close);
    try (db;
        proxy) {
      cluster.close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
