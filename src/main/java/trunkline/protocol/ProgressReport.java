package trunkline.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.QuestionProgress;
import trunkline.protocol.wire.Params;
import trunkline.session.PendingId;

/// A client's `notifications/progress` about a question of ours.
///
/// @param question its JSON-RPC id, which we gave as the token; some clients' numbers all have a
///   point
record ProgressReport(PendingId question, QuestionProgress advance) {
  private static final int MESSAGE_LENGTH_MAX = 1_000;

  /// Empty for other reports: a notification has no answer, so the client is not told.
  static Optional<ProgressReport> parse(ObjectNode params) {
    var token = params.path("progressToken");
    var progress = number(params.path("progress"));
    var question = number(token);
    if (question == null || question != Math.rint(question) || progress == null) {
      return Optional.empty();
    }
    var message = params.path("message");
    return Optional.of(
        new ProgressReport(
            new PendingId(token.isIntegralNumber() ? token.longValue(0) : question.longValue()),
            new QuestionProgress(
                progress,
                number(params.path("total")),
                message.isString()
                    ? Params.abbreviate(message.stringValue(), MESSAGE_LENGTH_MAX)
                    : null)));
  }

  private static @Nullable Double number(JsonNode json) {
    var value = json.isNumber() ? json.doubleValue(Double.NaN) : Double.NaN;
    return Double.isFinite(value) ? value : null;
  }
}
