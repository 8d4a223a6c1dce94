package trunkline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import trunkline.feature.ClientCapability;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.ElicitResult;
import trunkline.feature.FeatureKind;
import trunkline.feature.Range;
import trunkline.feature.Root;
import trunkline.feature.SamplingRequest;
import trunkline.feature.SendOutcome;
import trunkline.feature.Tool;
import trunkline.feature.ToolFailed;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;
import trunkline.jsonrpc.Message.Notification;

class ScriptedContextTest {
  record Guest(String name, Optional<String> nickname) {}

  record Amount(@Range(min = 1, max = 10) int euros) {}

  private static final Tool PAY =
      Tool.named("pay")
          .description("Pays, unless the bank is closed")
          .needs(ClientCapability.ELICITATION)
          .input(Amount.class)
          .handler((amount, context) -> {
            if (amount.euros() == 7) {
              throw new ToolFailed("the bank does not like sevens");
            }
            if (amount.euros() == 8) {
              throw new IllegalStateException("a secret");
            }
            return ToolResult.text("paid");
          });

  private final ScriptedContext context = new ScriptedContext();

  @Test
  void answers_each_question_in_its_turn() {
    context.answer(new Guest("Ada", Optional.empty())).decline().cancel().complete("a motto");
    context.roots(new Root("file:///home", "home"));

    assertThat(context.elicit("Who?", Guest.class).accepted())
        .contains(new Guest("Ada", Optional.empty()));
    assertThat(context.elicit("Really?", Guest.class)).isEqualTo(new ElicitResult.Declined<>());
    assertThat(context.elicit("Sure?", Guest.class)).isEqualTo(new ElicitResult.Cancelled<>());
    assertThat(context.sample(SamplingRequest.of("A motto, please", 50)).text())
        .isEqualTo("a motto");
    assertThat(context.roots()).containsExactly(new Root("file:///home", "home"));
    context.ping();
    assertThat(context.questions())
        .extracting(ScriptedClient.Question::message)
        .containsExactly("Who?", "Really?", "Sure?", "A motto, please", "", "");
  }

  @Test
  void a_question_without_an_answer_says_what_to_add() {
    assertThatThrownBy(() -> context.elicit("Who?", Guest.class))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("elicitation/create \"Who?\": add answer(…)");
  }

  @Test
  void an_answer_of_another_form_is_refused_as_on_a_server() {
    context.answer(new Amount(11));

    assertThatThrownBy(() -> context.elicit("How much?", Amount.class))
        .isInstanceOf(ClientRequestFailed.class)
        .hasMessageContaining("/euros");
  }

  @Test
  void a_page_is_opened_and_finished() {
    context.agree();
    var page = context.elicitUrl("Pay", id -> URI.create("https://bank.example/" + id)).accepted();

    assertThat(page.orElseThrow().isCompleted()).isFalse();
    assertThat(context.server().completeElicitation(page.get().id(), "anonymous")).isTrue();
    assertThat(page.get().awaitCompleted(Duration.ofDays(1))).isTrue();
    assertThat(context.urlElicitation("another").isCompleted()).isFalse();
    assertThat(context.pagesFinished().urlElicitation("another").isCompleted()).isTrue();
  }

  @Test
  void remembers_what_it_was_told() {
    context.progress(1, 4);
    context.log(LogLevel.WARNING, "hot");
    context.server().broadcast(new Notification("notifications/a"));
    context.server().send("there", new Notification("notifications/b"));
    context.server().resourceUpdated("shop://pizzas");
    context.server().setEnabled(FeatureKind.TOOL, "pay", false);
    context.releaseConnection();
    context.continueAsTask();

    assertThat(context.progress()).containsExactly(new ScriptedClient.Progress(1, 4.0, null));
    assertThat(context.logs())
        .containsExactly(new ScriptedClient.Log(LogLevel.WARNING, null, "hot"));
    assertThat(context.sent())
        .containsExactly(
            new Sent(Optional.empty(), new Notification("notifications/a")),
            new Sent(Optional.of("there"), new Notification("notifications/b")));
    assertThat(context.updated()).containsExactly("shop://pizzas");
    assertThat(context.switched()).containsEntry("pay", false);
    assertThat(context.isReleased()).isTrue();
    assertThat(context.mayContinueAsTask()).isTrue();
    assertThat(context.server().end("there")).isTrue();
    assertThat(context.server().send("there", new Notification("notifications/c")))
        .isEqualTo(new SendOutcome.SessionGone("there"));
  }

  @Test
  void a_second_run_remembers_steps_and_values() {
    context.as("ada").values().put("visits", 3);
    var order = context.once("order", String.class, () -> UUID.randomUUID().toString());

    var again = context.again();

    assertThat(again.once("order", String.class, () -> "another")).isEqualTo(order);
    assertThat(again.steps()).containsExactly("order");
    assertThat(again.values().find("visits", Integer.class)).contains(3);
    assertThat(again.principal()).isEqualTo("ada");
    assertThat(again.sessionId()).isEqualTo(context.sessionId());
  }

  @Test
  void without_a_session_nothing_is_kept() {
    context.values().put("visits", 3);
    context.withoutSession();

    assertThat(context.sessionId()).isEmpty();
    assertThat(context.values().find("visits")).isEmpty();
    assertThatThrownBy(() -> context.values().put("visits", 4))
        .isInstanceOf(ClientRequestFailed.class);
  }

  @Test
  void a_cancelled_request_asks_nothing() {
    context.answer(new Amount(1)).cancelRequest();

    assertThatThrownBy(() -> context.elicit("How much?", Amount.class))
        .isInstanceOf(CancellationException.class);
    assertThat(context.questions()).isEmpty();
  }

  @Test
  void what_a_model_would_read_is_a_result_and_what_it_would_not_is_thrown() throws Exception {
    assertThat(PAY.call(new Amount(1), context)).isEqualTo(ToolResult.text("paid"));
    assertThat(PAY.call(new Amount(7), context))
        .isEqualTo(ToolResult.error("the bank does not like sevens"));
    assertThat(PAY.call(new Amount(11), context).text()).contains("Invalid arguments", "/euros");
    assertThatThrownBy(() -> PAY.call(new Amount(8), context)).hasMessage("a secret");
    context.without(ClientCapability.ELICITATION);
    assertThat(PAY.call(new Amount(1), context).text()).contains("elicitation");
    assertThat(List.of(context.supports(ClientCapability.ELICITATION), context.isCancelled()))
        .containsOnly(false);
  }
}
