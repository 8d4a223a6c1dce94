package trunkline.feature;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Derives a JSON schema from a record.
final class RecordSchema {
  private final Set<Class<?>> open = new LinkedHashSet<>();

  private RecordSchema() {}

  static ObjectNode of(Class<? extends Record> type) {
    return new RecordSchema().object(type);
  }

  /// An annotation's text as JSON of the component's type.
  static JsonNode defaultValue(RecordComponent component, String text) {
    var schema = new RecordSchema().type(ComponentType.required(component.getGenericType()));
    if (schema.path("type").asString("").equals("string")) {
      return JsonNodeFactory.instance.stringNode(text);
    }
    return Codec.tree(text);
  }

  private ObjectNode object(Class<?> type) {
    if (!open.add(type)) {
      throw new IllegalArgumentException(
          type.getName() + " contains itself; give the schema as JSON text instead");
    }
    var schema = Codec.object().put("type", "object");
    describe(schema, type);
    var properties = schema.putObject("properties");
    var required = Codec.array();
    for (var component : type.getRecordComponents()) {
      properties.set(component.getName(), property(type, component));
      if (isRequired(component)) {
        required.add(component.getName());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    schema.put("additionalProperties", false);
    open.remove(type);
    return schema;
  }

  private ObjectNode property(Class<?> owner, RecordComponent component) {
    ObjectNode schema;
    try {
      schema = type(ComponentType.required(component.getGenericType()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          owner.getSimpleName() + "." + component.getName() + ": " + e.getMessage(), e);
    }
    describe(schema, component);
    limit(schema, component);
    var header = component.getAnnotation(InHeader.class);
    if (header != null) {
      schema.put("x-mcp-header", header.value());
    }
    var byDefault = component.getAnnotation(Default.class);
    if (byDefault != null) {
      schema.set("default", defaultValue(component, byDefault.value()));
    }
    return schema;
  }

  private ObjectNode type(Type type) {
    return ComponentType.schema(type, this::object);
  }

  private static boolean isRequired(RecordComponent component) {
    return !component.isAnnotationPresent(Default.class)
        && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)
        && !ComponentType.isOptional(component.getType());
  }

  private static void describe(ObjectNode schema, AnnotatedElement element) {
    var title = element.getAnnotation(Title.class);
    if (title != null) {
      schema.put("title", title.value());
    }
    var description = element.getAnnotation(Description.class);
    if (description != null) {
      schema.put("description", description.value());
    }
  }

  private static void limit(ObjectNode schema, RecordComponent component) {
    var range = component.getAnnotation(Range.class);
    if (range != null) {
      bound(schema, "minimum", range.min());
      bound(schema, "maximum", range.max());
    }
    var length = component.getAnnotation(Length.class);
    if (length != null) {
      var noun = schema.path("type").asString("").equals("array") ? "Items" : "Length";
      if (length.min() > 0) {
        schema.put("min" + noun, length.min());
      }
      if (length.max() < Integer.MAX_VALUE) {
        schema.put("max" + noun, length.max());
      }
    }
  }

  private static void bound(ObjectNode schema, String keyword, double value) {
    if (Double.isInfinite(value)) {
      return;
    }
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      schema.put(keyword, (long) value);
    } else {
      schema.put(keyword, value);
    }
  }
}
