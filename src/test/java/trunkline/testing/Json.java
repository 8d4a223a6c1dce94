package trunkline.testing;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON of the tests, read by a mapper that is not the product's.
public final class Json {
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  public static JsonNode of(String text) {
    return MAPPER.readTree(text);
  }
}
