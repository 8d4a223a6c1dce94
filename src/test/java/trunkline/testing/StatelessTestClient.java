package trunkline.testing;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A client of the stateless era, whose every request names the instance it goes to. It writes what
/// such a client writes, the envelope and the mirrored headers, and remembers nothing but its last
/// request id.
///
/// ```
/// var client = new StatelessTestClient("{'elicitation':{}}");
/// var asked = client.on(a).call("ask_name", "{}").result();
/// var told = client.on(b).answer("ask_name", "{}", asked, "{'question-1':{…}}").result();
/// ```
public final class StatelessTestClient implements AutoCloseable {
  public static final String VERSION = "2026-07-28";

  private static final Map<String, String> NAMED =
      Map.of(
          "tools/call", "name",
          "prompts/get", "name",
          "resources/read", "uri",
          "tasks/get", "taskId",
          "tasks/update", "taskId",
          "tasks/cancel", "taskId");

  private final McpTestClient http = new McpTestClient();
  private final String capabilities;

  /// @param capabilities JSON, in single quotes if that is easier to read
  public StatelessTestClient(String capabilities) {
    this.capabilities = capabilities.replace('\'', '"');
  }

  /// One that can do nothing.
  public StatelessTestClient() {
    this("{}");
  }

  /// Sends this header with every request from now on, for instance a bearer token.
  public StatelessTestClient withHeader(String name, String value) {
    http.withHeader(name, value);
    return this;
  }

  /// Over https: believes whom the context believes, and shows its certificate if it has one.
  public StatelessTestClient withTls(SSLContext context) {
    http.withTls(context);
    return this;
  }

  /// The client as it talks to one instance.
  public On on(URI instance) {
    return new On(http.on(instance));
  }

  /// As it talks to one instance of a cluster.
  public On on(Running instance) {
    return on(instance.url());
  }

  @Override
  public void close() {
    http.close();
  }

  /// Requests to one instance. Headers are given as name, value; an empty value leaves the usual
  /// header out.
  public final class On {
    private final McpTestClient.On post;

    private On(McpTestClient.On post) {
      this.post = post;
    }

    /// Sends a request; what its params lack of an envelope is added.
    public Reply request(String method, String params, String... headers) {
      var filled = filled(params);
      return post.request(method, filled.toString(), headers(method, filled, headers));
    }

    /// The same, with the id given as JSON.
    public Reply requestAs(String id, String method, String params, String... headers) {
      var filled = filled(params);
      return post.requestAs(id, method, filled.toString(), headers(method, filled, headers));
    }

    /// Listens for changes: `{'toolsListChanged':true}`.
    public RawSse listen(String notifications) {
      return listenAs("\"listen\"", notifications).sse();
    }

    /// The same, with the id given as JSON, and whatever comes of it.
    public Reply listenAs(String id, String notifications, String... headers) {
      return requestAs(
          id, "subscriptions/listen", "{'notifications':%s}".formatted(notifications), headers);
    }

    private ObjectNode filled(String params) {
      var filled = (ObjectNode) Json.of(params.replace('\'', '"'));
      var meta =
          filled.get("_meta") instanceof ObjectNode given ? given : filled.putObject("_meta");
      if (!meta.has("io.modelcontextprotocol/protocolVersion")) {
        meta.put("io.modelcontextprotocol/protocolVersion", VERSION);
      }
      if (!meta.has("io.modelcontextprotocol/clientCapabilities")) {
        meta.set("io.modelcontextprotocol/clientCapabilities", Json.of(capabilities));
      }
      return filled;
    }

    private static String[] headers(String method, ObjectNode params, String... given) {
      var all = new ArrayList<>(List.of("MCP-Protocol-Version", VERSION, "Mcp-Method", method));
      var named = NAMED.get(method);
      if (named != null) {
        all.addAll(List.of("Mcp-Name", params.path(named).asString("")));
      }
      all.addAll(Arrays.asList(given)); // the last of a name counts
      return all.toArray(String[]::new);
    }

    /// The id that the last request had.
    public long latestRequestId() {
      return post.latestRequestId();
    }

    /// Calls a tool.
    public Reply call(String tool, String arguments, String... headers) {
      return request(
          "tools/call", "{\"name\":\"%s\",\"arguments\":%s}".formatted(tool, arguments), headers);
    }

    /// Calls it again with the answers to what it asked.
    ///
    /// @param asked the result that asked
    /// @param answers by the questions' keys
    public Reply answer(String tool, String arguments, JsonNode asked, String answers) {
      var params = (ObjectNode) Json.of("{\"name\":\"%s\"}".formatted(tool));
      params.set("arguments", Json.of(arguments.replace('\'', '"')));
      params.set("inputResponses", Json.of(answers.replace('\'', '"')));
      params.set("requestState", asked.path("requestState"));
      return post("tools/call", params);
    }

    private Reply post(String method, ObjectNode params) {
      return request(method, params.toString());
    }
  }
}
