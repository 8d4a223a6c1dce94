package trunkline.testing;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The answer to one HTTP request: a whole body, or a stream that has begun.
public record Reply(int status, Map<String, String> headers, String body, @Nullable RawSse stream)
    implements AutoCloseable {

  public @Nullable String header(String name) {
    return headers.get(name.toLowerCase(Locale.ROOT));
  }

  public boolean isStream() {
    return stream != null;
  }

  /// The stream; fails when the answer is none.
  public RawSse sse() {
    if (stream == null) {
      throw new AssertionError("expected a stream, got " + this);
    }
    return stream;
  }

  /// The body as JSON; fails when it is none.
  public JsonNode json() {
    if (stream != null || body.isEmpty()) {
      throw new AssertionError("expected a JSON body, got " + this);
    }
    return Json.of(body);
  }

  /// The JSON-RPC response, whether it came as the body or, after other messages, on the stream.
  public JsonNode response() throws InterruptedException {
    return stream == null ? json() : stream.nextResponse();
  }

  /// The result; fails when the response is an error.
  public JsonNode result() throws InterruptedException {
    var response = response();
    if (!response.has("result")) {
      throw new AssertionError("expected a result, got " + response);
    }
    return response.get("result");
  }

  /// The text of a tool's answer; fails when the response is an error.
  public String text() throws InterruptedException {
    return text(result());
  }

  /// As [#text()], of a result that came another way.
  public static String text(JsonNode result) {
    return result.path("content").path(0).path("text").asString();
  }

  /// The error; fails when the response is a result.
  public JsonNode error() throws InterruptedException {
    var response = response();
    if (!response.has("error")) {
      throw new AssertionError("expected an error, got " + response);
    }
    return response.get("error");
  }

  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
  }
}
