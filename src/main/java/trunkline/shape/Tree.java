package trunkline.shape;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// JSON that is handed over as it came.
record Tree(Class<?> type) implements Shape {
  static Optional<Tree> find(Class<?> type) {
    return type == JsonNode.class || type == ObjectNode.class || type == ArrayNode.class
        ? Optional.of(new Tree(type))
        : Optional.empty();
  }

  @Override
  public ObjectNode schema() {
    var schema = Codec.object();
    if (type == JsonNode.class) {
      return schema;
    }
    return schema.put("type", type == ObjectNode.class ? "object" : "array");
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    return type.isInstance(json) ? json : reading.refuse(json, this);
  }

  @Override
  public JsonNode write(Object value) {
    return (JsonNode) value;
  }

  @Override
  public String noun() {
    if (type == JsonNode.class) {
      return "any JSON";
    }
    return type == ObjectNode.class ? "an object" : "an array";
  }
}
