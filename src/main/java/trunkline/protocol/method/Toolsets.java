package trunkline.protocol.method;

import java.util.Map;
import java.util.Optional;
import trunkline.protocol.run.Method;
import trunkline.session.Session;

/// The methods of the whole catalog, and those of each of its parts that is served by itself. A
/// session belongs to the part that it was opened with.
///
/// @param parts by the names of the toolsets
public record Toolsets(Methods whole, Map<String, Methods> parts) {
  public Toolsets {
    parts = Map.copyOf(parts);
  }

  /// Answers a request of a session. Nothing, where this instance has no such toolset.
  public Optional<Method> find(Session session, String method) {
    var methods = session.toolset().isEmpty() ? whole : parts.get(session.toolset());
    return methods == null ? Optional.empty() : methods.find(method);
  }
}
