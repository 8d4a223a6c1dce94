package trunkline.shape;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A number with or without a fraction. JSON's fractions arrive as doubles, with 17 digits.
record Decimal(Class<?> type, Bounds bounds) implements Shape {
  private static final Set<Class<?>> SINGLES = Set.of(float.class, Float.class);
  private static final Set<Class<?>> TYPES =
      Set.of(float.class, Float.class, double.class, Double.class, BigDecimal.class);

  /// As it is written; a little above the exact value, to which it is rounded when read.
  private static final BigDecimal SINGLE_MAX = new BigDecimal(Float.toString(Float.MAX_VALUE));

  Decimal(Class<?> type) {
    this(
        type,
        SINGLES.contains(type) ? Bounds.between(SINGLE_MAX.negate(), SINGLE_MAX) : Bounds.NONE);
  }

  static boolean isOne(Class<?> type) {
    return TYPES.contains(type);
  }

  @Override
  public ObjectNode schema() {
    var schema = Codec.object().put("type", "number");
    bounds.describe(schema);
    return schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    BigDecimal value = JsonNumber.exact(json);
    if (value == null || !bounds.contain(value)) {
      return reading.refuse(json, this);
    }
    if (type == BigDecimal.class) {
      return value;
    }
    if (SINGLES.contains(type)) {
      return value.floatValue();
    }
    var number = value.doubleValue();
    return Double.isFinite(number) ? (Object) number : reading.refuse(json, this);
  }

  @Override
  public JsonNode write(Object value) {
    if (value instanceof BigDecimal decimal) {
      return JsonNumber.node(decimal);
    }
    var number = value instanceof Float single ? shortest(single) : (double) value;
    if (!Double.isFinite(number)) {
      throw new Unwritable("is " + value + ", which is no number of JSON");
    }
    return JsonNodeFactory.instance.numberNode(number);
  }

  /// 0.1f is 0.1, not 0.10000000149011612.
  private static double shortest(float single) {
    return Double.parseDouble(Float.toString(single));
  }

  @Override
  public Shape limited(Limit limit) {
    return limit instanceof Limit.Bound bound
        ? new Decimal(type, bounds.and(bound))
        : Shape.super.limited(limit);
  }

  @Override
  public String noun() {
    return "a number" + bounds.text();
  }
}
