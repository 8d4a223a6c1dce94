package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.http.HttpFixture.call;
import static trunkline.http.HttpFixture.get;
import static trunkline.http.HttpFixture.post;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Goal: odd but honest clients are served as far as that goes.
@Timeout(60)
class OddClientsTest {
  private static final String BOTH = "Accept: application/json, text/event-stream\r\n";
  private static final String JSON = "application/json";
  private static final String EVENTS = "text/event-stream";
  private static final String SESSION = "Mcp-Session-Id: " + "a".repeat(32);

  /// @param accept the header lines
  /// @param answered the type of an answer that is one message, empty for a 406
  /// @param streamed the type of one that is a stream
  record Accepting(String accept, String answered, String streamed) {}

  static final List<Accepting> ACCEPTING =
      List.of(
          new Accepting(BOTH, JSON, EVENTS),
          new Accepting("", JSON, EVENTS),
          new Accepting("Accept: */*\r\n", JSON, EVENTS),
          new Accepting("Accept: application/*, text/*\r\n", JSON, EVENTS),
          new Accepting("Accept: Text/Event-Stream,APPLICATION/JSON\r\n", JSON, EVENTS),
          new Accepting("Accept: application/json\r\nAccept: text/event-stream\r\n", JSON, EVENTS),
          new Accepting(
              "Accept: application/json;q=0.9, text/event-stream; q=0.1\r\n", JSON, EVENTS),
          new Accepting("Accept: text/html, */*;q=0.1\r\n", JSON, EVENTS),
          new Accepting("Accept: application/json; charset=utf-8\r\n", JSON, JSON),
          new Accepting("Accept: application/json\r\n", JSON, JSON),
          new Accepting("Accept: application/json, text/event-stream;q=0\r\n", JSON, JSON),
          new Accepting("Accept: application/*\r\n", JSON, JSON),
          new Accepting("Accept: text/event-stream\r\n", EVENTS, EVENTS),
          new Accepting("Accept: text/*\r\n", EVENTS, EVENTS),
          new Accepting("Accept: text/event-stream, application/json;q=0.0\r\n", EVENTS, EVENTS),
          new Accepting("Accept: text/html\r\n", "", ""),
          new Accepting("Accept: application/xml\r\nAccept: text/plain\r\n", "", ""));

  private static HttpFixture fixture;

  @BeforeAll
  static void start() {
    fixture = HttpFixture.start();
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @FieldSource("ACCEPTING")
  void what_can_be_served_is_served_as_it_is_accepted(Accepting form) throws IOException {
    served(
        call("echo").replace(BOTH, form.accept()),
        form.answered(),
        "{\"jsonrpc\":\"2.0\",\"id\":1");
    served(call("line").replace(BOTH, form.accept()), form.streamed(), "\"id\":1,\"result\":{}}");
  }

  private static void served(String request, String type, String part) throws IOException {
    try (var client = fixture.connect()) {
      var answer = client.send(request).read();

      if (type.isEmpty()) {
        assertThat(answer.status()).isEqualTo(406);
        assertThat(answer.body()).contains("application/json and text/event-stream");
        return;
      }
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).containsEntry("content-type", type);
      assertThat(answer.body()).contains(part);
      assertThat(answer.body().startsWith("event: message\ndata: {"))
          .isEqualTo(type.equals(EVENTS));
      assertThat(answer.body().endsWith("}\n\n")).isEqualTo(type.equals(EVENTS));
    }
  }

  @Test
  void a_get_that_says_nothing_of_types_gets_its_stream() throws IOException {
    for (var accept : List.of("", "Accept: */*\r\n", "Accept: text/*;q=0.5\r\n")) {
      try (var client = fixture.connect()) {
        var head =
            client.send(get(SESSION).replace("Accept: text/event-stream\r\n", accept)).readHead();

        assertThat(head.status()).isEqualTo(200);
        assertThat(head.headers()).containsEntry("content-type", EVENTS);
      }
    }
  }

  /// Not even in messages that were written in SQL.
  @Test
  void no_reader_finds_a_line_break_within_an_event() throws IOException {
    try (var client = fixture.connect()) {
      var body = client.send(call("line")).read().body();

      assertThat(body)
          .contains("a\\u2028b\\u2029c\\u0085d\\u009fe\u00a0é€😀")
          .doesNotContain("\u2028", "\u2029", "\u0085", "\u009f");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br", "zstd", "x", "gzip, identity", "identity, gzip"})
  void a_coded_body_is_told_what_is_accepted(String coding) throws IOException {
    try (var client = fixture.connect()) {
      var answer = client.send(call("echo", "Content-Encoding: " + coding)).read();

      assertThat(answer.status()).isEqualTo(415);
      assertThat(answer.headers()).containsEntry("accept-encoding", "identity");
      assertThat(answer.body()).contains("no Content-Encoding but identity");
    }
  }

  static final List<String> SERVED =
      List.of(
          call("echo").replace("POST /mcp ", "POST /mcp/ "),
          call("echo").replace("POST /mcp ", "POST /mcp?a=b "),
          post("\uFEFF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}"),
          post(" \r\n\t{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}\r\n"),
          post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":[]}"),
          post("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\",\"params\":null}"),
          call("echo", "Content-Encoding: identity"),
          call("echo", "Accept-Encoding: gzip, br"),
          call("echo", "Mcp-Session-Id: ", "MCP-Protocol-Version:", "Last-Event-ID: "),
          call("echo").replace("json\r\nA", "json; charset=UTF-8\r\nA"),
          call("echo").replace("json\r\nA", "json;charset=\"utf8\"\r\nA"),
          call("echo").replace("application/json\r\nA", "Application/JSON\r\nA"),
          call("echo").replace("Content-Type", "CONTENT-TYPE"),
          call("echo", "Connection: keep-alive", "Expect-CT: x", "Cookie: a=b"));

  @ParameterizedTest
  @FieldSource("SERVED")
  void small_habits_are_served(String request) throws IOException {
    try (var client = fixture.connect()) {
      var answer = client.send(request).read();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    }
  }
}
