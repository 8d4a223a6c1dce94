package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;

/// Clients that call without a pause and others that listen, through one balancer, while instances
/// leave and come back. A client of these repeats nothing: what fails is counted.
final class Load implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final String REVISION = "2025-11-25";

  /// One tool that answers with a document, and one that sends first and so becomes a stream.
  static final Catalog CATALOG =
      Catalog.builder()
          .add(
              Tool.named("brief")
                  .description("Answers at once")
                  .handler((_, _) -> ToolResult.text("done")))
          .add(
              Tool.named("talk")
                  .description("Says something, then answers")
                  .handler((_, context) -> {
                    context.log(LogLevel.ERROR, "listen");
                    return ToolResult.text("done");
                  }))
          .build();

  private final URI url;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch listening;
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Set<String> answering = ConcurrentHashMap.newKeySet();
  private final AtomicLong answers = new AtomicLong();
  private final AtomicInteger reopened = new AtomicInteger();

  Load(URI url, int callers, int listeners) {
    this.url = url;
    this.listening = new CountDownLatch(listeners);
    for (var i = 0; i < callers; i++) {
      var _ = threads.submit(() -> run(this::call));
    }
    for (var i = 0; i < listeners; i++) {
      var _ = threads.submit(() -> run(this::listen));
    }
  }

  /// What a client does in its session.
  @FunctionalInterface
  private interface Use {
    void by(McpTestClient client) throws Exception;
  }

  private void run(Use use) {
    try (var client = new McpTestClient()) {
      client.on(url).connect(REVISION);
      use.by(client);
    } catch (Exception | AssertionError e) {
      failures.add(String.valueOf(e));
    }
  }

  private void call(McpTestClient client) {
    for (var turn = 0; stopping.getCount() > 0; turn++) {
      try {
        var reply = client.on(url).call(turn % 3 == 0 ? "talk" : "brief");
        assertThat(reply.text()).isEqualTo("done");
        answering.add(Objects.requireNonNullElse(reply.header("trunkline-instance"), "nobody"));
        answers.incrementAndGet();
      } catch (Exception | AssertionError e) {
        failures.add(String.valueOf(e));
      }
    }
  }

  /// Comes back at once with what it knows, as soon as its stream ends.
  private void listen(McpTestClient client) throws Exception {
    var stream = client.on(url).get().sse();
    stream.next(PATIENCE);
    listening.countDown();
    while (stopping.getCount() > 0) {
      if (isOver(stream)) {
        if (stream.failure() != null) {
          failures.add("a stream broke: " + stream.failure());
        }
        stream = client.on(url).resume(stream.requireLastEventId()).sse();
        stream.next(PATIENCE);
        reopened.incrementAndGet();
      }
    }
  }

  private static boolean isOver(RawSse stream) throws InterruptedException {
    try {
      stream.awaitEnd(LOOK);
      return true;
    } catch (AssertionError _) {
      return false;
    }
  }

  /// Each instance in turn leaves in peace and comes back on its port; the balancer finds it again.
  void restartEach(Iterable<TestCluster.Instance> instances, TestCluster cluster)
      throws InterruptedException {
    assertThat(listening.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    for (var instance : instances) {
      awaitAnswerOf(instance);
      instance.close();
      var port = Integer.toString(instance.url().getPort());
      awaitAnswerOf(cluster.start("again", "port", port));
    }
  }

  private void awaitAnswerOf(TestCluster.Instance instance) throws InterruptedException {
    var until = System.nanoTime() + PATIENCE.toNanos();
    while (!answering.contains(Integer.toString(instance.id()))) {
      if (System.nanoTime() - until > 0 || stopping.await(10, TimeUnit.MILLISECONDS)) {
        throw new AssertionError(instance + " answers nobody; failures: " + failures);
      }
    }
  }

  /// Ends the load, and fails when anything of it did.
  void requireNoFailure() {
    stopping.countDown();
    threads.close();
    System.out.printf(
        "%d answers, %d streams opened again, %d failures%n",
        answers.get(), reopened.get(), failures.size());
    assertThat(failures).as("of %s requests", answers).isEmpty();
    assertThat(reopened.get()).as("streams that moved").isPositive();
  }

  @Override
  public void close() {
    stopping.countDown();
    threads.shutdownNow();
  }
}
