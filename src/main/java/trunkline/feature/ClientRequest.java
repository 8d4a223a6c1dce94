package trunkline.feature;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A question to the client. Without patience of its own it waits as long as the server's policy
/// says.
public record ClientRequest(
    String method, ObjectNode params, Set<ClientCapability> needs, @Nullable Duration patience) {
  public ClientRequest {
    needs = Set.copyOf(needs);
  }

  public ClientRequest(String method, ObjectNode params, ClientCapability... needs) {
    this(method, params, Set.of(needs), null);
  }
}
