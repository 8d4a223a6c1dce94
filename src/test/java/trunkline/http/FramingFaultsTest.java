package trunkline.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import trunkline.testing.FramingFaults;

/// Goal: where a reader could doubt what a request's end is, it is refused and nothing that follows
/// on its connection is read as a request, so that a proxy that sees the end elsewhere can't be
/// made to carry one client's bytes as another's request.
@Timeout(60)
class FramingFaultsTest {
  private static final String HEAD =
      """
      POST /mcp HTTP/1.1\r
      Host: localhost\r
      Content-Type: application/json\r
      Accept: application/json, text/event-stream\r
      """;
  private static final String CALL = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"echo\"}";

  /// Would be answered with a 200 if it were read.
  private static final String SMUGGLED =
      "GET /observe/health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

  static final List<FramingFaults.Case> FAULTS = FramingFaults.ALL;

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
  @FieldSource("FAULTS")
  void is_the_last_thing_read_on_its_connection(FramingFaults.Case fault) throws IOException {
    try (var client = fixture.connect()) {
      client.send(fault.request() + SMUGGLED);

      var answer = client.read();
      assertThat(answer.status()).isEqualTo(fault.status());
      assertThat(answer.headers())
          .containsEntry("connection", "close")
          .containsEntry("trunkline-instance", "7");
      assertThat(answer.body()).startsWith("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-3");
      assertThat(client.finish().readToEnd()).as("bytes of a second answer").isZero();
    }
  }

  /// What is well framed keeps its connection, in pieces as well as at once.
  @ParameterizedTest
  @FieldSource("PROPER")
  void a_proper_request_keeps_its_connection(String request) throws IOException {
    try (var client = fixture.connect()) {
      client.send(request + SMUGGLED);
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.read().status()).isEqualTo(200);

      for (var b : request.getBytes(StandardCharsets.US_ASCII)) {
        client.send(new byte[] {b});
      }
      assertThat(client.read().status()).isEqualTo(200);
      assertThat(client.send(SMUGGLED).read().status()).isEqualTo(200);
    }
  }

  static final List<String> PROPER =
      List.of(
          HEAD + "Content-Length: 40\r\n\r\n" + CALL,
          HEAD + "Content-Length:40\r\n\r\n" + CALL,
          HEAD + "X: y\tz\r\nContent-Length: 040\r\n\r\n" + CALL,
          HEAD + "Transfer-Encoding: chunked\r\n\r\n" + "28\r\n" + CALL + "\r\n0\r\n\r\n",
          HEAD + "transfer-encoding: chunked\r\n\r\n" + "0000" + "28\r\n" + CALL + "\r\n0\r\n\r\n",
          HEAD + "Transfer-Encoding: chunked\r\n\r\n" + inChunksOf(1),
          HEAD + "Transfer-Encoding: chunked\r\n\r\n" + inChunksOf(2));

  private static String inChunksOf(int size) {
    var chunks = new StringBuilder();
    for (var from = 0; from < CALL.length(); from += size) {
      var chunk = CALL.substring(from, Math.min(from + size, CALL.length()));
      chunks.append(Integer.toHexString(chunk.length())).append("\r\n").append(chunk);
      chunks.append("\r\n");
    }
    return chunks.append("0\r\n\r\n").toString();
  }
}
