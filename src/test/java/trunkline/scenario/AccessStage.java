package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import trunkline.scenario.AccessTable.Operation;
import trunkline.testing.IdentityProvider;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Two instances that take tokens, API keys and a proxy's word, between which requests alternate;
/// and what all the people of an [AccessTable] have.
final class AccessStage implements AutoCloseable {
  private static final String MCP = "/mcp";
  private static final Map<String, String> USUAL =
      Map.of("Content-Type", "application/json", "Accept", "application/json, text/event-stream");
  private static final String ENVELOPE =
      """
      '_meta':{'io.modelcontextprotocol/protocolVersion':'2026-07-28',
        'io.modelcontextprotocol/clientCapabilities':
          {'elicitation':{},'extensions':{'io.modelcontextprotocol/tasks':{}}}}\
      """;

  private final IdentityProvider provider = new IdentityProvider();
  private final TestCluster cluster;
  private final AccessCredentials credentials;
  private final McpTestClient http = new McpTestClient();
  private final List<Instance> instances;
  private int turn;

  /// What somebody has.
  ///
  /// @param session of 2025-11-25
  /// @param older of 2025-03-26
  /// @param event of a stream of the former
  /// @param state of a question that is open in the stateless era
  record Things(String session, String older, String event, String task, String state) {}

  AccessStage(TestCluster cluster) {
    this.cluster = cluster;
    cluster
        .with(AccessFeatures.catalog())
        .with("public-url", AccessCredentials.URL)
        .with("oidc-scopes", "mcp:use")
        .with("oidc-issuer", String.join(",", AccessCredentials.issuers(provider)))
        .with("api-keys", "true")
        .with("trusted-principal-header", "X-User")
        .with("trusted-proxies", "192.0.2.0/24");
    instances = List.of(cluster.start("a"), cluster.start("b", "poll-only", "true"));
    credentials = new AccessCredentials(provider, cluster.database(), this::statuses);
  }

  private List<Integer> statuses(Map<String, String> headers) {
    return instances.stream()
        .map(instance -> http.on(instance).raw("PUT", new byte[0], flat(headers)).status())
        .toList();
  }

  private Instance next() {
    turn++;
    return instances.get(turn % instances.size());
  }

  /// Whether something of this name is brought.
  boolean brings(String credential) {
    return credentials.has(credential);
  }

  Reply send(String credential, String path, String method, Map<String, String> more, String body) {
    var at = next().url().resolve(path);
    return http.on(at)
        .raw(method, body.getBytes(StandardCharsets.UTF_8), headers(credential, more));
  }

  private String[] headers(String credential, Map<String, String> more) {
    var all = new LinkedHashMap<>(credentials.headers(credential));
    all.putAll(more);
    return flat(all);
  }

  private static String[] flat(Map<String, String> headers) {
    return headers.entrySet().stream()
        .flatMap(each -> List.of(each.getKey(), each.getValue()).stream())
        .toArray(String[]::new);
  }

  /// Asks for it in this session and about these things.
  Reply ask(Operation asked, String credential, String path, Things session, Things about) {
    var headers = new HashMap<>(USUAL);
    headers.put("MCP-Protocol-Version", asked.revision());
    if (!asked.isStateless() && !asked.verb().equals("ALONE")) {
      headers.put(
          "Mcp-Session-Id",
          asked.revision().equals("2025-03-26") ? session.older() : session.session());
    }
    if (asked.verb().equals("RESUME")) {
      headers.put("Last-Event-ID", about.event());
    }
    var params = asked.params().replace("TASK", about.task()).replace("STATE", about.state());
    if (asked.isStateless() && !params.isEmpty()) {
      headers.put("Mcp-Method", asked.says());
      var named = Json.of(params);
      for (var name : List.of("name", "uri", "taskId")) {
        if (named.has(name)) {
          headers.put("Mcp-Name", named.path(name).asString());
        }
      }
      params = json("{" + ENVELOPE) + (params.equals("{}") ? "}" : "," + params.substring(1));
    }
    return switch (asked.verb()) {
      case "POST", "ALONE" ->
          send(credential, path, "POST", headers, request(asked.says(), params));
      case "BATCH" ->
          send(credential, path, "POST", headers, "[" + request(asked.says(), params) + "]");
      case "NOTIFY" ->
          send(
              credential,
              path,
              "POST",
              headers,
              json("{'jsonrpc':'2.0','method':'%s','params':", asked.says()) + params + "}");
      case "RESPOND" ->
          send(credential, path, "POST", headers, json("{'jsonrpc':'2.0','id':'q','result':{}}"));
      case "GET", "RESUME" -> send(credential, path, "GET", headers, "");
      default -> send(credential, path, asked.verb(), headers, "");
    };
  }

  private static String request(String method, String params) {
    return json("{'jsonrpc':'2.0','id':1,'method':'%s','params':", method) + params + "}";
  }

  /// What its owner has of its own at this path, and what it has begun anywhere.
  Things things(String credential, String path, String task, String state)
      throws InterruptedException {
    var session = session(credential, path, "2025-11-25");
    try (var stream = inSession(session, credential, path, "GET", "")) {
      var event = stream.sse().next().requireId();
      return new Things(session, session(credential, path, "2025-03-26"), event, task, state);
    }
  }

  /// A task that has ended.
  String task(String credential) throws InterruptedException {
    var session = session(credential, MCP, "2025-11-25");
    var call = request("tools/call", json("{'name':'slow','task':{}}"));
    var begun = inSession(session, credential, MCP, "POST", call).result();
    var task = begun.at("/task/taskId").asString();
    var awaited = request("tasks/result", json("{'taskId':'%s'}", task));
    assertThat(inSession(session, credential, MCP, "POST", awaited).text()).isEqualTo("slow");
    return task;
  }

  /// A question that is open.
  String state(String credential) throws InterruptedException {
    var headers = new HashMap<>(USUAL);
    headers.put("MCP-Protocol-Version", "2026-07-28");
    headers.put("Mcp-Method", "tools/call");
    headers.put("Mcp-Name", "ask");
    var call = request("tools/call", json("{'name':'ask'," + ENVELOPE + "}"));
    return send(credential, MCP, "POST", headers, call).result().path("requestState").asString();
  }

  /// A session of its own.
  String session(String credential, String path, String revision) {
    var opened =
        send(
            credential,
            path,
            "POST",
            USUAL,
            request(
                "initialize",
                json(
                    "{'protocolVersion':'%s','capabilities':{},'clientInfo':{'name':'c','version':'1'}}",
                    revision)));
    assertThat(opened.status()).as(opened.toString()).isEqualTo(200);
    return Objects.requireNonNull(opened.headers().get("mcp-session-id"));
  }

  private Reply inSession(
      String session, String credential, String path, String method, String body) {
    var headers = new HashMap<>(USUAL);
    headers.put("MCP-Protocol-Version", "2025-11-25");
    headers.put("Mcp-Session-Id", session);
    return send(credential, path, method, headers, body);
  }

  List<Instance> instances() {
    return instances;
  }

  @Override
  public void close() {
    http.close();
    cluster.close();
    provider.close();
  }
}
