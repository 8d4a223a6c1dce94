package trunkline.feature;

import java.util.List;
import tools.jackson.databind.JsonNode;
import trunkline.jsonrpc.Codec;

/// Asks the client for its roots.
final class Roots {
  private Roots() {}

  static List<Root> ask(RequestContext context) {
    var answer =
        context.ask(new ClientRequest("roots/list", Codec.object(), ClientCapability.ROOTS));
    return answer.path("roots").valueStream().map(Roots::root).toList();
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
