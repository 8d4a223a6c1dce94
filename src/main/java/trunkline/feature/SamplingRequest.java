package trunkline.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Asks the client's model to go on from these messages.
///
/// @param more further parameters of `sampling/createMessage` as the protocol spells them, such as
///   `modelPreferences`; they don't replace the named ones
public record SamplingRequest(
    List<PromptMessage> messages,
    int tokensMax,
    @Nullable String systemPrompt,
    @Nullable Double temperature,
    List<String> stopSequences,
    ObjectNode more) {
  public SamplingRequest {
    messages = List.copyOf(messages);
    stopSequences = List.copyOf(stopSequences);
  }

  public SamplingRequest(List<PromptMessage> messages, int tokensMax) {
    this(messages, tokensMax, null, null, List.of(), Codec.object());
  }

  /// One question of the user.
  public static SamplingRequest of(String prompt, int tokensMax) {
    return new SamplingRequest(List.of(PromptMessage.user(prompt)), tokensMax);
  }

  public SamplingRequest withSystemPrompt(String prompt) {
    return new SamplingRequest(messages, tokensMax, prompt, temperature, stopSequences, more);
  }

  ObjectNode params() {
    var params = more.deepCopy();
    var array = params.putArray("messages");
    messages.forEach(message -> array.add(message.json()));
    params.put("maxTokens", tokensMax);
    if (systemPrompt != null) {
      params.put("systemPrompt", systemPrompt);
    }
    if (temperature != null) {
      params.put("temperature", temperature);
    }
    if (!stopSequences.isEmpty()) {
      var stops = params.putArray("stopSequences");
      stopSequences.forEach(stops::add);
    }
    return params;
  }
}
