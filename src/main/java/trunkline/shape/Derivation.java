package trunkline.shape;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;

/// Reads Java types. Whatever has no shape is refused by the record and the component that has it.
final class Derivation {
  private static final int DEPTH_MAX = 64;

  private final Set<String> open = new LinkedHashSet<>();

  /// The shape of a type where it is used, with the annotations that stand there.
  Shape part(Use use) {
    var marks = new Marks(use.annotations());
    if (marks.isNullable()) {
      throw new IllegalArgumentException(
          "what is in a list, map or array can't be @Nullable; leave it out instead");
    }
    return limited(of(use), marks.limits());
  }

  private static Shape limited(Shape shape, List<Limit> limits) {
    for (var limit : limits) {
      shape = shape.limited(limit);
    }
    return shape;
  }

  private Shape of(Use use) {
    var type = use.raw();
    return simple(type)
        .or(() -> Spelling.find(type).map(Spelled::new))
        .or(() -> collection(use))
        .or(() -> declared(use))
        .orElseThrow(() -> unsupported(use));
  }

  private static Optional<Shape> simple(Class<?> type) {
    if (type == String.class) {
      return Optional.of(Text.ANY);
    }
    if (type == boolean.class || type == Boolean.class) {
      return Optional.of(new Flag());
    }
    if (Decimal.isOne(type)) {
      return Optional.of(new Decimal(type));
    }
    return WholeType.find(type).<Shape>map(Whole::new).or(() -> Tree.find(type));
  }

  private Optional<Shape> collection(Use use) {
    var type = use.raw();
    var arguments = use.arguments();
    if (type.isArray()) {
      var element = arguments.getFirst();
      return Optional.of(new Sequence(part(element), false, element.raw(), Extent.ANY));
    }
    if (type == List.class || type == Collection.class || type == Set.class) {
      if (arguments.isEmpty()) {
        throw new IllegalArgumentException("a " + type.getSimpleName() + " of what, is not said");
      }
      return Optional.of(
          new Sequence(part(arguments.getFirst()), type == Set.class, null, Extent.ANY));
    }
    if (type == Map.class && !arguments.isEmpty() && arguments.getFirst().raw() == String.class) {
      return Optional.of(new Dictionary(part(arguments.get(1)), Extent.ANY));
    }
    return Optional.empty();
  }

  private Optional<Shape> declared(Use use) {
    var type = use.raw();
    if (Wrapping.of(type) != Wrapping.NONE) {
      throw new IllegalArgumentException(
          type.getSimpleName() + " is for components of records; what is in a list is there");
    }
    if (type.isEnum()) {
      return Optional.of(Constants.of(type));
    }
    if (!type.isRecord() && !type.isSealed() && Jackson.value(type).isEmpty()) {
      return Optional.empty();
    }
    if (!open.add(use.name()) || open.size() > DEPTH_MAX) {
      throw new IllegalArgumentException(
          use.name() + " contains itself; give the schema as JSON text instead");
    }
    var typeMarks = Marks.of(type);
    typeMarks.limits(); // refuses what is not followed
    var shape =
        Jackson.value(type)
            .<Shape>map(value -> Jackson.converted(use, value, this::part))
            .orElseGet(() -> type.isRecord() ? structure(use, typeMarks) : alternatives(use));
    open.remove(use.name());
    return Optional.of(shape);
  }

  private Alternatives alternatives(Use use) {
    var kinds = Kinds.of(use);
    return kinds.alternatives(leaf -> {
      if (!leaf.raw().isRecord() || Jackson.value(leaf.raw()).isPresent()) {
        throw new IllegalArgumentException(
            leaf.name() + " is an alternative of " + use.name() + " and not a record");
      }
      return (Structure) of(leaf);
    });
  }

  private Structure structure(Use use, Marks typeMarks) {
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
    if (inside == use || inside.raw() == use.raw()) {
      return limited(of(inside), limits);
    }
    return limited(part(inside), limits);
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

  private static IllegalArgumentException unsupported(Use use) {
    return new IllegalArgumentException(
        "no schema can be derived for " + use.name() + "; give it as JSON text instead");
  }

  static Map<String, Integer> places(List<Property> properties) {
    var places = new HashMap<String, Integer>();
    for (var i = 0; i < properties.size(); i++) {
      places.put(properties.get(i).name(), i);
    }
    return places;
  }
}
