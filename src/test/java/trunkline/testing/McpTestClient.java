package trunkline.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An MCP client whose every request names the instance it goes to.
///
/// It keeps what a client keeps (session id, revision, request ids) and nothing else: no
/// reconnects, no retries, no checks of its own.
///
/// ```
/// var client = new McpTestClient();
/// client.on(a).connect("2025-11-25");
/// var stream = client.on(b).get().sse();
/// var result = client.on(c).call("echo", json("{'text':'hello'}")).result();
/// ```
public final class McpTestClient implements AutoCloseable {
  private static final Duration REPLY_PATIENCE = Duration.ofSeconds(45);

  private final AtomicLong nextId = new AtomicLong();
  private final Map<URI, Queue<HttpConnection>> idle = new ConcurrentHashMap<>();
  private final Queue<RawSse> streams = new ConcurrentLinkedQueue<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, String> standingHeaders = new ConcurrentHashMap<>();
  private volatile @Nullable String sessionId;
  private volatile @Nullable String revision;
  private volatile boolean closed;
  private volatile Duration replyPatience = REPLY_PATIENCE;
  private volatile SSLContext tls = usualTls();

  private record Answer(URI instance, UnaryOperator<JsonNode> result) {}

  /// The client as it talks to one instance.
  public On on(URI instance) {
    return new On(instance);
  }

  /// As it talks to one instance of a cluster.
  public On on(Running instance) {
    return on(instance.url());
  }

  public String sessionId() {
    var id = sessionId;
    if (id == null) {
      throw new AssertionError("the client has no session");
    }
    return id;
  }

  /// Goes on in a session that another client has opened.
  public McpTestClient withSession(String sessionId, String revision) {
    this.sessionId = sessionId;
    this.revision = revision;
    return this;
  }

  /// Sends this header with every request from now on, for instance a bearer token.
  public McpTestClient withHeader(String name, String value) {
    standingHeaders.put(name, value);
    return this;
  }

  /// Waits so long for each reply, instead of half a minute.
  public McpTestClient withPatience(Duration patience) {
    replyPatience = patience;
    return this;
  }

  /// Over https: believes whom the context believes, and shows its certificate if it has one.
  public McpTestClient withTls(SSLContext context) {
    tls = context;
    return this;
  }

  /// Answers requests of this method from the server by themselves, on the instance given: the
  /// function makes the result of the parameters.
  public McpTestClient answering(String method, URI instance, UnaryOperator<JsonNode> result) {
    answers.put(method, new Answer(instance, result));
    return this;
  }

  /// Closes all connections without a word to the server.
  @Override
  public void close() {
    closed = true;
    streams.forEach(RawSse::close);
    idle.values().forEach(connections -> connections.forEach(HttpConnection::close));
  }

  /// Requests to one instance. Headers are given as name, value, name, value; an empty value leaves
  /// the usual header out.
  public final class On {
    private final URI instance;

    private On(URI instance) {
      this.instance = instance;
    }

    /// Opens a session and says that the client is ready.
    public JsonNode connect(String revision, String capabilities) throws InterruptedException {
      var result = initialize(revision, capabilities).result();
      var accepted = initialized();
      if (accepted.status() != 202) {
        throw new AssertionError("initialized was not accepted: " + accepted);
      }
      return result;
    }

    /// As a client without capabilities.
    public JsonNode connect(String revision) throws InterruptedException {
      return connect(revision, "{}");
    }

    /// Sends `initialize` and remembers the session.
    public Reply initialize(String revision, String capabilities, String... headers) {
      McpTestClient.this.revision = null;
      sessionId = null;
      var reply =
          request(
              "initialize",
              """
              {"protocolVersion":"%s","capabilities":%s,"clientInfo":{"name":"test","version":"1"}}
              """
                  .formatted(revision, capabilities),
              headers);
      sessionId = reply.header("mcp-session-id");
      McpTestClient.this.revision = revision;
      return reply;
    }

    public Reply initialized() {
      return notify("notifications/initialized", "{}");
    }

    /// Calls a tool; the reply is a body or a stream, as the server chose.
    public Reply call(String tool, String arguments, String... headers) {
      return request("tools/call", toolParams(tool, arguments, ""), headers);
    }

    public Reply call(String tool) {
      return call(tool, "{}");
    }

    /// Calls a tool and asks for its progress.
    public Reply callWithProgress(String tool, String arguments, String progressToken) {
      return request("tools/call", toolParams(tool, arguments, progressToken));
    }

    /// Sends a request with the next id.
    public Reply request(String method, String params, String... headers) {
      return requestAs(Long.toString(nextId.incrementAndGet()), method, params, headers);
    }

    public Reply request(String method) {
      return request(method, "{}");
    }

    /// Sends a request with the id given as JSON.
    public Reply requestAs(String id, String method, String params, String... headers) {
      return post(
          "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}"
              .formatted(id, method, params.strip()),
          headers);
    }

    /// The id that [#request] used last.
    public long latestRequestId() {
      return nextId.get();
    }

    public Reply notify(String method) {
      return notify(method, "{}");
    }

    public Reply notify(String method, String params, String... headers) {
      return post(
          "{\"jsonrpc\":\"2.0\",\"method\":\"%s\",\"params\":%s}".formatted(method, params),
          headers);
    }

    /// Answers a request of the server.
    public Reply respond(JsonNode request, String result) {
      return post(
          "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}".formatted(request.get("id"), result));
    }

