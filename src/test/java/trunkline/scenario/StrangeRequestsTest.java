package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.NullNode;
import trunkline.jsonrpc.ErrorCode;
import trunkline.telemetry.ServerEvent;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: requests that are wrong for MCP get the status and the error of MCP, on whichever instance
/// they arrive, and no instance counts one as a defect of its own.
///
/// What is wrong for HTTP already is `trunkline.http.BadInputTest`.
@Tag("cluster")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StrangeRequestsTest {
  private static final String PING = "{'jsonrpc':'2.0','id':1,'method':'ping'}";
  private static final String INITIALIZE =
      "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'protocolVersion':'2025-11-25',"
          + "'capabilities':{},'clientInfo':{'name':'x','version':'1'}}}";
  private static final String NOTICE = "{'jsonrpc':'2.0','method':'notifications/x'}";
  private static final String ANSWER = "{'jsonrpc':'2.0','id':'zzz','result':{}}";
  private static final String CLAIM =
      "{'_meta':{'io.modelcontextprotocol/protocolVersion':'2026-07-28'}}";
  private static final int NONE = 0;

  /// Single quotes stand for double ones; the code is 0 where the answer carries no error.
  record Case(String name, int status, int code, String body, String... headers) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static String call(String method, String params) {
    return PING.replace("ping", method).replace("}", ",'params':" + params + "}");
  }

  static final List<Case> STRANGE =
      List.of(
          new Case("no JSON", 400, -32700, "hello"),
          new Case("nothing", 400, -32700, ""),
          new Case("a batch after 2025-03-26", 400, -32600, "[" + PING + "]"),
          new Case("no session", 400, -32000, PING, "Mcp-Session-Id", ""),
          new Case("a batch without session", 400, -32000, "[" + PING + "]", "Mcp-Session-Id", ""),
          new Case("a session of nobody", 404, -32001, PING, "Mcp-Session-Id", "0".repeat(32)),
          new Case("no session id", 404, -32001, PING, "Mcp-Session-Id", "' or 1=1 --"),
          new Case("a revision of nobody", 400, -32022, PING, "MCP-Protocol-Version", "1999-01-01"),
          new Case("the stateless header", 400, -32602, PING, "MCP-Protocol-Version", "2026-07-28"),
          new Case(
              "a stateless request",
              400,
              -32602, // what its client can do is missing
              call("tools/list", CLAIM),
              "MCP-Protocol-Version",
              "2026-07-28"),
          new Case(
              "a claim that is no text",
              400,
              -32602,
              call("ping", CLAIM.replace("'2026-07-28'", "7"))),
          new Case(
              "a stateless notification",
              202,
              NONE,
              NOTICE,
              "MCP-Protocol-Version",
              "2026-07-28",
              "Mcp-Session-Id",
              ""),
          new Case(
              "an answer under the stateless header",
              400,
              -32600,
              ANSWER,
              "MCP-Protocol-Version",
              "2026-07-28"),
          new Case(
              "a notice under a revision of nobody",
              400,
              -32022,
              NOTICE,
              "MCP-Protocol-Version",
              "1999-01-01"),
          new Case(
              "an answer under a revision of nobody",
              400,
              -32022,
              ANSWER,
              "MCP-Protocol-Version",
              "1999-01-01"),
          new Case(
              "a batch under a revision of nobody",
              400,
              -32022,
              "[" + PING + "]",
              "MCP-Protocol-Version",
              "1999-01-01"),
          new Case(
              "a batch with a stateless request", 400, -32600, "[" + call("ping", CLAIM) + "]"),
          new Case("a notice without session", 400, -32000, NOTICE, "Mcp-Session-Id", ""),
          new Case(
              "a notice to a session of nobody",
              404,
              -32001,
              NOTICE,
              "Mcp-Session-Id",
              "0".repeat(32)),
          new Case("an answer without session", 400, -32000, ANSWER, "Mcp-Session-Id", ""),
          new Case(
              "an answer to a session of nobody",
              404,
              -32001,
              ANSWER,
              "Mcp-Session-Id",
              "0".repeat(32)),
          new Case("no revision named", 200, NONE, PING, "MCP-Protocol-Version", ""),
          new Case("another revision", 200, NONE, PING, "MCP-Protocol-Version", "2025-03-26"),
          new Case("the first revision", 200, NONE, PING, "MCP-Protocol-Version", "2024-11-05"),
          new Case("initialize within a session", 200, NONE, INITIALIZE),
          new Case(
              "initialize under a revision of nobody",
              200,
              NONE,
              INITIALIZE,
              "MCP-Protocol-Version",
              "1999-01-01",
              "Mcp-Session-Id",
              ""),
          new Case(
              "initialize of a revision of nobody",
              200,
              NONE,
              INITIALIZE.replace("2025-11-25", "1999-01-01"),
              "Mcp-Session-Id",
              ""),
          new Case("id null", 400, -32600, PING.replace(":1,", ":null,")),
          new Case(
              "id of too many digits",
              400,
              -32600,
              PING.replace(":1,", ":" + "9".repeat(256) + ",")),
          new Case("id with a point", 400, -32600, PING.replace(":1,", ":1.0,")),
          new Case("id of half a character", 400, -32700, PING.replace(":1,", ":'\\ud800',")),
          new Case("params in a list", 400, -32602, call("ping", "[1]")),
          new Case("an unknown method", 200, -32601, call("no/such", "{}")),
          new Case("an unknown tool", 200, -32602, call("tools/call", "{'name':'nope'}")),
          new Case("a tool without name", 200, -32602, call("tools/call", "{}")),
          new Case("a tool named 7", 200, -32602, call("tools/call", "{'name':7}")),
          new Case(
              "arguments in a list",
              200,
              -32602,
              call("tools/call", "{'name':'x','arguments':[]}")),
          new Case(
              "arguments that do not fit",
              200,
              NONE,
              call("tools/call", "{'name':'test_simple_text','arguments':{'a':1}}")),
          new Case("a resource without uri", 200, -32602, call("resources/read", "{}")),
          new Case(
              "an unknown resource", 200, -32002, call("resources/read", "{'uri':'nope://x'}")),
          new Case(
              "a way out of the folder",
              200,
              -32002,
              call("resources/read", "{'uri':'file:///../../etc/passwd'}")),
          new Case(
              "a resource with NUL",
              200,
              -32002,
              call("resources/subscribe", "{'uri':'test://watched-resource\\u0000'}")),
          new Case("an unknown prompt", 200, -32602, call("prompts/get", "{'name':'nope'}")),
          new Case(
              "a prompt's argument missing",
              200,
              -32602,
              call("prompts/get", "{'name':'test_prompt_with_arguments'}")),
          new Case("a completion of nothing", 200, -32602, call("completion/complete", "{}")),
          new Case("an unknown level", 200, -32602, call("logging/setLevel", "{'level':'loud'}")),
          new Case("an empty cursor", 200, NONE, call("tools/list", "{'cursor':''}")),
          new Case("a cursor named 7", 200, -32602, call("tools/list", "{'cursor':7}")),
          new Case("a foreign cursor", 200, -32602, call("tools/list", "{'cursor':'!!!'}")),
          new Case("no revision", 200, -32602, call("initialize", "{}"), "Mcp-Session-Id", ""),
          new Case(
              "capabilities in words",
              200,
              -32602,
              INITIALIZE.replace("{},", "'all',"),
              "Mcp-Session-Id",
              ""),
          new Case(
              "a client with NUL in its name",
              200,
              NONE,
              INITIALIZE.replace("'x'", "'x\\u0000'"),
              "Mcp-Session-Id",
              ""),
          new Case(
              "a client with half a character",
              400,
              -32700,
              INITIALIZE.replace("'x'", "'\\ud800'"),
              "Mcp-Session-Id",
              ""),
          new Case("a request id with NUL", 200, NONE, PING.replace(":1,", ":'a\\u0000b',")),
          new Case("an answer nobody waits for", 202, NONE, ANSWER),
          new Case(
              "an answer with NUL", 202, NONE, "{'jsonrpc':'2.0','id':'a\\u0000','result':{}}"),
          new Case(
              "an error about nothing",
              202,
              NONE,
              "{'jsonrpc':'2.0','error':{'code':1,'message':'x'}}"),
          new Case("an unknown notification", 202, NONE, NOTICE),
          new Case(
              "a cancel of nothing",
              202,
              NONE,
              "{'jsonrpc':'2.0','method':'notifications/cancelled'}"),
          new Case(
              "a cancel of a wrong type",
              202,
              NONE,
              "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':{}}}"),
          new Case(
              "a cancel with NUL",
              202,
              NONE,
              "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':'a\\u0000','reason':'x\\u0000'}}"));

  private final TestCluster cluster;
  private final McpTestClient client = new McpTestClient();
  private final AtomicInteger turn = new AtomicInteger();
  private List<Instance> instances = List.of();

  StrangeRequestsTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start() throws InterruptedException {
    instances = List.of(cluster.start("a"), cluster.start("b"));
    client.on(next()).connect(Trio.REVISION);
  }

  @AfterAll
  void stop() {
    client.close();
    cluster.close(); // before the class is searched for threads that it left
  }

  private Instance next() {
    return instances.get(turn.getAndIncrement() % instances.size());
  }

  @ParameterizedTest
  @FieldSource("STRANGE")
  void each_is_answered_as_mcp_says_on_every_instance(Case strange) {
    for (var _ : instances) {
      var reply = client.on(next()).post(strange.body().replace('\'', '"'), strange.headers());

      assertThat(reply.status()).isEqualTo(strange.status());
      assertThat(code(reply)).isEqualTo(strange.code());
      assertThat(reply.body().isEmpty()).isEqualTo(strange.status() == 202);
      if (strange.code() != NONE) {
        assertThat(reply.json().path("id")).isEqualTo(readableId(strange));
      }
    }
    for (var instance : instances) {
      assertThat(instance.events().count(ServerEvent.RequestFailed.class)).isZero();
    }
  }

  private static int code(Reply reply) {
    return reply.body().isEmpty() ? NONE : reply.json().path("error").path("code").asInt(NONE);
  }

  /// An error names the request that it answers wherever that could be read, and is silent else.
  private static JsonNode readableId(Case strange) {
    var body = strange.body();
    if (strange.code() == ErrorCode.PARSE_ERROR) {
      return MissingNode.getInstance();
    }
    if (strange.name().startsWith("id ")) {
      return NullNode.getInstance();
    }
    return body.startsWith("{") && body.contains("'id':1,")
        ? IntNode.valueOf(1)
        : MissingNode.getInstance();
  }

  @Test
  void event_ids_of_nobody_are_refused() {
    for (var id :
        List.of(
            "../..",
            "1",
            "-1.-1.-1",
            "999999.0.0",
            "999999999999999999999999.0.0",
            "1.9223372036854775807.0",
            "1.0.9223372036854775807",
            "1.0.0 or 1=1")) {
      var reply = client.on(next()).resume(id);

      assertThat(reply.status()).as(id).isEqualTo(400);
      assertThat(code(reply)).isEqualTo(-32000);
    }
  }

  @Test
  void streams_and_ends_need_a_session_that_lives() {
    var nobody = "0".repeat(32);
    assertThat(client.on(next()).get("Mcp-Session-Id", nobody).status()).isEqualTo(404);
    assertThat(client.on(next()).delete("Mcp-Session-Id", nobody).status()).isEqualTo(404);
    for (var reply :
        List.of(
            client.on(next()).get("Mcp-Session-Id", ""),
            client.on(next()).delete("Mcp-Session-Id", ""))) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.body()).contains("Mcp-Session-Id is required");
    }
    for (var _ : instances) {
      var on = client.on(next());
      assertThat(on.get("MCP-Protocol-Version", "1999-01-01").status()).isEqualTo(400);
      assertThat(on.delete("MCP-Protocol-Version", "1999-01-01").status()).isEqualTo(400);
      assertThat(on.get("MCP-Protocol-Version", "2026-07-28").status()).isEqualTo(405);
      assertThat(on.delete("MCP-Protocol-Version", "2026-07-28").status()).isEqualTo(405);
    }
    assertThat(client.on(next()).request("ping").status()).isEqualTo(200);
  }

  @Test
  void a_batch_of_2025_03_26_may_hold_anything_but_initialize() throws InterruptedException {
    try (var old = new McpTestClient()) {
      old.on(next()).connect("2025-03-26");

      assertThat(old.on(next()).post("[]").status()).isEqualTo(400);
      assertThat(old.on(next()).post("[1]").status()).isEqualTo(400);
      assertThat(old.on(next()).post("[" + INITIALIZE.replace('\'', '"') + "]").status())
          .isEqualTo(400);
      var answers =
          old.on(next())
              .post(
                  ("[" + PING + "," + call("no/such", "{}").replace(":1,", ":2,") + "]")
                      .replace('\'', '"'));
      assertThat(answers.status()).isEqualTo(200);
      assertThat(answers.json().get(1).path("error").path("code").asInt()).isEqualTo(-32601);
    }
  }

  @Test
  void a_huge_body_is_refused_and_the_next_request_served() {
    var huge = ("\"" + "x".repeat(5_000_000) + "\"").getBytes(StandardCharsets.UTF_8);

    assertThat(client.on(next()).post(huge).status()).isEqualTo(413);
    assertThat(client.on(next()).request("ping").status()).isEqualTo(200);
  }
}
