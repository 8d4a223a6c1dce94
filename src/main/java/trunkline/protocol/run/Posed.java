package trunkline.protocol.run;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.AskTimeouts;

/// A question to a client, spelled for its revision.
///
/// @param ordinal 1-based, of the request's questions
/// @param name the handler's name for it, unique in the request; null without one
record Posed(
    int ordinal, @Nullable String name, String method, ObjectNode params, AskTimeouts timeouts) {
  /// What a client of the stateless era knows it by.
  String key() {
    return name == null ? "question-" + ordinal : name;
  }
}
