package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.testing.History.Kind;

/// A checker is worth what it finds: one planted case of each kind.
class HistoryTest {
  private final History history = new History();

  @Test
  void what_was_sent_and_read_once_in_order_is_clean() {
    sent("s", "a", "b");
    history.delivered("s", "a", "s.1.0", "r1");
    history.delivered("s", "b", "s.2.0", "r2");

    history.verdict().requireClean();
  }

  @Test
  void finds_a_lost_message() {
    sent("s", "a", "b", "c");
    history.delivered("s", "a", "s.1.0", "r");
    history.delivered("s", "c", "s.3.0", "r");

    found(Kind.LOST, "b");
  }

  @Test
  void finds_a_duplicate() {
    sent("s", "a", "b");
    history.delivered("s", "a", "s.1.0", "r1");
    history.delivered("s", "b", "s.2.0", "r1");
    history.delivered("s", "a", "s.3.0", "r2");

    found(Kind.DUPLICATE, "a");
  }

  @Test
  void finds_an_id_that_falls() {
    parallel("s", "a", "b");
    history.delivered("s", "b", "s.2.0", "r");
    history.delivered("s", "a", "s.1.0", "r");

    found(Kind.INVERTED, "a");
  }

  @Test
  void finds_an_announcement_number_that_falls_while_the_own_rises() {
    parallel("s", "a", "b");
    history.delivered("s", "b", "s.1.9", "r");
    history.delivered("s", "a", "s.2.8", "r");

    found(Kind.INVERTED, "a");
  }

  @Test
  void finds_one_id_for_two_messages() {
    parallel("s", "a", "b");
    history.delivered("s", "a", "s.1.0", "r");
    history.delivered("s", "b", "s.1.0", "r");

    found(Kind.INVERTED, "b");
  }

  @Test
  void finds_a_message_that_overtook_an_earlier_one_under_ids_that_rise() {
    sent("s", "a", "b");
    history.delivered("s", "b", "s.1.0", "r");
    history.delivered("s", "a", "s.2.0", "r");

    found(Kind.INVERTED, "b");
  }

  @Test
  void finds_a_misrouted_message() {
    sent("s", "a");
    sent("t", "b");
    history.delivered("s", "a", "s.1.0", "r");
    history.delivered("t", "b", "t.1.0", "r");
    history.delivered("t", "a", "t.2.0", "r");

    found(Kind.MISROUTED, "a");
  }

  @Test
  void finds_a_phantom() {
    history.delivered("s", "ghost", "s.1.0", "r");

    found(Kind.PHANTOM, "ghost");
  }

  @Test
  void finds_a_message_under_another_id_than_acknowledged() {
    history.attempted("s", "a");
    history.acknowledged("s", "a", "s.1.0");
    history.delivered("s", "a", "s.2.0", "r");

    found(Kind.PHANTOM, "a");
  }

  @Test
  void an_unacknowledged_message_may_be_delivered_or_not() {
    history.attempted("s", "a");
    history.attempted("s", "b");
    history.delivered("s", "a", "7", "r");

    var verdict = history.verdict();

    verdict.requireClean();
    assertThat(verdict.unacknowledged()).isOne();
  }

  @Test
  void a_broadcast_is_owed_to_each_stream() {
    sent("s", "all");
    sent("t", "all");
    history.delivered("s", "all", "s.0.1", "r");

    found(Kind.LOST, "all");
  }

  @Test
  @Timeout(60)
  void judges_many_messages() {
    for (var i = 0; i < 300_000; i++) {
      sent("s" + i % 200, "m" + i);
      history.delivered("s" + i % 200, "m" + i, "s." + i + ".0", "r");
    }

    history.verdict().requireClean();
  }

  @Test
  void a_failure_says_what_happened() {
    sent("s", "a");

    assertThatThrownBy(history.verdict()::requireClean)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("1 attempted, 1 acknowledged, 0 delivered")
        .hasMessageContaining("LOST on stream s: a");
  }

  private void sent(String stream, String... messages) {
    for (var message : messages) {
      history.attempted(stream, message);
      history.acknowledged(stream, message);
    }
  }

  private void parallel(String stream, String... messages) {
    for (var message : messages) {
      history.attempted(stream, message);
    }
    for (var message : messages) {
      history.acknowledged(stream, message);
    }
  }

  private void found(Kind kind, String message) {
    assertThat(history.verdict().findings())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.kind()).isEqualTo(kind);
          assertThat(finding.message()).isEqualTo(message);
        });
  }
}
