package trunkline.protocol.run;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.SessionValues;
import trunkline.jsonrpc.Codec;

/// A handler's view of the values that its session keeps: JSON here, text in the database.
record StoredValues(trunkline.session.SessionValues values) implements SessionValues {
  @Override
  public Optional<JsonNode> find(String name) {
    return values.get(name).map(Codec.mapper()::readTree);
  }

  @Override
  public void put(String name, JsonNode value) {
    if (!values.put(name, value.toString())) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.SESSION_ENDED, "the session has ended");
    }
  }

  @Override
  public boolean remove(String name) {
    return values.remove(name);
  }
}
