package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.Codec;

class AskingTest {
  record Person(String name, Optional<Integer> age) {}

  private final ScriptedContext context = new ScriptedContext();

  @Test
  void a_form_comes_back_as_a_record() {
    context.answering("{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}");

    assertThat(context.elicit("Who?", Person.class))
        .isEqualTo(new Elicited.Accepted<>(new Person("Ada", Optional.empty())));
    assertThat(context.asked.getFirst().params())
        .isEqualTo(
            Codec.tree(
                """
                {"message": "Who?", "requestedSchema": {"type": "object",
                  "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
                  "required": ["name"]}}
                """));
  }

  @Test
  void a_user_may_say_no_or_nothing() {
    context.answering("{\"action\":\"decline\"}", "{\"action\":\"cancel\"}");

    assertThat(context.elicit("Who?", Person.class)).isEqualTo(new Elicited.Declined<>());
    assertThat(context.elicit("Who?", Person.class)).isEqualTo(new Elicited.Cancelled<>());
  }

  @Test
  void an_answer_that_does_not_fit_is_no_answer() {
    context.answering(
        "{\"action\":\"accept\",\"content\":{\"name\":7}}",
        "{\"action\":\"accept\"}",
        "{\"action\":\"perhaps\"}",
        "7");

    for (var i = 0; i < 4; i++) {
      assertThatThrownBy(() -> context.elicit("Who?", Person.class))
          .isInstanceOfSatisfying(
              AskFailed.class, e -> assertThat(e.reason()).isEqualTo(AskFailed.Reason.MALFORMED));
    }
  }

  @Test
  void what_the_client_cannot_do_is_never_asked() {
    context.capabilities.clear();

    assertThatThrownBy(() -> context.elicit("Who?", Person.class))
        .isInstanceOf(CapabilityMissing.class)
        .hasMessageContaining("elicitation");
    assertThatThrownBy(() -> context.sample(SamplingRequest.of("?", 1)))
        .isInstanceOf(CapabilityMissing.class);
    assertThatThrownBy(context::roots).isInstanceOf(CapabilityMissing.class);
    assertThat(context.asked).isEmpty();
  }

  @Test
  void a_model_answers_one_block_or_many() {
    context.answering(
        "{\"role\":\"assistant\",\"model\":\"m\",\"stopReason\":\"endTurn\","
            + "\"content\":{\"type\":\"text\",\"text\":\"yes\"}}",
        "{\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
            + "{\"type\":\"tool_use\",\"id\":\"1\"},{\"type\":\"text\",\"text\":\"b\"}]}");

    var one = context.sample(SamplingRequest.of("Ready?", 10).withSystemPrompt("Be brief."));
    var many = context.sample(SamplingRequest.of("Again?", 10));

    assertThat(one.text()).isEqualTo("yes");
    assertThat(one.stopReason()).isEqualTo("endTurn");
    assertThat(many.text()).isEqualTo("a\nb");
    assertThat(many.content().get(1)).isInstanceOf(Content.Other.class);
    assertThat(context.asked.getFirst().params())
        .isEqualTo(
            Codec.tree(
                """
                {"messages": [{"role": "user", "content": {"type": "text", "text": "Ready?"}}],
                 "maxTokens": 10, "systemPrompt": "Be brief."}
                """));
  }

  @Test
  void roots_have_uris_and_perhaps_names() {
    context.answering(
        "{\"roots\":[{\"uri\":\"file:///a\"},{\"uri\":\"file:///b\",\"name\":\"B\"}]}");

    assertThat(context.roots())
        .containsExactly(new Root("file:///a", null), new Root("file:///b", "B"));
  }

  @Test
  void an_empty_declaration_of_elicitation_means_forms() {
    assertThat(ClientCapability.ELICITATION.isIn(Codec.tree("{\"elicitation\":{}}"))).isTrue();
    assertThat(ClientCapability.ELICITATION.isIn(Codec.tree("{\"elicitation\":{\"url\":{}}}")))
        .isFalse();
    assertThat(ClientCapability.ELICITATION_URL.isIn(Codec.tree("{\"elicitation\":{}}"))).isFalse();
    assertThat(ClientCapability.ROOTS.isIn(Codec.tree("{\"roots\":true}"))).isFalse();
  }
}
