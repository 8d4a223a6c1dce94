package trunkline.shape;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// A boolean.
record Flag() implements Shape {
  @Override
  public ObjectNode schema() {
    return Codec.object().put("type", "boolean");
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    return json.isBoolean() ? (Object) json.booleanValue() : reading.refuse(json, this);
  }

  @Override
  public JsonNode write(Object value) {
    return JsonNodeFactory.instance.booleanNode((boolean) value);
  }

  @Override
  public String noun() {
    return "true or false";
  }
}
