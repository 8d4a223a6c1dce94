package trunkline.feature;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import trunkline.jsonrpc.Codec;

/// JSON ⇄ what handlers keep: steps and values of the session. Any type that Jackson knows will do,
/// since no schema is shown of it.
final class Records {
  /// Empty optionals and nulls are left out.
  static final JsonMapper MAPPER =
      Codec.mapper()
          .rebuild()
          .changeDefaultPropertyInclusion(inclusion ->
              inclusion
                  .withValueInclusion(JsonInclude.Include.NON_ABSENT)
                  .withContentInclusion(JsonInclude.Include.NON_ABSENT))
          .build();

  private Records() {}

  static JsonNode write(Object value) {
    return MAPPER.valueToTree(value);
  }
}
