package trunkline.adapter.sdk;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.TypeRef;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.ClientRequestFailed;
import trunkline.jsonrpc.Codec;

/// The SDK's types ⇄ JSON, as the SDK's own mapper spells them.
final class Wire {
  private static final TypeRef<Map<String, Object>> MAP = new TypeRef<>() {};

  private Wire() {}

  /// A tree of its own, which may be changed; an empty object for nothing. The SDK spells some
  /// members twice (2.1.0: `mode` of a form), which our own reader would refuse.
  static JsonNode write(@Nullable Object value) {
    if (value == null) {
      return Codec.object();
    }
    try {
      return Codec.mapper().readTree(McpJsonDefaults.getMapper().writeValueAsString(value));
    } catch (IOException e) {
      throw new IllegalStateException("the SDK cannot spell its " + value.getClass().getName(), e);
    }
  }

  static ObjectNode object(@Nullable Object value) {
    return (ObjectNode) write(value);
  }

  /// What a client has answered.
  ///
  /// @throws ClientRequestFailed when the SDK cannot read it
  static <T> T read(JsonNode json, TypeRef<T> type) {
    try {
      return McpJsonDefaults.getMapper().readValue(Codec.text(json), type);
    } catch (IOException | RuntimeException e) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.MALFORMED,
          "the client's answer is not one that the Java SDK reads as " + type.getType());
    }
  }

  static Map<String, Object> map(ObjectNode json) {
    return read(json, MAP);
  }
}
