package trunkline.shape;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads Jackson's `@JsonValue` and `@JsonCreator`.
final class Jackson {
  private Jackson() {}

  /// The method or field whose value stands for the whole.
  static Optional<Member> value(Class<?> type) {
    return Stream.<Member>concat(
            Stream.of(type.getDeclaredMethods()), Stream.of(type.getDeclaredFields()))
        .filter(member -> isValue((AccessibleObject) member))
        .findFirst();
  }

  private static boolean isValue(AccessibleObject member) {
    var annotation = member.getAnnotation(JsonValue.class);
    return annotation != null && annotation.value();
  }

  /// The constructor or factory that JSON's properties are given to, if it is not the canonical
  /// one.
  static Optional<Executable> creator(Class<?> type) {
    var found =
        Stream.<Executable>concat(
                Stream.of(type.getDeclaredConstructors()),
                Stream.of(type.getDeclaredMethods())
                    .filter(method -> Modifier.isStatic(method.getModifiers())))
            .filter(code -> mode(code) != JsonCreator.Mode.DISABLED)
            .toList();
    if (found.size() > 1) {
      throw new IllegalArgumentException(type.getName() + " has more than one @JsonCreator");
    }
    return found.stream().findFirst();
  }

  private static JsonCreator.Mode mode(Executable code) {
    var annotation = code.getAnnotation(JsonCreator.class);
    return annotation == null ? JsonCreator.Mode.DISABLED : annotation.mode();
  }

  /// The places among the properties of what the creator takes.
  static List<Integer> order(Executable creator, List<Property> properties) {
    var type = creator.getDeclaringClass().getSimpleName();
    if (mode(creator) == JsonCreator.Mode.DELEGATING) {
      throw new IllegalArgumentException(
          type
              + " is made from one value by its @JsonCreator and has no @JsonValue to be written as");
    }
    var canonical = creator.equals(Derivation.canonical(creator.getDeclaringClass()));
    var places = Derivation.places(properties);
    var order = new ArrayList<Integer>();
    for (var parameter : creator.getParameters()) {
      var place = canonical ? Integer.valueOf(order.size()) : places.get(name(parameter, type));
      if (place == null
          || properties.get(place).component().getType() != parameter.getType()
          || order.contains(place)) {
        throw differs(type);
      }
      order.add(place);
    }
    if (order.size() != properties.size()) {
      throw differs(type);
    }
    return List.copyOf(order);
  }

  private static IllegalArgumentException differs(String type) {
    return new IllegalArgumentException(
        type
            + ": its @JsonCreator takes other properties than the record has components; what is read"
            + " and what is written would differ");
  }

  private static String name(Parameter parameter, String type) {
    var named = parameter.getAnnotation(JsonProperty.class);
    if (named != null && !named.value().isEmpty()) {
      return named.value();
    }
    if (!parameter.isNamePresent()) {
      throw new IllegalArgumentException(
          type
              + ": the parameters of its @JsonCreator have no names; compile with -parameters or name"
              + " them with @JsonProperty");
    }
    return parameter.getName();
  }

  /// A type that is written as its value and made from one.
  static Converted converted(Use use, Member value, Function<Use, Shape> part) {
    var type = use.raw();
    var maker =
        creator(type)
            .or(() -> type.isRecord() ? Optional.of(Derivation.canonical(type)) : Optional.empty())
            .filter(code -> code.getParameterCount() == 1)
            .orElseThrow(() -> noWayBack(use));
    var written = Use.of(type(value), use.variables());
    var read = Use.of(maker.getAnnotatedParameterTypes()[0], use.variables());
    if (!written.name().equals(read.name())) {
      throw noWayBack(use);
    }
    var shape = part.apply(new Use(written.raw(), written.arguments(), List.of()));
    var marks =
        Marks.of((AccessibleObject) value, maker.getParameters()[0])
            .and(written.annotations())
            .and(read.annotations());
    for (var limit : marks.limits()) {
      shape = shape.limited(limit);
    }
    return new Converted(shape, new Maker(maker), new Getter(value), Marks.of(type));
  }

  private static AnnotatedType type(Member value) {
    return switch (value) {
      case Method method -> method.getAnnotatedReturnType();
      case Field field -> field.getAnnotatedType();
      default -> throw new IllegalStateException("neither method nor field: " + value);
    };
  }

  private static IllegalArgumentException noWayBack(Use use) {
    return new IllegalArgumentException(
        use.name()
            + " is written as its @JsonValue and has no @JsonCreator that takes the same type");
  }

  /// An enum that has both is to give each constant back.
  ///
  /// @throws IllegalArgumentException when its creator makes something else
  static void requireSame(Class<?> type, List<Choice.Option> options) {
    var creator = creator(type);
    if (creator.isEmpty()) {
      return;
    }
    var maker = new Maker(creator.get());
    for (var option : options) {
      var given =
          creator.get().getParameterTypes()[0] == String.class
              ? option.json().asString()
              : (Object) option.json().intValue();
      if (maker.make(new Object[] {given}, new Reading()) != option.constant()) {
        throw new IllegalArgumentException(
            type.getName()
                + ": its @JsonCreator does not make "
                + option.constant()
                + " from "
                + option.json()
                + "; name the constants with @JsonValue or @JsonProperty");
      }
    }
  }
}
