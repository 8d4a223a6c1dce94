package trunkline.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import trunkline.exchange.PendingRows.Settled;
import trunkline.session.PendingId;

/// Who waits for an answer, on a clock that goes on only when the listener lets it.
class PendingAnswerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Settled ANSWER =
      new Settled(new PendingId(1), QuestionOutcome.ANSWERED, null);

  private final AtomicLong nanos = new AtomicLong();
  private final List<Double> told = new ArrayList<>();
  private final AtomicReference<PendingAnswer> waiter = new AtomicReference<>();

  /// A client that reports six times, each time after nine tenths of the patience, and answers.
  private PendingAnswer asked(Duration atMost) {
    var asked =
        new PendingAnswer(
            new AskTimeouts(
                PATIENCE,
                atMost,
                reached -> {
                  told.add(reached.progress());
                  nanos.addAndGet(PATIENCE.toNanos() * 9 / 10);
                  if (reached.progress() < 6) {
                    waiter.get().advance(at(reached.progress() + 1));
                  } else {
                    waiter.get().settle(ANSWER);
                  }
                }),
            nanos::get);
    waiter.set(asked);
    asked.advance(at(1));
    return asked;
  }

  private static QuestionProgress at(double progress) {
    return new QuestionProgress(progress, null, null);
  }

  @Test
  void progress_prolongs_the_waiting_if_that_was_asked_for() throws InterruptedException {
    assertThat(asked(PATIENCE.multipliedBy(100)).await()).contains(ANSWER);
    assertThat(told).containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0);
  }

  @Test
  void else_the_patience_is_over_whatever_the_client_tells() throws InterruptedException {
    assertThat(asked(PATIENCE).await()).isEmpty();
    assertThat(told).containsExactly(1.0, 2.0);
  }

  @Test
  void no_progress_prolongs_the_waiting_for_ever() throws InterruptedException {
    assertThat(asked(PATIENCE.multipliedBy(3)).await()).isEmpty();
    assertThat(told).containsExactly(1.0, 2.0, 3.0, 4.0);
  }

  @Test
  void what_was_reported_before_the_answer_is_told_before_it() throws InterruptedException {
    var asked =
        new PendingAnswer(
            new AskTimeouts(PATIENCE, PATIENCE, r -> told.add(r.progress())), () -> 0);
    assertThat(asked.advance(at(2))).isTrue();
    assertThat(asked.advance(at(1))).isFalse();
    assertThat(asked.advance(at(2))).isFalse();
    assertThat(asked.settle(ANSWER)).isTrue();
    assertThat(asked.settle(ANSWER)).isFalse();

    assertThat(asked.await()).contains(ANSWER);
    assertThat(told).containsExactly(2.0);
  }

  @Test
  void a_listener_that_has_enough_ends_the_waiting() {
    var asked =
        new PendingAnswer(
            new AskTimeouts(
                PATIENCE,
                PATIENCE,
                reached -> {
                  throw new IllegalStateException("enough");
                }),
            () -> 0);
    asked.advance(at(1));

    assertThatThrownBy(asked::await).hasMessage("enough");
  }
}
