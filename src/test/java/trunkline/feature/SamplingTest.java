package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// Sampling with tools (MCP 2025-11-25): what is sent, and what is refused before it is sent.
class SamplingTest {
  record City(String city) {}

  private static final SamplingTool WEATHER =
      SamplingTool.of("weather", "How it is there", City.class);
  private static final String TWO_USES =
      """
      {'role': 'assistant', 'model': 'm', 'stopReason': 'toolUse', 'content': [
         {'type': 'text', 'text': 'Let me see.'},
         {'type': 'tool_use', 'id': 'u1', 'name': 'weather', 'input': {'city': 'Rom'},
          '_meta': {'cache': 1}},
         {'type': 'tool_use', 'id': 'u2', 'name': 'weather', 'input': {'city': 'Oslo'}}]}
      """;

  private final ScriptedContext context = new ScriptedContext();
  private final SamplingRequest asked = SamplingRequest.of("Where is it warm?", 50);

  @Test
  void the_model_uses_tools_and_is_told_what_they_answered() {
    context.answering(
        json(TWO_USES).toString(),
        "{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"Rom\"}}");
    var request = asked.withTools(WEATHER).withToolChoice(ToolChoice.REQUIRED);

    var wish = context.sample(request);
    assertThat(wish.stopReason()).isEqualTo("toolUse");
    assertThat(wish.toolUses())
        .extracting(use -> use.input().path("city").asString())
        .containsExactly("Rom", "Oslo");
    var rome = ToolResult.structured(json("{'degrees': 31}"));
    var outcomes =
        List.of(
            wish.toolUses().get(0).answeredBy(rome),
            wish.toolUses().get(1).answeredBy(ToolResult.error("unknown")));
    var answer = context.sample(request.followedBy(wish, outcomes));

    assertThat(answer.text()).isEqualTo("Rom");
    assertThat(context.asked.get(1).needs()).contains(ClientCapability.SAMPLING_TOOLS);
    assertThat(context.asked.get(1).params())
        .isEqualTo(
            json(
                """
                {'messages': [
                   {'role': 'user', 'content': {'type': 'text', 'text': 'Where is it warm?'}},
                   {'role': 'assistant', 'content': [
                      {'type': 'text', 'text': 'Let me see.'},
                      {'type': 'tool_use', 'id': 'u1', 'name': 'weather', 'input': {'city': 'Rom'},
                       '_meta': {'cache': 1}},
                      {'type': 'tool_use', 'id': 'u2', 'name': 'weather',
                       'input': {'city': 'Oslo'}}]},
                   {'role': 'user', 'content': [
                      {'type': 'tool_result', 'toolUseId': 'u1',
                       'content': [{'type': 'text', 'text': '{\\"degrees\\":31}'}],
                       'structuredContent': {'degrees': 31}},
                      {'type': 'tool_result', 'toolUseId': 'u2',
                       'content': [{'type': 'text', 'text': 'unknown'}], 'isError': true}]}],
                 'maxTokens': 50,
                 'tools': [{'name': 'weather', 'description': 'How it is there', 'inputSchema': {
                    'type': 'object', 'properties': {'city': {'type': 'string'}},
                    'required': ['city'], 'additionalProperties': false}}],
                 'toolChoice': {'mode': 'required'}}
                """));
  }

  @Test
  void a_client_without_tools_for_its_model_is_not_asked() {
    context.capabilities.remove(ClientCapability.SAMPLING_TOOLS);

    assertThatThrownBy(() -> context.sample(asked.withTools(WEATHER)))
        .isInstanceOf(CapabilityMissing.class)
        .hasMessageContaining("SAMPLING_TOOLS");
    assertThat(context.asked).isEmpty();
    context.answering("{\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":\"no\"}}");
    assertThat(context.sample(asked).text()).isEqualTo("no");
  }

  @Test
  void each_use_is_answered_once_and_before_anything_else() {
    context.answering(json(TWO_USES).toString());
    var request = asked.withTools(WEATHER);
    var wish = context.sample(request);
    var one = wish.toolUses().get(0).answeredBy(ToolResult.text("warm"));
    var two = wish.toolUses().get(1).answeredBy(ToolResult.text("cold"));

    assertThat(request.followedBy(wish, List.of(two, one)).messages()).hasSize(3);
    requireRefused("told of [u1]", () -> request.followedBy(wish, List.of(one)));
    requireRefused("nobody answered", () -> request.followedBy(wish, List.of()));
    requireRefused("told of [u1, u1]", () -> request.followedBy(wish, List.of(one, one)));
    requireRefused(
        "told of []",
        () -> new SamplingRequest(List.of(wish.message(), SamplingMessage.user("Well?")), 9));
    requireRefused(
        "told of [u1]",
        () ->
            new SamplingRequest(
                List.of(SamplingMessage.user("?"), new SamplingMessage(Role.USER, List.of(one))),
                9));
  }

  @Test
  void outcomes_stand_alone_and_everybody_says_what_is_his_to_say() {
    var use = new Content.ToolUse("u", "weather", Codec.object(), null);
    var outcome = use.answeredBy(ToolResult.text("warm"));

    requireRefused("outcomes only", () -> message(Role.USER, outcome, Content.text("And now?")));
    requireRefused("not the user", () -> message(Role.USER, use));
    requireRefused("not by the assistant", () -> message(Role.ASSISTANT, outcome));
    requireRefused("link", () -> message(Role.USER, Content.link("file:///x", "x")));
    requireRefused("has content", () -> message(Role.USER));
    requireRefused("for a client's model only", () -> ToolResult.of(use));
    requireRefused("for a client's model only", () -> new PromptMessage(Role.USER, outcome));
  }

  @Test
  void tools_have_different_names_and_a_choice_needs_some() {
    requireRefused("the same name", () -> asked.withTools(WEATHER, WEATHER));
    requireRefused("without any tool", () -> asked.withToolChoice(ToolChoice.AUTO));
    requireRefused("a place of its own", () -> asked.withMore((ObjectNode) json("{'tools': []}")));
    requireRefused("type", () -> new SamplingTool("x", "y", Codec.object()));
  }

  /// Older revisions know one block a message.
  @Test
  void several_blocks_without_tools_are_several_messages_and_more_goes_along() {
    context.answering("{\"role\":\"assistant\",\"content\":{\"type\":\"text\",\"text\":\"ok\"}}");
    var more =
        (ObjectNode) json("{'includeContext': 'none', 'modelPreferences': {'costPriority': 1}}");

    context.sample(
        new SamplingRequest(
                List.of(
                    message(Role.USER, Content.text("a"), Content.image(new byte[1], "image/x"))),
                9)
            .withMore(more));

    assertThat(context.asked.getFirst().needs()).containsExactly(ClientCapability.SAMPLING);
    assertThat(context.asked.getFirst().params())
        .isEqualTo(
            json(
                """
                {'includeContext': 'none', 'modelPreferences': {'costPriority': 1}, 'messages': [
                   {'role': 'user', 'content': {'type': 'text', 'text': 'a'}},
                   {'role': 'user',
                    'content': {'type': 'image', 'data': 'AA==', 'mimeType': 'image/x'}}],
                 'maxTokens': 9}
                """));
  }

  private static SamplingMessage message(Role role, Content... content) {
    return new SamplingMessage(role, List.of(content));
  }

  private static void requireRefused(String why, Runnable making) {
    assertThatThrownBy(making::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static JsonNode json(String text) {
    return Codec.tree(text.replace('\'', '"'));
  }
}
