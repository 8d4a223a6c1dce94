package trunkline.protocol.run;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.SessionValues;

/// The memory of a client without a session: none. What is kept from one request to the next has an
/// identifier there, which a tool gives and takes (MCP 2026-07-28, Statelessness).
final class NoValues implements SessionValues {
  @Override
  public Optional<JsonNode> find(String name) {
    return Optional.empty();
  }

  @Override
  public void put(String name, JsonNode value) {
    throw new ClientRequestFailed(
        ClientRequestFailed.Reason.UNSUPPORTED,
        "clients of 2026-07-28 have no session that could keep '" + name + "' for the next call");
  }

  @Override
  public boolean remove(String name) {
    return false;
  }
}
