package trunkline.shape;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A type where it is used: its variables replaced, with the annotations that stand there.
///
/// @param arguments of a generic type; the elements of an array
record Use(Class<?> raw, List<Use> arguments, List<Annotation> annotations) {
  static Use of(Class<?> type) {
    return new Use(type, List.of(), List.of());
  }

  static Use of(AnnotatedType type, Map<TypeVariable<?>, Use> variables) {
    var here = List.of(type.getAnnotations());
    return switch (type) {
      case AnnotatedArrayType array -> {
        var element = of(array.getAnnotatedGenericComponentType(), variables);
        yield new Use(element.raw.arrayType(), List.of(element), here);
      }
      case AnnotatedParameterizedType generic ->
          new Use(
              (Class<?>) ((ParameterizedType) generic.getType()).getRawType(),
              Stream.of(generic.getAnnotatedActualTypeArguments())
                  .map(argument -> of(argument, variables))
                  .toList(),
              here);
      case AnnotatedWildcardType wildcard ->
          of(wildcard.getAnnotatedUpperBounds()[0], variables).and(here);
      default ->
          switch (type.getType()) {
            case Class<?> plain -> new Use(plain, List.of(), here);
            case TypeVariable<?> variable -> known(variable, variables).and(here);
            default -> throw new IllegalStateException("unknown kind of type: " + type);
          };
    };
  }

  private static Use known(TypeVariable<?> variable, Map<TypeVariable<?>, Use> variables) {
    var use = variables.get(variable);
    if (use == null) {
      throw new IllegalArgumentException(
          "it is not said what "
              + variable.getName()
              + " is; give the type with its argument, as in Page<Order>");
    }
    return use;
  }

  private Use and(List<Annotation> more) {
    return new Use(
        raw, arguments, Stream.concat(annotations.stream(), more.stream()).distinct().toList());
  }

  /// What the variables of its class stand for.
  Map<TypeVariable<?>, Use> variables() {
    Map<TypeVariable<?>, Use> variables = new HashMap<>();
    var parameters = raw.getTypeParameters();
    for (var i = 0; i < arguments.size() && i < parameters.length; i++) {
      variables.put(parameters[i], arguments.get(i));
    }
    return variables;
  }

  /// As in Java, without annotations.
  String name() {
    if (raw.isArray()) {
      return raw.getTypeName();
    }
    return raw.getName()
        + (arguments.isEmpty()
            ? ""
            : arguments.stream().map(Use::name).collect(Collectors.joining(", ", "<", ">")));
  }
}
