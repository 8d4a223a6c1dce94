package trunkline.trace;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// The span of a request among its stored parameters, for its further runs. No client can have put
/// it there: what it sent under this name is replaced.
public final class KeptContext {
  private static final String KEPT = "trunkline/trace";

  private KeptContext() {}

  /// Adds it to parameters that are about to be stored.
  static ObjectNode put(ObjectNode params, Optional<TraceParent> span) {
    if (span.isEmpty() && !params.has(KEPT)) {
      return params;
    }
    var kept = params.objectNode();
    kept.setAll(params);
    kept.remove(KEPT);
    span.ifPresent(it -> kept.put(KEPT, it.text()));
    return kept;
  }

  /// Takes it out of stored parameters.
  public static Optional<TraceParent> takenFrom(ObjectNode params) {
    var kept = params.remove(KEPT);
    return kept == null ? Optional.empty() : TraceParent.parse(kept.asString(""));
  }
}
