package trunkline.shape;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// Reads sealed interfaces: the records that they permit, however deep, and how JSON tells them
/// apart.
///
/// @param property of JSON that holds the name
/// @param leaves by name
record Kinds(Use use, String property, Map<String, Use> leaves) {
  private static final String PROPERTY = "type";

  static Kinds of(Use use) {
    Map<String, Use> leaves = new LinkedHashMap<>();
    collect(use, names(use.raw()), leaves);
    return new Kinds(use, property(use.raw()), leaves);
  }

  Alternatives alternatives(Function<Use, Structure> structure) {
    Map<String, Structure> structures = new LinkedHashMap<>();
    leaves.forEach((name, leaf) ->
        structures.put(name, structure.apply(leaf).tagged(new Structure.Tag(property, name))));
    return new Alternatives(property, structures, Marks.of(use.raw()));
  }

  private static String property(Class<?> type) {
    var info = type.getAnnotation(JsonTypeInfo.class);
    if (info == null) {
      return PROPERTY;
    }
    if ((info.use() != JsonTypeInfo.Id.NAME && info.use() != JsonTypeInfo.Id.SIMPLE_NAME)
        || info.include() != JsonTypeInfo.As.PROPERTY) {
      throw new IllegalArgumentException(
          type.getName()
              + ": @JsonTypeInfo is followed with use = NAME and include = PROPERTY only");
    }
    return info.property().isEmpty() ? "@type" : info.property();
  }

  private static Map<Class<?>, String> names(Class<?> type) {
    Map<Class<?>, String> names = new HashMap<>();
    var subtypes = type.getAnnotation(JsonSubTypes.class);
    if (subtypes != null) {
      for (var subtype : subtypes.value()) {
        if (!subtype.name().isEmpty()) {
          names.put(subtype.value(), subtype.name());
        }
      }
    }
    return names;
  }

  private static void collect(Use use, Map<Class<?>, String> names, Map<String, Use> leaves) {
    for (var permitted : use.raw().getPermittedSubclasses()) {
      var kind = bound(permitted, use);
      if (permitted.isSealed() && permitted.isInterface()) {
        collect(kind, names, leaves);
        continue;
      }
      var clash = leaves.put(name(permitted, names), kind);
      if (clash != null && clash.raw() != permitted) {
        throw new IllegalArgumentException(
            clash.name()
                + " and "
                + permitted.getName()
                + " have one name; give another with @JsonTypeName");
      }
    }
  }

  private static String name(Class<?> type, Map<Class<?>, String> names) {
    var listed = names.get(type);
    if (listed != null) {
      return listed;
    }
    var named = type.getAnnotation(JsonTypeName.class);
    return named == null || named.value().isEmpty() ? type.getSimpleName() : named.value();
  }

  /// A permitted type, with its variables as those of the interface say.
  private static Use bound(Class<?> permitted, Use above) {
    Map<TypeVariable<?>, Use> known = new HashMap<>();
    for (var implemented : permitted.getAnnotatedInterfaces()) {
      if (implemented instanceof AnnotatedParameterizedType generic
          && ((ParameterizedType) generic.getType()).getRawType() == above.raw()) {
        var arguments = generic.getAnnotatedActualTypeArguments();
        for (var i = 0; i < arguments.length && i < above.arguments().size(); i++) {
          if (arguments[i].getType() instanceof TypeVariable<?> variable) {
            known.put(variable, above.arguments().get(i));
          }
        }
      }
    }
    List<Use> arguments =
        Stream.of(permitted.getTypeParameters())
            .filter(known::containsKey)
            .map(known::get)
            .toList();
    return new Use(
        permitted,
        arguments.size() == permitted.getTypeParameters().length ? arguments : List.of(),
        List.of());
  }
}
