package trunkline.shape;

import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// An integer, however it is spelled: `5.0` is one.
record Whole(WholeType type, Bounds bounds) implements Shape {
  Whole(WholeType type) {
    this(type, type.natural);
  }

  @Override
  public ObjectNode schema() {
    var schema = Codec.object().put("type", "integer");
    bounds.describe(schema);
    return schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    BigDecimal value = JsonNumber.exact(json);
    return value == null || !JsonNumber.isWhole(value) || !bounds.contain(value)
        ? reading.refuse(json, this)
        : type.of(value.toBigInteger());
  }

  @Override
  public JsonNode write(Object value) {
    return value instanceof BigInteger big
        ? JsonNumber.whole(big)
        : JsonNumber.node(BigDecimal.valueOf(((Number) value).longValue()));
  }

  @Override
  public Shape limited(Limit limit) {
    return limit instanceof Limit.Bound bound
        ? new Whole(type, bounds.and(bound))
        : Shape.super.limited(limit);
  }

  @Override
  public String noun() {
    return "an integer" + (bounds.equals(WholeType.LONG.natural) ? " of 64 bits" : bounds.text());
  }
}
