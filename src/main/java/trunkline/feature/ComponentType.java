package trunkline.feature;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// The Java types of a record's components, and their schemas.
final class ComponentType {
  private static final Set<Class<?>> INTEGERS =
      Set.of(
          int.class,
          Integer.class,
          long.class,
          Long.class,
          short.class,
          Short.class,
          byte.class,
          Byte.class,
          BigInteger.class,
          OptionalInt.class,
          OptionalLong.class);
  private static final Set<Class<?>> NUMBERS =
      Set.of(
          double.class,
          Double.class,
          float.class,
          Float.class,
          BigDecimal.class,
          OptionalDouble.class);
  private static final Map<Class<?>, String> FORMATS =
      Map.of(
          LocalDate.class, "date",
          LocalTime.class, "",
          OffsetDateTime.class, "date-time",
          Instant.class, "date-time",
          Duration.class, "duration",
          URI.class, "uri",
          UUID.class, "uuid");

  private ComponentType() {}

  static boolean isOptional(Class<?> type) {
    return type == Optional.class
        || type == OptionalInt.class
        || type == OptionalLong.class
        || type == OptionalDouble.class;
  }

  /// The type inside of an `Optional`, or the type itself.
  static Type required(Type type) {
    return type instanceof ParameterizedType parameterized
            && parameterized.getRawType() == Optional.class
        ? parameterized.getActualTypeArguments()[0]
        : type;
  }

  static ObjectNode schema(Type type, Function<Class<?>, ObjectNode> records) {
    return switch (type) {
      case Class<?> plain -> plain(plain, records);
      case ParameterizedType generic -> generic(generic, records);
      default -> throw unsupported(type);
    };
  }

  private static ObjectNode plain(Class<?> type, Function<Class<?>, ObjectNode> records) {
    if (type == String.class) {
      return typed("string");
    }
    if (type == boolean.class || type == Boolean.class) {
      return typed("boolean");
    }
    if (INTEGERS.contains(type)) {
      return typed("integer");
    }
    if (NUMBERS.contains(type)) {
      return typed("number");
    }
    if (FORMATS.containsKey(type)) {
      var format = FORMATS.get(type);
      return format.isEmpty() ? typed("string") : typed("string").put("format", format);
    }
    if (type.isEnum()) {
      return choice(type);
    }
    if (type.isRecord()) {
      return records.apply(type);
    }
    if (type == ObjectNode.class) {
      return typed("object");
    }
    if (type == ArrayNode.class) {
      return typed("array");
    }
    if (type == JsonNode.class) {
      return Codec.object();
    }
    throw unsupported(type);
  }

  private static ObjectNode choice(Class<?> type) {
    var schema = typed("string");
    var values = schema.putArray("enum");
    for (var constant : type.getEnumConstants()) {
      values.add(((Enum<?>) constant).name());
    }
    return schema;
  }

  private static ObjectNode generic(
      ParameterizedType type, Function<Class<?>, ObjectNode> records) {
    var raw = type.getRawType();
    var arguments = type.getActualTypeArguments();
    if (raw == List.class || raw == Collection.class || raw == Set.class) {
      var schema = typed("array");
      schema.set("items", schema(arguments[0], records));
      return raw == Set.class ? schema.put("uniqueItems", true) : schema;
    }
    if (raw == Map.class && arguments[0] == String.class) {
      var schema = typed("object");
      schema.set("additionalProperties", schema(arguments[1], records));
      return schema;
    }
    throw unsupported(type);
  }

  private static ObjectNode typed(String type) {
    return Codec.object().put("type", type);
  }

  private static IllegalArgumentException unsupported(Type type) {
    return new IllegalArgumentException(
        "no schema can be derived for " + type.getTypeName() + "; give it as JSON text instead");
  }
}
