package trunkline.testing;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON of the tests, read by a mapper that is not the product's.
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  /// JSON text in which single quotes stand for double ones, and placeholders for the values.
  public static String json(String singleQuoted, Object... values) {
    var text = singleQuoted.replace('\'', '"');
    return values.length == 0 ? text : text.formatted(values);
  }

  public static JsonNode of(String text) {
    return MAPPER.readTree(text);
  }
}
