package trunkline.feature;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Asks the client's model to go on from these messages. Messages that the model would refuse, such
/// as an unanswered wish for a tool, are refused when the request is made.
///
/// @param tools those on offer; the client must have declared [ClientCapability#SAMPLING_TOOLS], as
///   it must for messages that hold its wishes and their outcomes
/// @param toolChoice null leaves it to the client, which takes it for [ToolChoice#AUTO]
/// @param more further parameters of `sampling/createMessage` as the protocol spells them, such as
///   `modelPreferences` or `includeContext`; they don't replace the named ones
public record SamplingRequest(
    List<SamplingMessage> messages,
    int tokensMax,
    @Nullable String systemPrompt,
    @Nullable Double temperature,
    List<String> stopSequences,
    List<SamplingTool> tools,
    @Nullable ToolChoice toolChoice,
    ObjectNode more) {
  private static final Set<String> NAMED = Set.of("messages", "tools", "toolChoice");

  public SamplingRequest {
    messages = List.copyOf(messages);
    stopSequences = List.copyOf(stopSequences);
    tools = List.copyOf(tools);
    if (toolChoice != null && tools.isEmpty()) {
      throw new IllegalArgumentException("a choice of tools without any tool");
    }
    if (tools.stream().map(SamplingTool::name).distinct().count() < tools.size()) {
      throw new IllegalArgumentException("two of the tools for the model have the same name");
    }
    for (var key : NAMED) {
      if (more.has(key)) {
        throw new IllegalArgumentException(key + " is not among more: it has a place of its own");
      }
    }
    requireAnswers(messages);
  }

  /// MCP 2025-11-25, Sampling: before anything else is said, each use of a tool has its outcome.
  private static void requireAnswers(List<SamplingMessage> messages) {
    var open = Set.<String>of();
    for (var message : messages) {
      var answered = message.answeredUses();
      if (answered.size() != open.size() || !open.equals(new HashSet<>(answered))) {
        throw new IllegalArgumentException(
            "the model used the tools " + open + " and is told of " + answered);
      }
      open = new HashSet<>();
      for (var use : message.toolUses()) {
        if (!open.add(use.id())) {
          throw new IllegalArgumentException("two uses of a tool have the id " + use.id());
        }
      }
    }
    if (!open.isEmpty()) {
      throw new IllegalArgumentException("nobody answered the model's use of the tools " + open);
    }
  }

  public SamplingRequest(List<SamplingMessage> messages, int tokensMax) {
    this(messages, tokensMax, null, null, List.of(), List.of(), null, Codec.object());
  }

  /// One question of the user.
  public static SamplingRequest of(String prompt, int tokensMax) {
    return new SamplingRequest(List.of(SamplingMessage.user(prompt)), tokensMax);
  }

  public SamplingRequest withSystemPrompt(String prompt) {
    return new SamplingRequest(
        messages, tokensMax, prompt, temperature, stopSequences, tools, toolChoice, more);
  }

  public SamplingRequest withTools(SamplingTool... offered) {
    return new SamplingRequest(
        messages,
        tokensMax,
        systemPrompt,
        temperature,
        stopSequences,
        List.of(offered),
        toolChoice,
        more);
  }

  public SamplingRequest withToolChoice(ToolChoice choice) {
    return new SamplingRequest(
        messages, tokensMax, systemPrompt, temperature, stopSequences, tools, choice, more);
  }

  public SamplingRequest withMore(ObjectNode further) {
    return new SamplingRequest(
        messages, tokensMax, systemPrompt, temperature, stopSequences, tools, toolChoice, further);
  }

  /// The next turn: the model's answer, and those of the tools that it used.
  ///
  /// @param outcomes one for each of [SamplingResult#toolUses()]
  public SamplingRequest followedBy(SamplingResult answer, List<Content.ToolOutcome> outcomes) {
    var longer = new ArrayList<>(messages);
    longer.add(answer.message());
    if (!outcomes.isEmpty()) {
      longer.add(new SamplingMessage(Role.USER, List.copyOf(outcomes)));
    }
    return new SamplingRequest(
        longer, tokensMax, systemPrompt, temperature, stopSequences, tools, toolChoice, more);
  }

  boolean isAboutTools() {
    return !tools.isEmpty() || messages.stream().anyMatch(SamplingMessage::isAboutTools);
  }

  ObjectNode params() {
    var params = more.deepCopy();
    var array = params.putArray("messages");
    messages.forEach(message -> message.json().forEach(array::add));
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
    if (!tools.isEmpty()) {
      var offered = params.putArray("tools");
      tools.forEach(tool -> offered.add(tool.json()));
    }
    if (toolChoice != null) {
      params.putObject("toolChoice").put("mode", toolChoice.json());
    }
    return params;
  }
}
