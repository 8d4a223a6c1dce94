package trunkline.shape;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A type that is another one in JSON: it has a value (`@JsonValue`) and is made from one
/// (`@JsonCreator`).
record Converted(Shape inner, Maker maker, Getter getter, Marks marks) implements Shape {
  @Override
  public ObjectNode schema() {
    var schema = inner.schema();
    marks.describe(schema);
    return schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    var value = inner.read(json, reading);
    return value == null ? null : maker.make(new Object[] {value}, reading);
  }

  @Override
  public JsonNode write(Object value) {
    var inside = getter.get(value);
    if (inside == null) {
      throw new Unwritable("has a null for its @JsonValue");
    }
    return inner.write(inside);
  }

  @Override
  public String noun() {
    return inner.noun();
  }
}
