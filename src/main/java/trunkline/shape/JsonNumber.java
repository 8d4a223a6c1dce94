package trunkline.shape;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Numbers by their value: `5`, `5.0` and `5e0` are one.
final class JsonNumber {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private JsonNumber() {}

  /// The value of a number.
  ///
  /// @return null when it is no number, or not a finite one
  static @Nullable BigDecimal exact(JsonNode json) {
    if (!json.isNumber()
        || (json.isFloatingPointNumber()
            && !json.isBigDecimal()
            && !Double.isFinite(json.doubleValue()))) {
      return null;
    }
    return json.decimalValue();
  }

  static boolean isWhole(BigDecimal value) {
    return value.scale() <= 0 || value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
  }

  /// The shortest node that has this value.
  static JsonNode node(BigDecimal value) {
    if (!isWhole(value)) {
      return NODES.numberNode(value);
    }
    var whole = value.toBigInteger();
    return whole.bitLength() < Integer.SIZE ? NODES.numberNode(whole.intValue()) : whole(whole);
  }

  static JsonNode whole(BigInteger value) {
    return value.bitLength() < Long.SIZE
        ? NODES.numberNode(value.longValue())
        : NODES.numberNode(value);
  }

  /// Equal for what JSON Schema calls equal: numbers by value, objects in any order.
  static Object comparable(JsonNode json) {
    var number = exact(json);
    if (number != null) {
      return number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }
    if (json.isArray()) {
      return json.valueStream().map(JsonNumber::comparable).toList();
    }
    if (json.isObject()) {
      return json.propertyStream()
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> comparable(entry.getValue())));
    }
    return json;
  }

  static String text(BigDecimal value) {
    return isWhole(value) ? value.toBigInteger().toString() : value.toPlainString();
  }
}
