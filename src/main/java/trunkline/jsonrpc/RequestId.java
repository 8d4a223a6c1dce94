package trunkline.jsonrpc;

import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.util.RawValue;

/// Ties a response to its request. The type counts: `1` and `"1"` are two ids.
public sealed interface RequestId {
  /// Bounds what a stranger can make us store and index.
  int TEXT_LENGTH_MAX = 255;

  Pattern WITHOUT_FRACTION = Pattern.compile("-?[0-9]+([eE][+]?[0-9]+)?");

  record Whole(long value) implements RequestId {
    @Override
    public String encoded() {
      return Long.toString(value);
    }

    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.numberNode(value);
    }
  }

  /// A number without a fraction that is no plain integer of 64 bits, as it was spelled: `1e3`.
  record Spelled(String literal) implements RequestId {
    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.rawValueNode(new RawValue(literal));
    }
  }

  /// What stands in for an id that could not be read: `null`.
  record Unreadable() implements RequestId {
    @Override
    public JsonNode json() {
      return JsonNodeFactory.instance.nullNode();
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

  /// Reads an id; anything but a number without a fraction or a string, each of bounded length, is
  /// an invalid request.
  static RequestId of(JsonNode node) {
    return of(node, "id");
  }

  /// Reads something that is shaped like an id.
  ///
  /// @param name what the error calls it
  static RequestId of(JsonNode node, String name) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return new Whole(node.longValue());
    }
    var literal = literal(node);
    if (WITHOUT_FRACTION.matcher(literal).matches() && literal.length() <= TEXT_LENGTH_MAX) {
      return new Spelled(literal);
    }
    if (node.isString() && node.stringValue().length() <= TEXT_LENGTH_MAX) {
      return new Text(NotUnicode.require(node.stringValue()));
    }
    throw RpcException.invalidRequest(
        name
            + " must be a number without a fraction or a string, of at most "
            + TEXT_LENGTH_MAX
            + " characters");
  }

  /// Whether this number keeps how it was spelled.
  static boolean isSpelled(JsonNode node) {
    return node instanceof LiteralNumber;
  }

  private static String literal(JsonNode node) {
    if (node instanceof LiteralNumber number) {
      return number.literal();
    }
    return node.isIntegralNumber() ? node.bigIntegerValue().toString() : "";
  }
}
