package trunkline.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.jsonrpc.Codec;

class AskingTest {
  record Person(String name, Optional<Integer> age) {}

  private final ScriptedContext context = new ScriptedContext();

  @Test
  void a_form_comes_back_as_a_record() {
    context.answering("{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}");

    assertThat(context.elicit("Who?", Person.class))
        .isEqualTo(new ElicitResult.Accepted<>(new Person("Ada", Optional.empty())));
    assertThat(context.asked.getFirst().params())
        .isEqualTo(
            Codec.tree(
                """
                {"message": "Who?", "requestedSchema": {"type": "object",
                  "properties": {"name": {"type": "string"}, "age": {"type": "integer",
                    "minimum": -2147483648, "maximum": 2147483647}},
                  "required": ["name"]}}
                """));
  }

  @Test
  void a_user_may_say_no_or_nothing() {
    context.answering("{\"action\":\"decline\"}", "{\"action\":\"cancel\"}");

    assertThat(context.elicit("Who?", Person.class)).isEqualTo(new ElicitResult.Declined<>());
    assertThat(context.elicit("Who?", Person.class)).isEqualTo(new ElicitResult.Cancelled<>());
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
              ClientRequestFailed.class,
              e -> assertThat(e.reason()).isEqualTo(ClientRequestFailed.Reason.MALFORMED));
    }
  }

  @Test
  void patience_of_its_own_leaves_the_rest_of_a_request_alone() {
    var params = Codec.object().put("a", 1);
    var request =
        new ClientRequest("x/y", params, ClientCapability.ROOTS)
            .onProgress(_ -> {}, Duration.ofSeconds(9));

    var impatient = request.withPatience(Duration.ofSeconds(3));

    assertThat(request.patience()).as("the server's policy").isNull();
    assertThat(impatient)
        .isEqualTo(
            new ClientRequest(
                "x/y",
                params,
                request.needs(),
                null,
                Duration.ofSeconds(3),
                request.progress(),
                Duration.ofSeconds(9)));
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
  void a_page_is_asked_for_by_its_address_which_names_the_elicitation() {
    context.answering("{\"action\":\"accept\"}", "{\"action\":\"decline\"}", "{}");

    var page = context.elicitUrl("Sign in", AskingTest::page).accepted().orElseThrow();

    assertThat(context.asked.getFirst().params())
        .isEqualTo(
            Codec.tree(
                """
                {"mode": "url", "message": "Sign in", "elicitationId": "%1$s",
                 "url": "https://example.org/?e=%1$s"}
                """
                    .formatted(page.id())));
    assertThat(page.isCompleted()).isFalse();
    context.server().completeElicitation(page.id(), context.principal());
    assertThat(context.urlElicitation(page.id()).isCompleted()).isTrue();
    assertThat(context.elicitUrl("Sign in", AskingTest::page))
        .isEqualTo(new ElicitResult.Declined<>());
    assertThatThrownBy(() -> context.elicitUrl("Sign in", AskingTest::page))
        .isInstanceOf(ClientRequestFailed.class);
  }

  private static final Tool CASHIER =
      Tool.named("pay")
          .description("Lets the user pay")
          .handler((_, context) -> {
            var page = "https://bank.example/pay?elicitation=";
            return ToolResult.text(
                switch (context.elicitUrl("Please pay", id -> URI.create(page + id))) {
                  case ElicitResult.Accepted<UrlElicitation>(var payment) ->
                      payment.awaitCompleted(Duration.ofMinutes(10)) ? "paid" : "not paid yet";
                  case ElicitResult.Declined<UrlElicitation>() -> "not paid";
                  case ElicitResult.Cancelled<UrlElicitation>() -> "not paid";
                });
          });

  @Test
  void a_handler_that_waits_for_its_user_reads_like_a_script() throws Exception {
    context.answering("{\"action\":\"accept\"}", "{\"action\":\"cancel\"}");
    var bound = CASHIER.bind(Codec.object());

    assertThat(bound.run(context)).isEqualTo(ToolResult.text("not paid yet"));
    assertThat(bound.run(context)).isEqualTo(ToolResult.text("not paid"));
  }

  private static URI page(String elicitation) {
    return URI.create("https://example.org/?e=" + elicitation);
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.org/page?x=1,",
    "HTTPS://EXAMPLE.ORG/,",
    "http://localhost:8080/page,",
    "http://127.0.0.1/,",
    "http://[::1]:80/,",
    "http://example.org/, https",
    "http://127.0.0.1.example.org/, https",
    "/page, absolute",
    "example.org/page, absolute",
    "https:page, absolute",
    "https:///page, absolute",
    "file:///etc/passwd, absolute",
    "javascript:alert(1), absolute",
    "https://user:secret@example.org/, credentials",
  })
  void an_address_is_safe_to_show_and_to_open(URI address, @Nullable String problem) {
    if (problem == null) {
      assertThat(UrlElicitationRequest.of("m", _ -> address).url()).isEqualTo(address);
    } else {
      assertThatThrownBy(() -> UrlElicitationRequest.of("m", _ -> address))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(problem)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void no_two_elicitations_have_one_id_and_a_refusal_names_at_least_one() {
    var ids =
        Stream.generate(() -> UrlElicitationRequest.of("m", AskingTest::page).id()).limit(1000);
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-f]{32}"));
    assertThatThrownBy(() -> new UrlElicitationRequired(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
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
