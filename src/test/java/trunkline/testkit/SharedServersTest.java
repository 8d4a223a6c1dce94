package trunkline.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.feature.Catalog;
import trunkline.feature.InHeader;
import trunkline.feature.Resource;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// Servers that several test classes share, of which one dies.
@Timeout(60)
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class SharedServersTest {
  record Region(@InHeader("Region") String region) {}

  private static final Tool TOUCH =
      Tool.named("touch")
          .description("Says that the menu has changed")
          .handler((none, context) -> {
            context.server().resourceUpdated("shop://menu");
            return ToolResult.text("touched");
          });

  private static final Tool WAIT =
      Tool.named("wait")
          .description("Fills a page")
          .handler((none, context) -> ToolResult.text(""));

  private static final Tool ROUTE =
      Tool.named("route")
          .description("On the last page")
          .input(Region.class)
          .handler((route, context) -> ToolResult.text(route.region()));

  private static final Resource MENU =
      Resource.at("shop://menu")
          .name("menu")
          .mimeType("text/plain")
          .text((request, context) -> "pizza");

  @RegisterExtension
  static final TrunklineServers SERVERS =
      TrunklineServers.of(Catalog.builder().pageSize(1).add(TOUCH, WAIT, ROUTE, MENU).build());

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void lists_are_read_to_their_last_page(String revision) throws Exception {
    var client = SERVERS.client(revision);

    assertThat(client.call("route", new Region("eu")).text()).isEqualTo("eu");
    assertThat(client.tools()).containsExactly("touch", "wait", "route");
  }

  @Nested
  @Order(1)
  class Within {
    @Test
    void has_the_servers_of_the_class_around_it() throws Exception {
      assertThat(SERVERS.urls()).hasSize(2);
      assertThat(SERVERS.client().call("touch").text()).isEqualTo("touched");
    }
  }

  @Nested
  @Order(2)
  class AfterAnother {
    /// The one that hears first is the one that each client connects to first.
    @Test
    void listening_goes_on_where_its_instance_was_killed() throws Exception {
      var session = SERVERS.client("2025-11-25").listen("shop://menu");
      var stateless = SERVERS.client("2026-07-28").listen("shop://menu");
      SERVERS.kill(0);

      var heard = new CountDownLatch(1);
      var toucher = Thread.startVirtualThread(() -> touch(heard));
      for (var client : new McpTestClient[] {session, stateless}) {
        assertThat(
                client.awaitNotification("notifications/resources/updated").path("uri").asString())
            .isEqualTo("shop://menu");
      }
      heard.countDown();
      toucher.join();
    }

    /// A client without a session hears what changes after it listens again.
    private static void touch(CountDownLatch heard) {
      try {
        var client = SERVERS.client();
        do {
          client.call("touch");
        } while (!heard.await(200, TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
