package trunkline.shape;

import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// One of several records: a sealed interface. A property says which.
///
/// @param property the name of that property
/// @param structures by the value of that property
record Alternatives(String property, Map<String, Structure> structures, Marks marks)
    implements Shape {
  @Override
  public ObjectNode schema() {
    var schema = Codec.object().put("type", "object");
    marks.describe(schema);
    var choices = schema.putArray("oneOf");
    structures.values().forEach(each -> choices.add(each.schema()));
    return schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    if (!(json instanceof ObjectNode object)) {
      return reading.refuse(json, this);
    }
    if (!object.has(property)) {
      return reading.refuse(
          "the required property '" + property + "' is missing, expected " + names());
    }
    var structure = structure(object);
    return structure == null
        ? reading.at(property, () -> reading.refuse("is none of the kinds, expected " + names()))
        : structure.read(object, reading);
  }

  private @Nullable Structure structure(JsonNode json) {
    var kind = json.path(property);
    return kind.isString() ? structures.get(kind.stringValue()) : null;
  }

  @Override
  public Object comparable(JsonNode json) {
    var structure = structure(json);
    return structure == null ? JsonNumber.comparable(json) : structure.comparable(json);
  }

  @Override
  public JsonNode write(Object value) {
    for (var structure : structures.values()) {
      if (structure.type() == value.getClass()) {
        return structure.write(value);
      }
    }
    throw new Unwritable("is a " + value.getClass().getName() + ", expected " + names());
  }

  @Override
  public String noun() {
    return "an object whose '" + property + "' is " + names();
  }

  private String names() {
    return structures.keySet().stream()
        .map(name -> "'" + name + "'")
        .collect(Collectors.joining(" or "));
  }
}
