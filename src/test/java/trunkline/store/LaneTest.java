package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.Crash;

class LaneTest {
  private final CountDownLatch taken = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final Lane<String, String> lane;

  LaneTest() {
    this.lane = new Lane<>("lane", new LanePolicy(1, 1, Duration.ofSeconds(5)), this::answer);
  }

  @AfterEach
  void end() {
    release.countDown();
    lane.close();
  }

  private List<String> answer(List<String> questions) {
    taken.countDown();
    await(release);
    return questions.stream().map(question -> "re: " + question).toList();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Goal: what a cancelled handler has to say on its way out leaves all the same.
  @Test
  void an_interrupted_thread_hands_in_and_stays_interrupted() {
    release.countDown();

    Thread.currentThread().interrupt();
    var answer = lane.submit("goodbye");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(Database.await(answer)).isEqualTo("re: goodbye");
  }

  @Test
  void an_interrupted_thread_does_not_wait_for_room() {
    var first = lane.submit("in flight");
    await(taken);
    var second = lane.submit("waiting");

    Thread.currentThread().interrupt();
    var refused = lane.submit("one too many");

    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(() -> Database.await(refused)).isInstanceOf(CancellationException.class);
    release.countDown();
    assertThat(Database.await(first)).isEqualTo("re: in flight");
    assertThat(Database.await(second)).isEqualTo("re: waiting");
  }

  @Test
  void what_met_a_lock_is_asked_again_until_the_patience_ends() {
    var attempts = new AtomicInteger();
    try (var busy =
        lane(questions -> {
          if (attempts.incrementAndGet() < 3) {
            throw new DatabaseBusy("test.ask: 55P03", new SQLException());
          }
          return questions;
        })) {
      assertThat(busy.ask("again")).isEqualTo("again");
    }
    assertThat(attempts).hasValue(3);
  }

  /// Goal: nobody waits for ever for a lane whose thread is gone, and the process does not go on
  /// without it.
  @Test
  void an_error_fails_what_is_asked_and_ends_the_process() throws Exception {
    var ended = new CompletableFuture<Error>();
    try (var _ = Crash.replacedBy(ended::complete);
        var broken =
            lane(_ -> {
              throw new OutOfMemoryError("planted");
            })) {
      var answer = broken.submit("anything");

      assertThatThrownBy(() -> Database.await(answer)).isInstanceOf(OutOfMemoryError.class);
      assertThat(ended.get(5, TimeUnit.SECONDS)).hasMessage("planted");
    }
  }

  private static Lane<String, String> lane(Lane.Batch<String, String> work) {
    return new Lane<>("lane-of-a-test", new LanePolicy(4, 4, Duration.ofSeconds(5)), work);
  }
}
