package trunkline.feature;

import java.util.List;
import tools.jackson.databind.JsonNode;
import trunkline.jsonrpc.Codec;

/// Asks the client for its roots.
final class Roots {
  private Roots() {}

  static InputRequest<List<Root>> request() {
    return new InputRequest<>(
        new ClientRequest("roots/list", Codec.object(), ClientCapability.ROOTS),
        answer -> answer.path("roots").valueStream().map(Roots::root).toList());
  }

  private static Root root(JsonNode json) {
    if (!json.path("uri").isString()) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.MALFORMED, "a root of the client has no uri");
    }
    return new Root(
        json.path("uri").stringValue(),
        json.path("name").isString() ? json.path("name").stringValue() : null);
  }
}
