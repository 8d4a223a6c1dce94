package trunkline.feature;

import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A record's schema as a form: flat, and with only those keywords that elicitation knows.
final class FormSchema {
  private static final Set<String> FORMATS = Set.of("email", "uri", "date", "date-time");

  private FormSchema() {}

  static ObjectNode of(Class<? extends Record> form) {
    var schema = RecordSchema.of(form);
    schema.remove("additionalProperties");
    for (var entry : schema.path("properties").properties()) {
      if (!(entry.getValue() instanceof ObjectNode field) || !isField(field)) {
        throw new IllegalArgumentException(
            form.getSimpleName()
                + "."
                + entry.getKey()
                + ": a form has only strings, numbers, booleans, enums and lists of enums");
      }
      field.remove("uniqueItems");
      if (!FORMATS.contains(field.path("format").asString(""))) {
        field.remove("format");
      }
    }
    return schema;
  }

  private static boolean isField(JsonNode field) {
    return switch (field.path("type").asString("")) {
      case "string", "integer", "number", "boolean" -> true;
      case "array" -> field.path("items").has("enum");
      default -> false;
    };
  }
}
