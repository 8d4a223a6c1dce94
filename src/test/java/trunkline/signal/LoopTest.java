package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.Crash;

class LoopTest {
  private final Doorbell bell = new Doorbell();

  private record Every(Duration interval) implements Pace {
    @Override
    public void reset() {}
  }

  @Test
  void it_looks_at_its_pace_when_nobody_rings() throws Exception {
    var rounds = new CountDownLatch(5);
    try (var _ = loop(Duration.ofMillis(1), rounds::countDown)) {
      assertThat(rounds.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_ring_begins_a_round_early() throws Exception {
    var rounds = new LinkedBlockingQueue<Boolean>();
    try (var _ = loop(Duration.ofHours(1), () -> rounds.add(true))) {
      assertThat(rounds.poll(10, TimeUnit.SECONDS)).isTrue();
      bell.ring();
      assertThat(rounds.poll(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  /// Goal: whoever rings for ever, and anybody who may connect can, does not make it look for ever.
  @Test
  void rounds_do_not_come_as_fast_as_rings() throws Exception {
    var rounds = new AtomicInteger();
    var began = System.nanoTime();
    try (var _ = loop(Duration.ofHours(1), rounds::incrementAndGet)) {
      while (System.nanoTime() - began < Duration.ofMillis(500).toNanos()) {
        bell.ring();
      }
    }
    var millis = Duration.ofNanos(System.nanoTime() - began).toMillis();
    assertThat(rounds.get()).isGreaterThan(1).isLessThanOrEqualTo((int) millis / 5 + 2);
  }

  @Test
  void a_round_that_fails_does_not_end_it() throws Exception {
    var rounds = new CountDownLatch(3);
    var failures = new LinkedBlockingQueue<RuntimeException>();
    Runnable step =
        () -> {
          rounds.countDown();
          throw new IllegalStateException("bad round");
        };
    try (var _ = Loop.start("loop", bell, new Every(Duration.ofMillis(1)), step, failures::add)) {
      assertThat(rounds.await(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(failures).hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void an_error_ends_the_process() throws Exception {
    var ended = new CompletableFuture<Error>();
    Runnable step =
        () -> {
          throw new StackOverflowError("planted");
        };
    try (var _ = Crash.replacedBy(ended::complete);
        var _ = loop(Duration.ofHours(1), step)) {
      assertThat(ended.get(10, TimeUnit.SECONDS)).hasMessage("planted");
    }
  }

  @Test
  void closing_waits_for_the_round_and_starts_no_other() throws Exception {
    for (var turn = 0; turn < 200; turn++) {
      var running = new CountDownLatch(1);
      var over = new boolean[1];
      var loop =
          loop(
              Duration.ofHours(1),
              () -> {
                running.countDown();
                over[0] = true;
              });
      assertThat(running.await(10, TimeUnit.SECONDS)).isTrue();

      loop.close();

      assertThat(over[0]).isTrue();
    }
  }

  private Loop loop(Duration interval, Runnable step) {
    return Loop.start("loop", bell, new Every(interval), step, _ -> {});
  }
}
