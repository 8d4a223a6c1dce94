package trunkline.feature;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A session's memory between calls, on whichever instance they run. The last write wins; values go
/// with the session.
public interface SessionValues {
  Optional<JsonNode> find(String name);

  /// Committed when it returns.
  void put(String name, JsonNode value);

  /// Forgets a value; committed when it returns.
  ///
  /// @return whether there was a value
  boolean remove(String name);

  default <T> Optional<T> find(String name, Class<T> type) {
    return find(name).map(json -> Kept.MAPPER.treeToValue(json, type));
  }

  default void put(String name, Object value) {
    put(name, Kept.MAPPER.valueToTree(value));
  }
}
