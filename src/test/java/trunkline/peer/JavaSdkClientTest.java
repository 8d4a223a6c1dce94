package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CompleteRequest;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.LoggingLevel;
import io.modelcontextprotocol.spec.McpSchema.PromptReference;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import io.modelcontextprotocol.spec.McpSchema.Resource;
import io.modelcontextprotocol.spec.McpSchema.ResourceTemplate;
import io.modelcontextprotocol.spec.McpSchema.SubscribeRequest;
import io.modelcontextprotocol.spec.McpSchema.TextResourceContents;
import io.modelcontextprotocol.spec.McpSchema.UnsubscribeRequest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message.Notification;
import trunkline.sample.SampleCatalog;
import trunkline.testing.McpTestClient;
import trunkline.testing.Proxy;
import trunkline.testing.RoundRobin;
import trunkline.testing.TestCluster;

/// The Java SDK's client, each of its requests to another of three instances, one of which only
/// polls.
///
/// As of 2.1.0 it reads event ids and does nothing with them: it comes back neither for the rest of
/// a call nor for its standalone stream, whether the connection broke or the server closed it with
/// a `retry`. From then on it hears only what comes with its calls.
@Tag("peer")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaSdkClientTest {
  private static final Map<String, Object> SUM = Map.of("a", 1, "operation", "ADD", "b", 2);

  private static final String CALL_STREAM =
      "select stream_id from trunkline.stream_directory where session_id = ? and not standalone";

  private final TestCluster cluster;
  private final CountDownLatch silence = new CountDownLatch(1);
  private List<TestCluster.Instance> instances = List.of();
  private RoundRobin balancer;

  JavaSdkClientTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    cluster.with(catalog());
    instances =
        List.of(cluster.start("a"), cluster.start("b", "poll-only", "true"), cluster.start("c"));
    balancer = RoundRobin.over(instances.stream().map(TestCluster.Instance::url).toList());
  }

  @AfterAll
  void end() throws IOException {
    if (balancer != null) {
      balancer.close();
    }
    cluster.close();
  }

  private Catalog catalog() {
    var catalog = Catalog.builder();
    new SampleCatalog().addTo(catalog);
    return catalog
        .add(
            Tool.named("fall_silent")
                .description("Sends something first, then nothing until the test says so")
                .handler((none, context) -> {
                  context.progress(1, 2.0, "now silence");
                  silence.await();
                  return ToolResult.text("after the silence");
                }))
        .build();
  }

  private JavaClient connect(URI url) {
    var client = new JavaClient(url);
    client.sdk().initialize();
    return client;
  }

  @Test
  void lists_reads_and_completes() {
    try (var client = connect(balancer.url())) {
      var sdk = client.sdk();
      assertThat(sdk.getCurrentInitializationResult().protocolVersion()).isEqualTo("2025-11-25");
      assertThat(sdk.getServerInfo().name()).isEqualTo("trunkline");
      assertThat(JavaClient.names(sdk.listTools().tools())).contains("calculate", "bake");
      assertThat(sdk.listResources().resources())
          .extracting(Resource::uri)
          .contains("sample://clock");
      assertThat(sdk.listResourceTemplates().resourceTemplates())
          .extracting(ResourceTemplate::uriTemplate)
          .contains("sample://cities/{name}");
      assertThat(sdk.listPrompts().prompts().getFirst().name()).isEqualTo("travel_guide");
      assertThat(
              sdk.getPrompt(
                      GetPromptRequest.builder("travel_guide")
                          .arguments(Map.of("city", "Lisbon"))
                          .build())
                  .messages())
          .hasSize(1);
      var city =
          sdk.readResource(ReadResourceRequest.builder("sample://cities/Lisbon").build())
              .contents()
              .getFirst();
      assertThat(((TextResourceContents) city).text()).startsWith("Climbs seven hills");
      assertThat(
              sdk.completeCompletion(
                      CompleteRequest.builder(
                              new PromptReference("travel_guide"),
                              new CompleteRequest.CompleteArgument("city", "Li"))
                          .build())
                  .completion()
                  .values())
          .containsExactly("Lisbon");
      var unknown =
          catchThrowableOfType(
              McpError.class,
              () -> sdk.readResource(ReadResourceRequest.builder("sample://nowhere").build()));
      assertThat(unknown.getJsonRpcError().code()).isEqualTo(-32002);
    }
  }

  /// The client holds the structured result to the schema that the list has given it.
  @Test
  void calls_tools() {
    try (var client = connect(balancer.url())) {
      var sum = client.call("calculate", SUM);
      assertThat(sum.structuredContent()).isEqualTo(Map.of("value", 3));
      var wrong = client.call("calculate", Map.of("a", "one"));
      assertThat(wrong.isError()).isTrue();
      assertThat(client.call("add_note", Map.of("text", "remember")).isError()).isNotEqualTo(true);
      assertThat(client.call("list_notes", Map.of()).structuredContent())
          .isEqualTo(Map.of("notes", List.of("remember")));
    }
  }

  @Test
  void is_asked_and_answers_to_another_instance() throws InterruptedException {
    try (var client = connect(balancer.url())) {
      assertThat(client.say("order_pizza", Map.of("guests", 2)))
          .isEqualTo("2 × LARGE pizza with [OLIVES], gluten-free");
      assertThat(client.hear("asked Which pizza for 2?")).hasSize(1);
      assertThat(client.say("summarize", Map.of("text", "a long story")))
          .isEqualTo("shorter: a long story");
      assertThat(client.say("show_roots", Map.of())).isEqualTo("file:///peer");
    }
  }

  @Test
  void hears_how_far_its_call_is() throws InterruptedException {
    try (var client = connect(balancer.url())) {
      client.sdk().setLoggingLevel(LoggingLevel.DEBUG);
      assertThat(client.say("bake", Map.of("seconds", 1))).isEqualTo("The bread is ready.");
      String[] all = {
        "progress 1",
        "progress 2",
        "progress 3",
        "progress 4",
        "log the oven is on",
        "log the oven is off"
      };
      assertThat(client.hear(all)).containsExactlyInAnyOrder(all);
      client.sdk().setLoggingLevel(LoggingLevel.WARNING);
      assertThat(client.say("bake", Map.of("seconds", 1))).isEqualTo("The bread is ready.");
      assertThat(client.hear("progress 1", "progress 2", "progress 3", "progress 4")).hasSize(4);
    }
  }

  @Test
  void hears_what_has_changed() throws InterruptedException {
    try (var client = connect(balancer.url())) {
      var sdk = client.sdk();
      sdk.subscribeResource(SubscribeRequest.builder("sample://clock").build());
      for (var instance : instances) {
        instance.server().handle().resourceUpdated("sample://clock");
        assertThat(client.hear("update sample://clock")).hasSize(1);
      }
      sdk.unsubscribeResource(UnsubscribeRequest.builder("sample://clock").build());
      instances.getFirst().server().handle().resourceUpdated("sample://clock");

      client.say("hide_surprise", Map.of("hidden", true));
      var changed = client.hear("tools " + listed(client));
      assertThat(changed).hasSize(1);
      assertThat(changed.getFirst()).doesNotContain(", surprise");
      client.say("hide_surprise", Map.of("hidden", false));
      client.hear("tools " + listed(client));
      client.leave();
      assertThat(client.rest()).isEmpty();
    }
  }

  private static List<String> listed(JavaClient client) {
    return JavaClient.names(client.sdk().listTools().tools());
  }

  @Test
  void hears_a_broadcast_once_wherever_its_stream_is() throws InterruptedException {
    try (var client = connect(balancer.url())) {
      for (var instance : instances) {
        instance.server().handle().broadcast(log("from " + instance.id()));
      }
      var last = instances.stream().map(i -> "log from " + i.id()).toArray(String[]::new);
      assertThat(client.hear(last)).containsExactlyInAnyOrder(last);
      client.leave();
      assertThat(client.rest()).isEmpty();
    }
  }

  /// What it lost it never fetches: another client of the same session can.
  @Test
  void loses_with_a_connection_the_call_but_not_the_session() throws Exception {
    try (var network = new Proxy("127.0.0.1", balancer.url().getPort());
        var client = connect(URI.create("http://127.0.0.1:" + network.port() + "/mcp"));
        var resuming = new McpTestClient().withSession(client.session(), "2025-11-25")) {
      var call = new FutureTask<>(() -> client.say("fall_silent", Map.of()));
      Thread.startVirtualThread(call);
      client.hear("progress 1");
      network.cut();
      silence.countDown();

      var session = client.session();
      while (catchThrowable(() -> client.sdk().ping()) != null) {
        // met a connection whose end the client has not noticed yet
      }
      assertThat(client.say("calculate", SUM)).isEqualTo("{\"value\":3}");
      assertThat(client.session()).isEqualTo(session);
      var stream = cluster.database().sql(CALL_STREAM, session).number();
      for (var instance : instances) {
        var events = resuming.on(instance.url()).resume(stream + ".0.0").sse();
        assertThat(events.nextMessage().toString()).contains("now silence");
        assertThat(events.nextMessage().toString()).contains("after the silence");
      }

      client.leave();
      assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
          .hasRootCauseMessage("MCP session with server terminated");
    }
  }

  /// The call that meets a 404 fails; the client initializes anew by itself.
  @Test
  void opens_another_session_when_its_own_was_ended() throws InterruptedException {
    try (var client = connect(balancer.url());
        var other = new McpTestClient()) {
      client.call("add_note", Map.of("text", "gone"));
      var session = client.session();
      other.withSession(session, "2025-11-25").on(instances.getLast().url()).delete();

      assertThatThrownBy(() -> client.call("list_notes", Map.of()))
          .isInstanceOf(RuntimeException.class); // of which kind is up to a race within the client

      assertThat(client.call("list_notes", Map.of()).structuredContent())
          .isEqualTo(Map.of("notes", List.of()));
      assertThat(client.session()).isNotEqualTo(session);
    }
  }

  @Test
  void its_close_ends_the_session_on_every_instance() throws InterruptedException {
    try (var client = connect(balancer.url());
        var other = new McpTestClient()) {
      client.sdk().ping();
      other.withSession(client.session(), "2025-11-25");
      client.leave();
      for (var instance : instances) {
        assertThat(other.on(instance.url()).request("ping", "{}").status()).isEqualTo(404);
      }
    }
  }

  private static Notification log(String text) {
    return new Notification(
        "notifications/message",
        Codec.object().put("level", "notice").put("logger", "test").put("data", text));
  }
}
