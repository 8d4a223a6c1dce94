package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// Goal: what belongs to a catalog is open as long as a handler may use it, and closed once after
/// that, however its servers end.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClosingAcrossInstancesTest {
  private final TestCluster cluster;

  ClosingAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster.with("drain-timeout", "0s");
  }

  @AfterAll
  void stop() {
    cluster.close();
  }

  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
  private final Gate gate = new Gate();

  private Catalog catalog() {
    closed.clear();
    return Catalog.builder()
        .closing(() -> closed.add("pool"))
        .closing(() -> {
          throw new IllegalStateException("cannot");
        })
        .closing(() -> closed.add("cache"))
        .add(
            Tool.named("hold")
                .description("Hears no interrupt")
                .handler((_, _) -> {
                  gate.begin();
                  gate.passUninterrupted();
                  closed.add("handler");
                  return ToolResult.text("held");
                }))
        .build();
  }

  private List<String> soon(int count) throws InterruptedException {
    var heard = new ArrayList<String>();
    while (heard.size() < count) {
      var next = closed.poll(Trio.FAULT_PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(next).as("after %s", heard).isNotNull();
      heard.add(next);
    }
    return heard;
  }

  @Test
  void the_last_of_its_servers_closes_it_the_latest_first() throws InterruptedException {
    var catalog = catalog();
    cluster.with(catalog);
    var a = cluster.start("a");
    var b = cluster.start("b");

    a.close();
    assertThat(closed).as("b serves it").isEmpty();
    b.close();
    assertThat(soon(2)).containsExactly("cache", "pool");

    assertThatThrownBy(() -> cluster.start("c"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("build another");
    assertThat(closed).as("once").isEmpty();
  }

  @Test
  void a_killed_server_closes_it_too() throws InterruptedException {
    cluster.with(catalog());
    cluster.start("a").kill();

    assertThat(soon(2)).containsExactly("cache", "pool");
  }

  @Test
  void a_server_that_cannot_start_closes_it() throws InterruptedException {
    cluster.with(catalog());
    assertThatThrownBy(
            () -> cluster.start("a", "database-url", "jdbc:postgresql://127.0.0.1:1/none"))
        .isInstanceOf(RuntimeException.class);

    assertThat(soon(2)).containsExactly("cache", "pool");
  }

  @Test
  void a_server_whose_port_is_taken_closes_it() throws Exception {
    cluster.with(catalog());
    try (var other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      var port = Integer.toString(other.getLocalPort());
      assertThatThrownBy(() -> cluster.start("a", "port", port))
          .isInstanceOf(RuntimeException.class)
          .hasMessageContaining(port);
    }
    assertThat(soon(2)).containsExactly("cache", "pool");
  }

  @Test
  void a_handler_that_hears_no_interrupt_is_waited_for() throws Exception {
    cluster.with(catalog());
    var a = cluster.start("a");
    try (var client = new McpTestClient()) {
      client.on(a).connect("2025-11-25");
      var call = Thread.startVirtualThread(() -> client.on(a).call("hold"));
      gate.awaitBegun();

      a.close();
      assertThat(closed).as("its handler runs").isEmpty();
      gate.open();
      assertThat(soon(3)).containsExactly("handler", "cache", "pool");
      call.join();
    }
  }
}
