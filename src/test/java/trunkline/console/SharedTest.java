package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedTest {
  private static final Duration LONG = Duration.ofMinutes(10);

  private final AtomicInteger reads = new AtomicInteger();

  @Test
  void however_many_ask_it_is_read_once() throws Exception {
    var shared = new Shared<Integer>(LONG, _ -> true);
    List<Future<Integer>> answers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < 50; i++) {
        answers.add(threads.submit(() -> shared.now(_ -> reads.incrementAndGet())));
      }
    }

    for (var answer : answers) {
      assertThat(answer.get()).isEqualTo(1);
    }
    assertThat(reads).hasValue(1);
  }

  @Test
  void what_is_no_longer_fresh_is_read_again_and_known() throws InterruptedException {
    var shared = new Shared<String>(Duration.ZERO, _ -> true);

    assertThat(shared.now(former -> former + " a")).isEqualTo("null a");
    assertThat(shared.now(former -> former + " b")).isEqualTo("null a b");
  }

  @Test
  void what_is_not_worthy_is_not_kept() throws InterruptedException {
    var shared = new Shared<Integer>(LONG, value -> value > 1);

    assertThat(shared.now(_ -> reads.incrementAndGet())).isEqualTo(1);
    assertThat(shared.now(_ -> reads.incrementAndGet())).isEqualTo(2);
    assertThat(shared.now(_ -> reads.incrementAndGet())).isEqualTo(2);
  }

  @Test
  void a_failure_is_that_of_who_asked() throws InterruptedException {
    var shared = new Shared<Integer>(LONG, _ -> true);

    assertThatThrownBy(() ->
            shared.now(_ -> {
              throw new IllegalStateException("away");
            }))
        .hasMessage("away");
    assertThat(shared.now(_ -> reads.incrementAndGet())).isEqualTo(1);
  }

  @Test
  void nobody_queues_up_behind_who_gets_no_answer() throws Exception {
    var shared = new Shared<Integer>(LONG, _ -> true);
    var reading = new CountDownLatch(1);
    var answered = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first =
          threads.submit(() ->
              shared.now(_ -> {
                reading.countDown();
                answered.await();
                return 1;
              }));
      reading.await();

      assertThatThrownBy(() -> shared.now(_ -> 2)).isInstanceOf(ConsoleBusy.class);

      answered.countDown();
      assertThat(first.get()).isEqualTo(1);
    }
  }
}