    /// Refuses a request of the server.
    public Reply respondError(JsonNode request, int code, String message) {
      return post(
          "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":%d,\"message\":\"%s\"}}"
              .formatted(request.get("id"), code, message));
    }

    public Reply post(String body, String... headers) {
      return post(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public Reply post(byte[] body, String... headers) {
      var standard = new LinkedHashMap<String, String>();
      standard.put("Content-Type", "application/json");
      standard.put("Accept", "application/json, text/event-stream");
      return send("POST", body, with(standard, headers), null, 0);
    }

    /// Opens the standalone stream.
    public Reply get(String... headers) {
      return send("GET", new byte[0], getHeaders(null, headers), null, 0);
    }

    /// Resumes after this event.
    public Reply resume(String lastEventId) {
      return send("GET", new byte[0], getHeaders(lastEventId), null, 0);
    }

    /// Opens or resumes; the sink gets each event instead of a queue.
    public Reply follow(
        @Nullable String lastEventId, @Nullable Consumer<SseEvent> sink, String... headers) {
      return send("GET", new byte[0], getHeaders(lastEventId, headers), sink, 0);
    }

    /// As [#get] on a connection that takes in little before it is read.
    public Reply getNarrow(@Nullable String lastEventId, int receiveBytes) {
      return send("GET", new byte[0], getHeaders(lastEventId), null, receiveBytes);
    }

    public Reply delete(String... headers) {
      return send("DELETE", new byte[0], with(new LinkedHashMap<>(), headers), null, 0);
    }

    /// Any request, with no header but those given.
    public Reply raw(String method, byte[] body, String... headers) {
      var given = new LinkedHashMap<String, String>();
      for (var i = 0; i < headers.length; i += 2) {
        given.put(headers[i], headers[i + 1]);
      }
      return send(method, body, given, null, 0);
    }

    private Map<String, String> getHeaders(@Nullable String lastEventId, String... headers) {
      var standard = new LinkedHashMap<String, String>();
      standard.put("Accept", "text/event-stream");
      if (lastEventId != null) {
        standard.put("Last-Event-ID", lastEventId);
      }
      return with(standard, headers);
    }

    private Map<String, String> with(Map<String, String> standard, String... headers) {
      var session = sessionId;
      if (session != null) {
        standard.put("Mcp-Session-Id", session);
      }
      var spoken = revision;
      if (spoken != null) {
        standard.put("MCP-Protocol-Version", spoken);
      }
      standard.putAll(standingHeaders);
      for (var i = 0; i < headers.length; i += 2) {
        if (headers[i + 1].isEmpty()) {
          standard.remove(headers[i]);
        } else {
          standard.put(headers[i], headers[i + 1]);
        }
      }
      return standard;
    }

    private Reply send(
        String method,
        byte[] body,
        Map<String, String> headers,
        @Nullable Consumer<SseEvent> sink,
        int receiveBytes) {
      try {
        var used = receiveBytes > 0 ? null : idle(instance).poll();
        while (used != null && used.isStale()) {
          used.close();
          used = idle(instance).poll();
        }
        var connection = used == null ? new HttpConnection(instance, receiveBytes, tls) : used;
        return exchange(connection, method, body, headers, sink);
      } catch (IOException e) {
        throw new UncheckedIOException(method + " " + instance + ": " + e.getMessage(), e);
      }
    }

    private Reply exchange(
        HttpConnection connection,
        String method,
        byte[] body,
        Map<String, String> headers,
        @Nullable Consumer<SseEvent> sink)
        throws IOException {
      connection.patience(replyPatience);
      var head = exchanged(connection, method, body, headers);
      var content = connection.body(method, head);
      if (head.headers().getOrDefault("content-type", "").startsWith("text/event-stream")) {
        connection.patience(Duration.ZERO);
        var stream = new RawSse(connection, content, sink, McpTestClient.this::asked);
        streams.add(stream);
        return new Reply(head.status(), head.headers(), "", stream);
      }
      var text = new String(content.readAllBytes(), StandardCharsets.UTF_8);
      if (head.closes() || !content.isReusable() || closed) {
        connection.close();
      } else {
        connection.rest();
        idle(instance).add(connection);
      }
      return new Reply(head.status(), head.headers(), text, null);
    }

    private HttpHead exchanged(
        HttpConnection connection, String method, byte[] body, Map<String, String> headers)
        throws IOException {
      try {
        return connection.exchange(method, target(), headers, body);
      } catch (IOException e) {
        connection.close();
        throw e;
      }
    }

    private String target() {
      var query = instance.getRawQuery();
      return query == null ? instance.getPath() : instance.getPath() + "?" + query;
    }
  }

  private static SSLContext usualTls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private Queue<HttpConnection> idle(URI instance) {
    return idle.computeIfAbsent(instance, _ -> new ConcurrentLinkedQueue<>());
  }

  private void asked(SseEvent event) {
    if (answers.isEmpty() || !event.isMessage()) {
      return;
    }
    var message = event.message();
    var answer = answers.get(message.path("method").asString(""));
    if (answer != null && message.has("id")) {
      Thread.startVirtualThread(() -> {
        var result = answer.result.apply(message.path("params"));
        var _ = on(answer.instance).respond(message, result.toString());
      });
    }
  }

  private static String toolParams(String tool, String arguments, String progressToken) {
    var meta =
        progressToken.isEmpty() ? "" : ",\"_meta\":{\"progressToken\":\"" + progressToken + "\"}";
    return "{\"name\":\"%s\",\"arguments\":%s%s}".formatted(tool, arguments, meta);
  }
}
