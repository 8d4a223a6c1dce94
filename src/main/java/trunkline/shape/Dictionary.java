package trunkline.shape;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A map from strings to one shape. It never changes and keeps its order.
record Dictionary(Shape value, Extent extent) implements Shape {
  @Override
  public ObjectNode schema() {
    var schema = Codec.object().put("type", "object");
    schema.set("additionalProperties", value.schema());
    extent.describe(schema, "Properties");
    return schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    if (!(json instanceof ObjectNode given)) {
      return reading.refuse(json, this);
    }
    if (!extent.contains(given.size())) {
      return reading.refuse("has " + given.size() + " entries, expected " + noun());
    }
    var before = reading.count();
    var values = new LinkedHashMap<String, @Nullable Object>();
    for (var entry : given.properties()) {
      values.put(
          entry.getKey(), reading.at(entry.getKey(), () -> value.read(entry.getValue(), reading)));
    }
    return reading.count() > before ? null : Collections.unmodifiableMap(values);
  }

  @Override
  public Object comparable(JsonNode json) {
    return json.isObject()
        ? json.propertyStream()
            .collect(Collectors.toMap(Map.Entry::getKey, each -> value.comparable(each.getValue())))
        : JsonNumber.comparable(json);
  }

  @Override
  public JsonNode write(Object map) {
    var written = Codec.object();
    for (var entry : ((Map<?, ?>) map).entrySet()) {
      var place = "entry " + entry.getKey();
      if (!(entry.getKey() instanceof String key) || entry.getValue() == null) {
        throw new Unwritable("is null, which a map does not hold").in(place);
      }
      try {
        written.set(key, value.write(entry.getValue()));
      } catch (Unwritable e) {
        throw e.in(place);
      }
    }
    return written;
  }

  @Override
  public Shape limited(Limit limit) {
    return limit instanceof Limit.Size size
        ? new Dictionary(value, extent.and(size))
        : Shape.super.limited(limit);
  }

  @Override
  public String noun() {
    return "an object" + extent.text("entries");
  }
}
