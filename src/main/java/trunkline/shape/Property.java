package trunkline.shape;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A component of a record as a property of its JSON.
///
/// @param name in JSON
/// @param ignored whether JSON has nothing of it
/// @param byDefault taken when it is absent
record Property(
    String name,
    RecordComponent component,
    Shape shape,
    Wrapping wrapping,
    boolean required,
    boolean ignored,
    @Nullable JsonNode byDefault,
    Marks marks,
    Getter getter) {
  ObjectNode schema() {
    var schema = shape.schema();
    marks.describe(schema);
    marks.ours("InHeader").ifPresent(header -> schema.put("x-mcp-header", header));
    if (byDefault != null) {
      schema.set("default", byDefault.deepCopy());
    }
    return schema;
  }

  /// @param owner the object that has it, or not
  @Nullable Object read(ObjectNode owner, Reading reading) {
    var given = ignored ? null : owner.get(name);
    if (given != null && (required || !given.isNull())) {
      return wrapping.wrap(reading.at(name, () -> shape.read(given, reading)));
    }
    if (byDefault != null) {
      return wrapping.wrap(shape.read(byDefault.deepCopy(), reading));
    }
    return required ? reading.refuse("the required property '" + name + "' is missing") : absent();
  }

  private @Nullable Object absent() {
    return component.getType().isPrimitive()
        ? Array.get(Array.newInstance(component.getType(), 1), 0)
        : wrapping.wrap(null);
  }

  void write(Object owner, ObjectNode json) {
    var held = ignored ? null : getter.get(owner);
    var value = held == null ? null : wrapping.unwrap(held);
    if (value != null) {
      json.set(name, shape.write(value));
    } else if (required) {
      throw new Unwritable("is null, and required; make it Optional or @Nullable to leave it out");
    }
  }
}
