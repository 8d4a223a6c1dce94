package trunkline.shape;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;

/// Reads records: what of each component is in JSON, and under which conditions.
///
/// @param types reads what the components are
record Components(Derivation types) {
  Structure structure(Use use, Marks typeMarks) {
    var type = use.raw();
    var rules = typeMarks.find(JsonIgnoreProperties.class);
    var ignored = rules.map(each -> Set.of(each.value())).orElse(Set.of());
    List<Property> properties = new ArrayList<>();
    var canonical = canonical(type);
    var components = type.getRecordComponents();
    for (var i = 0; i < components.length; i++) {
      var component = components[i];
      try {
        var marks =
            Marks.of(
                component, field(component), component.getAccessor(), canonical.getParameters()[i]);
        properties.add(property(component, use, marks, ignored));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            type.getSimpleName() + "." + component.getName() + ": " + e.getMessage(), e);
      }
    }
    requireDistinct(type, properties);
    var creator = Jackson.creator(type);
    var order =
        creator
            .map(code -> Jackson.order(code, properties))
            .orElseGet(() -> IntStream.range(0, properties.size()).boxed().toList());
    return new Structure(
        type,
        List.copyOf(properties),
        new Maker(creator.orElse(canonical)),
        order,
        !rules.map(JsonIgnoreProperties::ignoreUnknown).orElse(false),
        null,
        typeMarks);
  }

  private Property property(
      RecordComponent component, Use owner, Marks declared, Set<String> ignoredNames) {
    var use = Use.of(component.getAnnotatedType(), owner.variables());
    var wrapping = Wrapping.of(use.raw());
    var inside = withoutRepeated(wrapping.inside(use), declared);
    var marks = declared.and(use.annotations());
    var limits = marks.limits();
    var named = declared.find(JsonProperty.class);
    var name =
        named.map(JsonProperty::value).filter(each -> !each.isEmpty()).orElse(component.getName());
    if (named.map(JsonProperty::access).orElse(JsonProperty.Access.AUTO)
        != JsonProperty.Access.AUTO) {
      throw new IllegalArgumentException(
          "@JsonProperty has an access; JSON's side reads and writes the same");
    }
    var ignored =
        declared.find(JsonIgnore.class).map(JsonIgnore::value).orElse(false)
            || ignoredNames.contains(name);
    if (marks.isNullable() && use.raw().isPrimitive()) {
      throw new IllegalArgumentException("is @Nullable, which a " + use.raw() + " never is");
    }
    var text = marks.ours("Default");
    // What JSON has nothing of may be of any type.
    var shape = ignored && text.isEmpty() ? new Tree(JsonNode.class) : shape(use, inside, limits);
    var byDefault = text.map(each -> defaultValue(each, shape)).orElse(null);
    var mayBeAbsent = ignored || marks.isNullable() || wrapping != Wrapping.NONE;
    return new Property(
        name,
        component,
        shape,
        wrapping,
        byDefault == null
            && (!mayBeAbsent || named.map(JsonProperty::required).orElse(false))
            && !ignored,
        ignored,
        byDefault,
        marks,
        new Getter(component.getAccessor()));
  }

  private Shape shape(Use use, Use inside, List<Limit> limits) {
    if (inside.raw() == use.raw()) {
      return Derivation.limited(types.of(inside), limits);
    }
    return Derivation.limited(types.part(inside), limits);
  }

  /// At an array, one annotation is read as the component's and as its elements'.
  private static Use withoutRepeated(Use use, Marks declared) {
    if (!use.raw().isArray()) {
      return use;
    }
    var element = use.arguments().getFirst();
    var own =
        element.annotations().stream().filter(each -> !declared.all().contains(each)).toList();
    return new Use(
        use.raw(), List.of(new Use(element.raw(), element.arguments(), own)), use.annotations());
  }

  /// An annotation's text: JSON, or plain text for what is a string.
  private static JsonNode defaultValue(String text, Shape shape) {
    var source = "@Default(\"" + text + "\")";
    try {
      var json =
          shape.schema().path("type").asString("").equals("string")
              ? JsonNodeFactory.instance.stringNode(text)
              : Codec.tree(text);
      Reading.read(json, shape);
      return json;
    } catch (RpcException e) {
      throw new IllegalArgumentException(
          source + " is no JSON, expected " + shape.noun() + " as JSON", e);
    } catch (Misfit e) {
      throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
    }
  }

  private static void requireDistinct(Class<?> type, List<Property> properties) {
    var names = new LinkedHashSet<String>();
    for (var property : properties) {
      if (!property.ignored() && !names.add(property.name())) {
        throw new IllegalArgumentException(
            type.getSimpleName() + " has two properties named '" + property.name() + "'");
      }
    }
  }

  static Constructor<?> canonical(Class<?> type) {
    try {
      return type.getDeclaredConstructor(
          Stream.of(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(type + " has no canonical constructor", e);
    }
  }

  private static @Nullable Field field(RecordComponent component) {
    try {
      return component.getDeclaringRecord().getDeclaredField(component.getName());
    } catch (NoSuchFieldException _) {
      return null;
    }
  }

  static Map<String, Integer> places(List<Property> properties) {
    var places = new HashMap<String, Integer>();
    for (var i = 0; i < properties.size(); i++) {
      places.put(properties.get(i).name(), i);
    }
    return places;
  }
}
