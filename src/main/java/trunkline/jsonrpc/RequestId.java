package trunkline.jsonrpc;

import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Ties a response to its request. The type counts: `1` and `"1"` are two ids.
public sealed interface RequestId {
  /// Bounds what a stranger can make us store and index.
  int TEXT_LENGTH_MAX = 255;

  record Whole(long value) implements RequestId {
    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.numberNode(value);
    }
  }

  record Text(String value) implements RequestId {
    public Text {
      if (value.length() > TEXT_LENGTH_MAX) {
        throw new IllegalArgumentException(
            "id of " + value.length() + " characters, at most " + TEXT_LENGTH_MAX);
      }
    }

    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.stringNode(value);
    }
  }

  JsonNode json();

  /// The id as JSON text, which keeps its type: `1` or `"1"`.
  default String encoded() {
    return Codec.text(json());
  }

  /// The reverse of [#encoded()].
  static RequestId decoded(String json) {
    return of(Codec.tree(json));
  }

  /// Reads an id; anything but a 64-bit integer or a string of bounded length is an invalid
  /// request.
  static RequestId of(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return new Whole(node.longValue());
    }
    if (node.isString() && isEchoable(node.stringValue())) {
      return new Text(node.stringValue());
    }
    throw RpcException.invalidRequest(
        "id must be an integer of 64 bits or a string of at most "
            + TEXT_LENGTH_MAX
            + " characters");
  }

  /// Half a surrogate pair has no UTF-8: two different ids would come back as one.
  private static boolean isEchoable(String text) {
    return text.length() <= TEXT_LENGTH_MAX && StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
