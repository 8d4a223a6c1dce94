package trunkline.feature;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Asks the client's model and reads its answer.
final class Sampling {
  private Sampling() {}

  static InputRequest<SamplingResult> request(SamplingRequest request) {
    return new InputRequest<>(
        new ClientRequest("sampling/createMessage", request.params(), needs(request)),
        Sampling::read);
  }

  private static SamplingResult read(JsonNode answer) {
    var role = answer.path("role").asString("");
    if (!(role.equals("assistant") || role.equals("user")) || !answer.has("content")) {
      throw new ClientRequestFailed(
          ClientRequestFailed.Reason.MALFORMED, "the client's answer is not a message of a role");
    }
    var stopReason = answer.path("stopReason");
    return new SamplingResult(
        Role.from(role),
        content(answer.path("content")),
        answer.path("model").asString(""),
        stopReason.isString() ? stopReason.stringValue() : null);
  }

  private static ClientCapability[] needs(SamplingRequest request) {
    return request.isAboutTools()
        ? new ClientCapability[] {ClientCapability.SAMPLING, ClientCapability.SAMPLING_TOOLS}
        : new ClientCapability[] {ClientCapability.SAMPLING};
  }

  /// One block, or since 2025-11-25 a list of them.
  private static List<Content> content(JsonNode json) {
    return json.isArray()
        ? json.valueStream().map(Content::from).toList()
        : List.of(Content.from(json));
  }
}
