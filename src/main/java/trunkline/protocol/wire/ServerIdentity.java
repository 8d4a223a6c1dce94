package trunkline.protocol.wire;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.Implementation;

/// What the server tells its clients of itself; for display only.
///
/// @param instructions for the model; null: none
public record ServerIdentity(Implementation server, @Nullable String instructions) {

  /// The same for a part of its catalog: it is called as the part says, and its instructions are
  /// the part's alone.
  public ServerIdentity of(Catalog toolset) {
    return new ServerIdentity(toolset.server().orElse(server), toolset.instructions().orElse(null));
  }

  /// Once a session, or when a client asks.
  public ObjectNode introduction(Revision revision) {
    return revision.spell(server);
  }

  /// With each result of the stateless era. A picture may be many times as large as the result, and
  /// is in the introduction.
  public ObjectNode signature(Revision revision) {
    var signature = introduction(revision);
    signature.remove("icons");
    return signature;
  }

  public Optional<String> instructionsForModel() {
    return Optional.ofNullable(instructions);
  }
}
