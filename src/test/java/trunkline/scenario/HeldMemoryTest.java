package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.telemetry.ServerEvent.StreamClosed;
import trunkline.testing.McpTestClient;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Goal: whatever an instance keeps for longer than a request takes is in the budget of memory, and
/// out of it when it is over. Method: each kind is made large and kept from ending; the meter says
/// what is held.
@Tag("cluster")
@Timeout(120)
class HeldMemoryTest {
  private static final int LARGE = 200_000;
  private static final String TEXT = "x".repeat(LARGE);
  private static final Pattern USED =
      Pattern.compile("(?m)^trunkline_memory_used_bytes(?:\\{.*})? ([-0-9.E]+)$");
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  /// Others' small requests, such as those for the meter.
  private static final long NEXT_TO_NOTHING = 10_000;

  private final ScenarioTools tools = new ScenarioTools();
  private final McpTestClient client = new McpTestClient();
  private final McpTestClient meter = new McpTestClient();
  private final Gate gate = tools.gate(TEXT);
  private final TestDatabase db;
  private final TestCluster.Instance instance;

  HeldMemoryTest(TestCluster cluster) {
    this.db = cluster.database();
    this.instance = cluster.with(tools.catalog()).with("keep-alive", "200ms").start("only");
  }

  @BeforeEach
  void connect() throws InterruptedException {
    client.on(instance).connect("2025-11-25", Trio.EVERYTHING);
  }

  @AfterEach
  void requireNothingHeld() {
    gate.open();
    client.close();
    awaitUsed(bytes -> bytes < NEXT_TO_NOTHING);
    meter.close();
  }

  @Test
  void what_a_call_was_asked_whose_client_is_gone() throws Exception {
    try (var socket = new Socket(instance.url().getHost(), instance.url().getPort())) {
      socket.getOutputStream().write(request(call("wait_silently", "")));
      gate.awaitBegun();
    }
    instance.events().await(StreamClosed.class);

    awaitUsed(bytes -> bytes > LARGE);
  }

  @Test
  void what_a_task_was_asked_and_its_result_until_it_is_stored() throws Exception {
    var _ = client.on(instance).post(call("wait_silently", ",\"task\":{}")).result();
    gate.awaitBegun();
    awaitUsed(bytes -> bytes > LARGE);
    var asked = used();

    try (var _ = OpenTransaction.on(db, "select from trunkline.tasks for update")) {
      gate.open();
      awaitUsed(bytes -> bytes > asked + LARGE);
    }
  }

  @Test
  void what_waits_for_its_stream() throws Exception {
    var message = new Message.Notification("notifications/x", Codec.object().put("x", TEXT));
    try (var _ = OpenTransaction.on(db, "select from trunkline.streams for update")) {
      Thread.startVirtualThread(() -> instance.server().handle().send(client.sessionId(), message));
      awaitUsed(bytes -> bytes > LARGE);
    }
  }

  @Test
  void what_is_to_be_announced() throws Exception {
    var message = new Message.Notification("notifications/x", Codec.object().put("x", TEXT));
    try (var _ = OpenTransaction.on(db, "select from trunkline.announcement_lock for update")) {
      Thread.startVirtualThread(() -> instance.server().handle().broadcast(message));
      awaitUsed(bytes -> bytes > LARGE);
    }
  }

  @Test
  void what_a_client_answered() throws Exception {
    var asking = tools.gate("asking");
    var stream = client.on(instance).call("ask_and_hold", Trio.named("asking")).sse();
    var question = stream.nextMessage("elicitation/create");

    var _ =
        client
            .on(instance)
            .respond(question, json("{'action':'accept','content':{'name':'%s'}}", TEXT));
    asking.awaitBegun();

    awaitUsed(bytes -> bytes > LARGE);
    asking.open();
  }

  private byte[] request(String body) {
    var head =
        """
        POST /mcp HTTP/1.1\r
        Host: localhost\r
        Content-Type: application/json\r
        Accept: application/json, text/event-stream\r
        Mcp-Session-Id: %s\r
        MCP-Protocol-Version: 2025-11-25\r
        Content-Length: %d\r
        \r
        """
            .formatted(client.sessionId(), body.length());
    return (head + body).getBytes(StandardCharsets.US_ASCII);
  }

  private static String call(String tool, String more) {
    return json(
            "{'jsonrpc':'2.0','id':77,'method':'tools/call','params':{'name':'%s','arguments':{'name':'%s'}",
            tool, TEXT)
        + more
        + "}}";
  }

  private void awaitUsed(LongPredicate condition) {
    var until = System.nanoTime() + PATIENCE.toNanos();
    var bytes = used();
    while (!condition.test(bytes)) {
      assertThat(System.nanoTime() - until).as("%d bytes are held", bytes).isNegative();
      bytes = used();
    }
  }

  private long used() {
    var url = URI.create(instance.url().toString().replace("/mcp", "/observe/metrics"));
    var line = USED.matcher(meter.on(url).raw("GET", new byte[0]).body());
    assertThat(line.find()).isTrue();
    return (long) Double.parseDouble(line.group(1));
  }
}
