package trunkline.testing;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One event of an SSE stream as it came: null is a field that was not there.
public record SseEvent(
    @Nullable String id, @Nullable String name, @Nullable String data, @Nullable Long retry) {
  /// Whether it carries a message: priming events have an id and empty data.
  public boolean isMessage() {
    return data != null && !data.isEmpty();
  }

  public String requireId() {
    if (id == null) {
      throw new AssertionError("no id: " + this);
    }
    return id;
  }

  /// The text of a log message.
  public String log() {
    return message().path("params").path("data").asString();
  }

  public JsonNode message() {
    if (data == null) {
      throw new AssertionError("no message: " + this);
    }
    return Json.of(data);
  }
}
