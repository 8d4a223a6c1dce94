package trunkline.protocol.round;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;
import trunkline.exchange.AskTimeouts;
import trunkline.exchange.Outcome;
import trunkline.feature.ClientRequestFailed;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.RpcException;
import trunkline.trace.Operation;

/// What is asked, answered and remembered from one round to the next.
class RoundTest {
  private static final ObjectNode NOTHING = Codec.object();

  private static Posed question(int ordinal, @Nullable String name, String message) {
    var params = Codec.object().put("message", message);
    var timeouts = AskTimeouts.upTo(Duration.ofMinutes(1));
    return new Posed(ordinal, name, "elicitation/create", params, timeouts);
  }

  private static ObjectNode answers(String key, String action) {
    var answers = Codec.object();
    answers.putObject(key).put("action", action);
    return answers;
  }

  private static Recollection asked(Posed... questions) {
    var round = new Round(Recollection.NONE, NOTHING);
    assertThatThrownBy(() -> round.ask(List.of(questions))).isInstanceOf(InputRequired.class);
    return Recollection.decoded(round.recollection().encoded());
  }

  @Test
  void a_question_without_an_answer_ends_the_round_and_is_all_that_is_asked() {
    var round = new Round(Recollection.NONE, answers("a", "accept"));

    assertThatThrownBy(() -> round.ask(List.of(question(1, "a", "A?"), question(2, null, "B?"))))
        .isInstanceOf(InputRequired.class);

    assertThat(round.isOpen()).isTrue();
    assertThat(round.inputRequests(Operation.NONE).propertyNames()).containsExactly("question-2");
  }

  @Test
  void answers_of_former_rounds_are_there_in_each_later_one() {
    var second = new Round(asked(question(1, "a", "A?")), answers("a", "accept"));
    second.ask(List.of(question(1, "a", "A?")));
    assertThatThrownBy(() -> second.ask(List.of(question(2, "b", "B?"))))
        .isInstanceOf(InputRequired.class);
    var third =
        new Round(Recollection.decoded(second.recollection().encoded()), answers("b", "decline"));

    assertThat(third.ask(List.of(question(1, "a", "A?"))))
        .containsExactly(new Outcome.Answered(Codec.tree("{\"action\":\"accept\"}")));
    assertThat(third.ask(List.of(question(2, "b", "B?"))))
        .containsExactly(new Outcome.Answered(Codec.tree("{\"action\":\"decline\"}")));
  }

  @Test
  void steps_are_remembered_and_the_first_outcome_counts() {
    var round = new Round(Recollection.NONE, NOTHING);
    round.remember("pay", "1");

    assertThat(round.remember("pay", "2")).contains("1");
    assertThat(new Round(round.recollection(), NOTHING).former()).containsEntry("pay", "1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void other_words_under_the_same_key_are_an_error(boolean wasAnswered) {
    var former = asked(question(1, null, "A?"));
    if (wasAnswered) {
      var round = new Round(former, answers("question-1", "accept"));
      round.ask(List.of(question(1, null, "A?")));
      former = round.recollection();
    }
    var next = new Round(former, answers("question-1", "accept"));

    assertThatThrownBy(() -> next.ask(List.of(question(1, null, "Another?"))))
        .isInstanceOf(RpcException.class)
        .hasMessageContaining("asks differently");
  }

  @Test
  void two_questions_by_one_name_are_an_error() {
    var round = new Round(Recollection.NONE, answers("a", "accept"));
    round.ask(List.of(question(1, "a", "A?")));

    assertThatThrownBy(() -> round.ask(List.of(question(2, "a", "B?"))))
        .isInstanceOf(RpcException.class)
        .hasMessageContaining("two questions by the name 'a'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "[]", "{}", "{\"action\":\"maybe\"}", "\"accept\""})
  void what_is_no_answer_is_an_error(String answer) {
    var given = Codec.object();
    given.set("a", Codec.tree(answer));
    var round = new Round(Recollection.NONE, given);

    assertThatThrownBy(() -> round.ask(List.of(question(1, "a", "A?"))))
        .isInstanceOf(RpcException.class)
        .hasMessageContaining("params.inputResponses.a");
  }

  @Test
  void a_handler_that_always_asks_comes_to_an_end() {
    var former = Recollection.NONE;
    for (int turn = 0; turn < Round.ROUNDS_MAX; turn++) {
      var round = new Round(former, NOTHING);
      assertThatThrownBy(() -> round.ask(List.of(question(1, null, "More?"))))
          .isInstanceOf(InputRequired.class);
      former = round.recollection();
    }
    var last = new Round(former, NOTHING);

    assertThatThrownBy(() -> last.ask(List.of(question(1, null, "More?"))))
        .isInstanceOf(ClientRequestFailed.class)
        .hasMessageContaining("50 rounds");
  }
}
