package trunkline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.feature.ClientCapability;
import trunkline.feature.InHeader;
import trunkline.feature.Resource;
import trunkline.feature.SamplingRequest;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;
import trunkline.testing.TestDatabase;

/// The client of the test kit over two instances, in either era.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class McpTestClientTest {
  record Region(@InHeader("Region") String region) {}

  private static final CountDownLatch KILLED = new CountDownLatch(1);
  private static final CountDownLatch STARTED = new CountDownLatch(1);

  private static final Tool SUMMARIZE =
      Tool.named("summarize")
          .description("Asks the model")
          .handler((none, context) -> {
            context.log(LogLevel.INFO, "asking");
            return ToolResult.text(context.sample(SamplingRequest.of("Shorter!", 10)).text());
          });

  private static final Tool ROUTE =
      Tool.named("route")
          .description("Repeats what is in a header too")
          .input(Region.class)
          .handler((route, context) -> ToolResult.text(route.region()));

  private static final Tool TOUCH =
      Tool.named("touch")
          .description("Says that the menu has changed")
          .handler((none, context) -> {
            context.server().resourceUpdated("shop://menu");
            return ToolResult.text("touched");
          });

  private static final Tool OUTLIVE =
      Tool.named("outlive")
          .description("Is run again where its first instance was killed")
          .readOnly()
          .handler((none, context) -> {
            context.progress(1, 2);
            STARTED.countDown();
            KILLED.await();
            return ToolResult.text("alive");
          });

  private static final Resource MENU =
      Resource.at("shop://menu")
          .name("menu")
          .mimeType("text/plain")
          .text((request, context) -> "pizza");

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String EXECUTOR =
      "select writer_instance from trunkline.calls join trunkline.streams using (stream_id)"
          + " where calls.finished_at is null";

  private static final TestDatabase DB = TestDatabase.create();

  /// After the servers, which are registered later and end earlier.
  @RegisterExtension
  @Order(1)
  static final AfterAllCallback DROPPED = context -> DB.close();

  @RegisterExtension
  @Order(2)
  static final TrunklineServers SERVERS =
      TrunklineServers.of(SUMMARIZE, ROUTE, TOUCH, OUTLIVE, MENU)
          .database(DB.url(), DB.user(), DB.password())
          .option("lease", "2s");

  @ParameterizedTest
  @ValueSource(strings = {"2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"})
  void does_what_its_revision_can(String revision) throws Exception {
    var client = SERVERS.client(revision).complete("short");

    assertThat(client.tools()).containsExactly("summarize", "route", "touch", "outlive");
    assertThat(client.call("summarize").text()).isEqualTo("short");
    assertThat(client.questions().getFirst().message()).isEqualTo("Shorter!");
    assertThat(client.logs()).contains(new ScriptedClient.Log(LogLevel.INFO, null, "asking"));
    assertThat(client.call("route", new Region(" eü ")).text()).isEqualTo(" eü ");
    assertThat(client.read("shop://menu")).isEqualTo("pizza");
    assertThat(client.sessionId() == null).isEqualTo(revision.equals("2026-07-28"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  void hears_of_a_change_on_the_other_instance(String revision) throws Exception {
    var client = SERVERS.client(revision).listen("shop://menu");

    assertThat(SERVERS.client().call("touch").text()).isEqualTo("touched");

    assertThat(client.awaitNotification("notifications/resources/updated").path("uri").asString())
        .isEqualTo("shop://menu");
  }

  @Test
  void an_end_of_the_script_fails_the_test_and_frees_the_tool() {
    assertThatThrownBy(() -> SERVERS.client().call("summarize"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("\"Shorter!\": add complete(…)");
  }

  @Test
  void errors_are_thrown_and_failures_are_results() throws Exception {
    assertThatThrownBy(() -> SERVERS.client().call("unknown"))
        .isInstanceOf(RequestRefused.class)
        .hasMessageContaining("unknown");
    assertThat(SERVERS.client().without(ClientCapability.SAMPLING).call("summarize").isError())
        .isTrue();
  }

  /// The last one: one instance less.
  @Test
  @Order(Integer.MAX_VALUE)
  void a_call_goes_on_when_its_instance_is_killed() throws Exception {
    var client = SERVERS.client();
    var killer = Thread.startVirtualThread(McpTestClientTest::killWhoRunsIt);

    assertThat(client.call("outlive").text()).isEqualTo("alive");
    killer.join();
    assertThat(SERVERS.urls()).hasSize(1);
  }

  private static void killWhoRunsIt() {
    try {
      STARTED.await();
      DB.await("exists (select from trunkline.calls where finished_at is null)", PATIENCE);
      var executor = DB.sql(EXECUTOR).text();
      SERVERS.kill(executor.equals("" + SERVERS.server(0).instance()) ? 0 : 1);
      KILLED.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
