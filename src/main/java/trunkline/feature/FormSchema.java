package trunkline.feature;

import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.shape.Binding;

/// Forms that clients can show (MCP 2025-11-25, Elicitation): flat, of strings, numbers, booleans,
/// enums and lists of enums.
final class FormSchema {
  private static final Set<String> FORMATS = Set.of("email", "uri", "date", "date-time");

  private static final List<String> NOT_IN_FORMS =
      List.of(
          "uniqueItems",
          "pattern",
          "allOf",
          "contentEncoding",
          "exclusiveMinimum",
          "exclusiveMaximum");

  private static final Set<String> CHOICES = Set.of("enum", "anyOf", "oneOf");

  private static final String ONLY =
      ": a form has only strings, numbers, booleans, enums and lists of enums, and nothing nested";

  private FormSchema() {}

  /// Refuses a schema that no client could show, and tells its author why.
  static ObjectNode require(ObjectNode schema) {
    if (!schema.path("type").asString("").equals("object")
        || !schema.path("properties").isObject()) {
      throw new IllegalArgumentException("a form is of type object and has properties");
    }
    for (var entry : schema.path("properties").properties()) {
      if (!isField(entry.getValue())) {
        throw new IllegalArgumentException(entry.getKey() + ONLY);
      }
      var format = entry.getValue().path("format").asString("");
      if (!format.isEmpty() && !FORMATS.contains(format)) {
        throw new IllegalArgumentException(
            entry.getKey() + ": a form knows the formats email, uri, date and date-time only");
      }
    }
    return schema;
  }

  /// A record's schema as a form, with only those keywords that elicitation knows.
  static ObjectNode of(Class<? extends Record> form) {
    var schema = Binding.of(form).schema();
    schema.remove("additionalProperties");
    for (var entry : schema.path("properties").properties()) {
      if (!(entry.getValue() instanceof ObjectNode field) || !isField(field)) {
        throw new IllegalArgumentException(form.getSimpleName() + "." + entry.getKey() + ONLY);
      }
      simplify(field);
    }
    return schema;
  }

  private static void simplify(ObjectNode field) {
    field.remove(NOT_IN_FORMS);
    if (!FORMATS.contains(field.path("format").asString(""))) {
      field.remove("format");
    }
    if (field.path("oneOf") instanceof ArrayNode choices) {
      field.set("oneOf", titled(choices));
    }
    if (field.path("items") instanceof ObjectNode items) {
      items.remove(List.of("title", "description"));
      if (items.remove("oneOf") instanceof ArrayNode choices) {
        items.remove("type");
        items.set("anyOf", titled(choices));
      }
    }
  }

  /// A form shows titles only.
  private static ArrayNode titled(ArrayNode choices) {
    choices.forEach(choice -> ((ObjectNode) choice).remove("description"));
    return choices;
  }

  private static boolean isField(JsonNode field) {
    return switch (field.path("type").asString("")) {
      case "string", "integer", "number", "boolean" -> true;
      case "array" -> CHOICES.stream().anyMatch(field.path("items")::has);
      default -> false;
    };
  }
}
