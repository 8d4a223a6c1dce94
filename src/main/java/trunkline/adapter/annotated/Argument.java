package trunkline.adapter.annotated;

import java.lang.invoke.MethodType;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// A parameter that a client fills in.
///
/// @param type boxed where it may be absent
/// @param byDefault null: none
record Argument(
    String name,
    Type type,
    @Nullable String description,
    boolean required,
    @Nullable String byDefault) {
  private static final List<String> ANNOTATIONS =
      List.of("ToolArg", "P", "PromptArg", "ResourceTemplateArg", "CompleteArg");

  static Argument of(Marked marked, Parameter parameter) {
    Injected.requireNone(marked, parameter);
    var marks = Marks.of(parameter, marked.vocabulary(), ANNOTATIONS);
    var name = ParameterName.of(marked, parameter, marks);
    var byDefault = marks.text("defaultValue").orElse(null);
    var required =
        byDefault == null && marks.is("required", true) && !isOptional(parameter.getType());
    var type = parameter.getParameterizedType();
    if (parameter.getType().isPrimitive() && byDefault == null && !required) {
      throw marked.refused(
          "has the optional parameter %s of type %s, which cannot be absent: give it a"
                  .formatted(name, type)
              + " defaultValue, or make it "
              + MethodType.methodType(parameter.getType()).wrap().returnType().getSimpleName());
    }
    return new Argument(
        name,
        type,
        marks.text("description").or(() -> marks.text("value")).orElse(null),
        required,
        byDefault);
  }

  private static boolean isOptional(Class<?> type) {
    return type == Optional.class
        || type == OptionalInt.class
        || type == OptionalLong.class
        || type == OptionalDouble.class;
  }

  /// Whether its absence is null.
  boolean isNullable() {
    var raw = type instanceof ParameterizedType generic ? generic.getRawType() : type;
    return !required && byDefault == null && !(raw instanceof Class<?> plain && isOptional(plain));
  }
}
