package trunkline.testkit;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.SessionValues;

/// A session's memory in this process; one without a session keeps nothing, as on a server.
record ScriptedValues(Map<String, JsonNode> values, boolean inSession) implements SessionValues {
  @Override
  public Optional<JsonNode> find(String name) {
    return inSession ? Optional.ofNullable(values.get(name)) : Optional.empty();
  }

  @Override
  public void put(String name, JsonNode value) {
    if (!inSession) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.UNSUPPORTED, "there is no session to keep values in");
    }
    values.put(name, value);
  }

  @Override
  public boolean remove(String name) {
    return inSession && values.remove(name) != null;
  }
}
