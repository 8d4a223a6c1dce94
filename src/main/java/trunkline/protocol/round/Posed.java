package trunkline.protocol.round;

import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.AskTimeouts;
import trunkline.feature.ClientRequestFailed;
import trunkline.stream.Question;

/// A question to a client, spelled for its revision.
///
/// @param ordinal 1-based, of the request's questions
/// @param name the handler's name for it, unique in the request; null without one
public record Posed(
    int ordinal, @Nullable String name, String method, ObjectNode params, AskTimeouts timeouts) {
  private static final List<String> INPUTS =
      List.of("elicitation/create", "sampling/createMessage", "roots/list");

  /// What a client of the stateless era knows it by.
  public String key() {
    return name == null ? "question-" + ordinal : name;
  }

  /// The same under another name.
  public Posed named(String name) {
    return new Posed(ordinal, name, method, params, timeouts);
  }

  /// Only for what clients without a session are asked.
  ///
  /// @throws ClientRequestFailed when it is none of those that clients without a session are asked
  public void requireInput() {
    if (!INPUTS.contains(method)) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.UNSUPPORTED,
          "clients of 2026-07-28 are asked for input, not " + method);
    }
  }

  /// By which its words are compared.
  public String digest() {
    return HexFormat.of().formatHex(Question.digest(method, params));
  }
}
