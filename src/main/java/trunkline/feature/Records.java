package trunkline.feature;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Records ⇄ JSON, as tools and forms spell them: for programs that call tools.
public final class Records {
  /// Empty optionals and nulls are left out, as the derived schema expects.
  static final JsonMapper MAPPER =
      Codec.mapper()
          .rebuild()
          .changeDefaultPropertyInclusion(inclusion ->
              inclusion
                  .withValueInclusion(JsonInclude.Include.NON_ABSENT)
                  .withContentInclusion(JsonInclude.Include.NON_ABSENT))
          .build();

  private Records() {}

  /// Makes the record from JSON that its schema has found valid.
  ///
  /// @throws InvalidArguments when the record's own constructor refuses the values
  public static <T extends Record> T read(Class<T> type, ObjectNode json) {
    try {
      return MAPPER.treeToValue(withDefaults(type, json), type);
    } catch (JacksonException e) {
      throw new InvalidArguments(List.of(reason(e)));
    }
  }

  /// The record as JSON, such as the arguments of a call; what is absent is left out.
  public static ObjectNode json(Record value) {
    return MAPPER.valueToTree(value);
  }

  static JsonNode write(Object value) {
    return MAPPER.valueToTree(value);
  }

  private static ObjectNode withDefaults(Class<?> type, ObjectNode json) {
    var filled = json.objectNode().setAll(json);
    for (RecordComponent component : type.getRecordComponents()) {
      var given = filled.get(component.getName());
      var byDefault = component.getAnnotation(Default.class);
      if (given == null && byDefault != null) {
        filled.set(component.getName(), RecordSchema.defaultValue(component, byDefault.value()));
      } else if (given instanceof ObjectNode nested && component.getType().isRecord()) {
        filled.set(component.getName(), withDefaults(component.getType(), nested));
      }
    }
    return filled;
  }

  /// The record's constructor's own message, without Jackson's classes and positions.
  private static String reason(JacksonException e) {
    List<String> path = new ArrayList<>();
    for (var step : e.getPath()) {
      path.add(step.getPropertyName() != null ? step.getPropertyName() : "" + step.getIndex());
    }
    var cause = e.getCause();
    var message =
        cause instanceof IllegalArgumentException && cause.getMessage() != null
            ? cause.getMessage()
            : "has a value that does not fit";
    return (path.isEmpty() ? "" : "/" + String.join("/", path) + ": ") + message;
  }
}
