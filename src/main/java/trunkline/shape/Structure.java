package trunkline.shape;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// An object with these properties: a record.
///
/// @param order the places among `properties` of what `maker` takes
/// @param closed whether others are refused
/// @param tag what tells it from its alternatives
/// @param known the names that may be there, of which the tag's is one
record Structure(
    Class<?> type,
    List<Property> properties,
    Maker maker,
    List<Integer> order,
    boolean closed,
    @Nullable Tag tag,
    Marks marks,
    Set<String> known)
    implements Shape {
  private static final int NAMES_MAX = 20;

  Structure(
      Class<?> type,
      List<Property> properties,
      Maker maker,
      List<Integer> order,
      boolean closed,
      @Nullable Tag tag,
      Marks marks) {
    this(type, properties, maker, order, closed, tag, marks, known(properties, tag));
  }

  private static Set<String> known(List<Property> properties, @Nullable Tag tag) {
    return Stream.concat(
            Stream.ofNullable(tag).map(Tag::property), shown(properties).map(Property::name))
        .collect(Collectors.toUnmodifiableSet());
  }

  record Tag(String property, String value) {}

  Structure tagged(Tag as) {
    if (shown().anyMatch(each -> each.name().equals(as.property))) {
      throw new IllegalArgumentException(
          type.getSimpleName()
              + " has a component '"
              + as.property
              + "', which is what tells it from its alternatives; take another name for that with"
              + " @JsonTypeInfo(use = NAME, property = …)");
    }
    return new Structure(type, properties, maker, order, closed, as, marks);
  }

  @Override
  public ObjectNode schema() {
    var schema = Codec.object().put("type", "object");
    marks.describe(schema);
    var described = schema.putObject("properties");
    var required = Codec.array();
    if (tag != null) {
      described.putObject(tag.property).put("type", "string").put("const", tag.value);
      required.add(tag.property);
    }
    shown()
        .forEach(property -> {
          described.set(property.name(), property.schema());
          if (property.required()) {
            required.add(property.name());
          }
        });
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return closed ? schema.put("additionalProperties", false) : schema;
  }

  @Override
  public @Nullable Object read(JsonNode json, Reading reading) {
    if (!(json instanceof ObjectNode object)) {
      return reading.refuse(json, this);
    }
    var before = reading.count();
    if (closed) {
      for (var name : object.propertyNames()) {
        if (!known.contains(name)) {
          reading.refuse("unknown property '" + name + "', expected " + names());
        }
      }
    }
    var values = new @Nullable Object[properties.size()];
    for (var i = 0; i < values.length; i++) {
      values[i] = properties.get(i).read(object, reading);
    }
    return reading.count() > before ? null : maker.make(ordered(values), reading);
  }

  @Override
  public Object comparable(JsonNode json) {
    Map<String, Object> parts = new HashMap<>();
    json.properties()
        .forEach(each -> parts.put(each.getKey(), JsonNumber.comparable(each.getValue())));
    shown()
        .forEach(property -> {
          var given = json.path(property.name());
          if (given.isNull() && !property.required()) {
            parts.remove(property.name());
          } else if (!given.isMissingNode()) {
            parts.put(property.name(), property.shape().comparable(given));
          }
        });
    return json.isObject() ? parts : JsonNumber.comparable(json);
  }

  private @Nullable Object[] ordered(@Nullable Object[] values) {
    var ordered = new @Nullable Object[values.length];
    for (var i = 0; i < ordered.length; i++) {
      ordered[i] = values[order.get(i)];
    }
    return ordered;
  }

  @Override
  public JsonNode write(Object value) {
    var written = Codec.object();
    if (tag != null) {
      written.put(tag.property, tag.value);
    }
    for (var property : properties) {
      try {
        property.write(value, written);
      } catch (Unwritable e) {
        throw e.in(type.getSimpleName() + "." + property.component().getName());
      }
    }
    return written;
  }

  private Stream<Property> shown() {
    return shown(properties);
  }

  private static Stream<Property> shown(List<Property> properties) {
    return properties.stream().filter(property -> !property.ignored());
  }

  private String names() {
    var names = shown().limit(NAMES_MAX).map(Property::name).collect(Collectors.joining(", "));
    if (names.isEmpty()) {
      return "none";
    }
    return shown().count() > NAMES_MAX ? names + ", …" : names;
  }

  @Override
  public String noun() {
    return "an object";
  }
}
