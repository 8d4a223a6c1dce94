package trunkline.protocol.listen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WaitingHintsTest {
  private static final Hint TOOLS = new Hint.ListChanged(ChangedList.TOOLS);
  private static final Hint PROMPTS = new Hint.ListChanged(ChangedList.PROMPTS);

  private final WaitingHints waiting = new WaitingHints(Set.of());

  private static Hint updated(String uri) {
    return new Hint.ResourceUpdated(uri);
  }

  @Test
  void each_waits_once_in_the_order_in_which_it_was_first_told() {
    for (var i = 0; i < 1_000; i++) {
      waiting.add(PROMPTS);
      waiting.add(updated("a"));
      waiting.add(updated("b"));
      waiting.add(TOOLS);
    }

    assertThat(waiting.take()).containsExactly(PROMPTS, updated("a"), updated("b"), TOOLS);
    assertThat(waiting.take()).isEmpty();
  }

  @Test
  void what_is_told_while_others_are_written_is_written_next() {
    waiting.add(TOOLS);
    assertThat(waiting.take()).containsExactly(TOOLS);
    waiting.add(TOOLS);

    assertThat(waiting.take()).containsExactly(TOOLS);
  }

  @Test
  void doubts_join_what_waits() {
    waiting.add(PROMPTS);
    waiting.addAll(new LinkedHashSet<>(List.of(TOOLS, PROMPTS, updated("a"))));

    assertThat(waiting.take()).containsExactly(PROMPTS, TOOLS, updated("a"));
  }

  @Test
  void what_is_told_at_first_waits_from_the_beginning() {
    assertThat(new WaitingHints(Set.of(TOOLS)).take()).containsExactly(TOOLS);
  }
}
