package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.http.HttpFixture.call;
import static trunkline.http.HttpFixture.get;
import static trunkline.http.HttpFixture.post;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.telemetry.ServerEvent;

/// Goal: whatever a stranger sends, the answer is a 4xx that says what is wrong, without a stack
/// trace and without waiting.
@Timeout(60)
class BadInputTest {
  private static final String SESSION = "Mcp-Session-Id: " + "a".repeat(32);
  private static final String HEAD = "POST /mcp HTTP/1.1\r\nHost: localhost\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String BOTH = "Accept: application/json, text/event-stream\r\n";
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  /// Answered with this status; the text may end in the middle, the connection stays open.
  record Case(String name, int status, String request) {
    @Override
    public String toString() {
      return status + " " + name;
    }
  }

  static final List<Case> BAD =
      List.of(
          new Case("no JSON", 400, post("hello")),
          new Case("half a JSON object", 400, post("{\"jsonrpc\":\"2.0\",")),
          new Case("an empty body", 400, post("")),
          new Case("no body at all", 400, HEAD + JSON + BOTH + "\r\n"),
          new Case("a JSON string", 400, post("\"ping\"")),
          new Case("a number", 400, post("17")),
          new Case("null", 400, post("null")),
          new Case("an empty batch", 400, post("[]")),
          new Case("a batch", 400, post("[" + PING + "]")),
          new Case("two documents", 400, post(PING + PING)),
          new Case("another JSON-RPC", 400, post(PING.replace("2.0", "1.0"))),
          new Case("no JSON-RPC", 400, post("{\"id\":1,\"method\":\"ping\"}")),
          new Case("id null", 400, post(PING.replace(":1,", ":null,"))),
          new Case("id a fraction", 400, post(PING.replace(":1,", ":1.5,"))),
          new Case("id an object", 400, post(PING.replace(":1,", ":{},"))),
          new Case("method a number", 400, post(PING.replace("\"ping\"", "7"))),
          new Case("params a string", 400, post(PING.replace("}", ",\"params\":\"x\"}"))),
          new Case(
              "result and error", 400, post(PING.replace("}", ",\"result\":{},\"error\":{}}"))),
          new Case("a name twice", 400, post(PING.replace("}", ",\"id\":2}"))),
          new Case("too deep", 400, post("[".repeat(5_000) + "]".repeat(5_000))),
          new Case("no UTF-8", 400, post("\u0000\u0001")),
          new Case("no content type", 415, HEAD + BOTH + "Content-Length: 2\r\n\r\n{}"),
          new Case("text", 415, call("x").replace("application/json\r\nA", "text/plain\r\nA")),
          new Case(
              "a form",
              415,
              call("x").replace("application/json\r\nA", "multipart/form-data\r\nA")),
          new Case("UTF-16", 415, call("x").replace("json\r\nA", "json; charset=utf-16\r\nA")),
          new Case("only pages accepted", 406, call("x").replace(BOTH, "Accept: text/html\r\n")),
          new Case("nothing accepted", 406, call("x").replace(BOTH, "Accept: */*;q=0\r\n")),
          new Case("an accepted type that is none", 406, call("x").replace(BOTH, "Accept: \r\n")),
          new Case(
              "a stream that asks, for JSON only",
              406,
              call("ask").replace(", text/event-stream", "")),
          new Case(
              "a stream that breaks off, for JSON only",
              406,
              call("silent").replace(", text/event-stream", "")),
          new Case(
              "GET accepts JSON only", 406, get(SESSION).replace("text/event-stream", "text/html")),
          new Case("GET without session", 400, get()),
          new Case("no event id", 400, get(SESSION, "Last-Event-ID: ../../etc/passwd")),
          new Case(
              "two event ids", 400, get(SESSION, "Last-Event-ID: 1.2.3", "Last-Event-ID: 1.2.4")),
          new Case("two sessions", 400, call("x", SESSION, "Mcp-Session-Id: b")),
          new Case("a resume with nothing left", 405, get("Mcp-Session-Id: finished")),
          new Case(
              "DELETE without session", 404, "DELETE /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"),
          new Case("PUT", 405, call("x").replace("POST", "PUT")),
          new Case("HEAD", 405, "HEAD /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"),
          new Case("PATCH", 405, call("x").replace("POST", "PATCH")),
          new Case("OPTIONS without CORS", 405, "OPTIONS /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n"),
          new Case("another path", 404, call("x").replace("/mcp", "/other")),
          new Case("up and away", 404, call("x").replace("/mcp", "/mcp/../../secret")),
          new Case("a rebound name", 421, call("x").replace("localhost:8080", "evil.example.com")),
          new Case("a page's origin", 403, call("x", "Origin: http://evil.example.com")),
          new Case("a hidden origin", 403, call("x", "Origin: null")),
          new Case(
              "two origins", 403, call("x", "Origin: http://localhost", "Origin: http://evil.com")),
          new Case(
              "too long by its header", 413, HEAD + JSON + BOTH + "Content-Length: 70000\r\n\r\n{"),
          new Case(
              "far too long by its header",
              413,
              HEAD + JSON + BOTH + "Content-Length: 9000000000\r\n\r\n{"),
          new Case("too long", 413, post("\"" + "x".repeat(70_000) + "\"")),
          new Case(
              "too long in chunks",
              413,
              chunked("11170\r\n" + "x".repeat(70_000) + "\r\n0\r\n\r\n")),
          new Case("a chunk beyond all bounds", 413, chunked("7fffffff\r\nx")),
          new Case("a chunk size that is none", 400, chunked("zz\r\n{}\r\n0\r\n\r\n")),
          new Case(
              "two lengths",
              400,
              HEAD + JSON + BOTH + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"),
          new Case("a negative length", 400, HEAD + JSON + BOTH + "Content-Length: -1\r\n\r\n{}"),
          new Case(
              "a length that is none", 400, HEAD + JSON + BOTH + "Content-Length: two\r\n\r\n{}"),
          new Case(
              "length and chunks",
              400,
              chunked("2\r\n{}\r\n0\r\n\r\n").replace(BOTH, BOTH + "Content-Length: 2\r\n")),
          new Case(
              "chunks by another name",
              400,
              chunked("2\r\n{}\r\n0\r\n\r\n").replace(": chunked", ": Chunked")),
          new Case(
              "an unknown coding",
              400,
              chunked("2\r\n{}\r\n0\r\n\r\n").replace(": chunked", ": gzip, chunked")),
          new Case("compressed", 415, call("x", "Content-Encoding: gzip")),
          new Case("no host", 400, "GET /mcp HTTP/1.1\r\n\r\n"),
          new Case("two hosts", 400, call("x", "Host: evil.example.com")),
          new Case("HTTP/1.0", 426, call("x").replace("HTTP/1.1", "HTTP/1.0")),
          new Case("HTTP/3.7", 400, call("x").replace("HTTP/1.1", "HTTP/3.7")),
          new Case("no HTTP", 400, "hello\r\n\r\n"),
          new Case("binary", 400, "\u0016\u0003\u0001\u0002 \u0001\u0003\r\n\r\n"),
          new Case("a header without a colon", 400, "GET /mcp HTTP/1.1\r\nHost localhost\r\n\r\n"),
          new Case("a header with a control character", 400, call("x", "X: a\u0000b")),
          new Case("a header with a space before its colon", 400, call("x", "X : a")),
          new Case("an endless header", 431, call("x", "X: " + "y".repeat(40_000))),
          new Case(
              "endless headers", 431, call("x", ("X: " + "y".repeat(500) + "\r\n").repeat(60))),
          new Case("an endless path", 414, call("x").replace("/mcp", "/" + "y".repeat(9_000))),
          new Case("a broken escape", 400, call("x").replace("/mcp", "/%zz")));

  private static HttpFixture fixture;

  @BeforeAll
  static void start() {
    fixture = HttpFixture.start();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  private static String chunked(String body) {
    return HEAD + JSON + BOTH + "Transfer-Encoding: chunked\r\n\r\n" + body;
  }

  @ParameterizedTest
  @FieldSource("BAD")
  void is_answered_with_a_4xx(Case bad) throws IOException {
    try (var client = fixture.connect()) {
      var answer = client.send(bad.request()).read(bad.name().equals("HEAD"));

      assertThat(answer.status()).isEqualTo(bad.status());
      assertThat(answer.headers()).containsEntry("trunkline-instance", "7");
      assertThat(answer.body())
          .satisfiesAnyOf(
              body -> assertThat(body).isEmpty(),
              body ->
                  assertThat(body)
                      .matches(
                          "\\{\"jsonrpc\":\"2.0\",(\"id\":(1|null),)?\"error\":\\{\"code\":-3.*")
                      .doesNotContain("Exception", "at trunkline", "at io.helidon"));
    }
  }

  /// A refusal must not leave the rest of its request to be read as the next one.
  @Test
  void a_refused_body_is_never_taken_for_a_request() throws IOException {
    var smuggled = "GET /observe/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
    try (var client = fixture.connect()) {
      client.send(post(smuggled).replace("application/json\r\nA", "text/plain\r\nA"));

      assertThat(client.read().status()).isEqualTo(415);
      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void a_body_that_stops_midway_ends_the_connection() throws IOException {
    try (var client = fixture.connect()) {
      client.send(HEAD + JSON + BOTH + "Content-Length: 100\r\n\r\n{\"jsonrpc\"");

      assertThat(client.isAtEnd()).isTrue();
    }
  }

  @Test
  void a_client_that_leaves_midway_harms_nobody() throws Exception {
    try (var client = fixture.connect()) {
      client.send(HEAD + JSON + BOTH + "Content-Length: 100\r\n\r\n{\"jsonrpc\"");
      client.reset();
    }
    try (var client = fixture.connect()) {
      assertThat(client.send(call("echo")).read().status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"boom", "overflow"})
  void a_defect_of_ours_shows_a_number_and_nothing_else(String defect) throws Exception {
    try (var client = fixture.connect()) {
      var answer = client.send(call(defect)).read();

      assertThat(answer.status()).isEqualTo(500);
      assertThat(answer.body())
          .matches(
              "\\{\"jsonrpc\":\"2.0\",\"error\":\\{\"code\":-32603,"
                  + "\"message\":\"Internal error \\(failure [0-9a-f]{8}\\)\"}}");
      var failed = fixture.events().poll(5, TimeUnit.SECONDS);
      while (!(failed instanceof ServerEvent.RequestFailed(_, var failure))) {
        failed = fixture.events().poll(5, TimeUnit.SECONDS);
      }
      assertThat(answer.body()).contains(failure);
      assertThat(client.send(call("echo")).read().status()).isEqualTo(200);
    }
  }

  @Test
  void a_database_that_is_away_is_a_503_with_a_wait() throws Exception {
    try (var client = fixture.connect()) {
      var answer = client.send(call("away")).read();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers().get("retry-after")).matches("[1-3]");
      assertThat(answer.body()).contains("-32603").doesNotContain("gone");
    }
  }
}
