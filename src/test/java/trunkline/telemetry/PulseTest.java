package trunkline.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PulseTest {
  private final CountDownLatch running = new CountDownLatch(1);
  private final CountDownLatch end = new CountDownLatch(1);

  private void hang() {
    running.countDown();
    try {
      assertThat(end.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void a_thread_that_does_not_turn_is_named_until_it_ends() throws Exception {
    try (var _ = Pulse.silentAfter(Duration.ZERO)) {
      var thread = Thread.ofPlatform().start(Pulse.of("hanging", this::hang));
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();

      assertThat(Pulse.silent()).contains("hanging");
      end.countDown();
      thread.join();

      assertThat(Pulse.silent()).doesNotContain("hanging");
    }
  }

  @Test
  void a_thread_that_rests_is_well() throws Exception {
    try (var _ = Pulse.silentAfter(Duration.ZERO)) {
      var thread =
          Thread.ofVirtual()
              .start(
                  Pulse.of(
                      "resting",
                      () -> {
                        Pulse.rest(Duration.ofHours(1));
                        hang();
                      }));
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();

      assertThat(Pulse.silent()).doesNotContain("resting");
      end.countDown();
      thread.join();
    }
  }

  @Test
  void an_error_of_it_ends_the_process() throws Exception {
    var ended = new CompletableFuture<Error>();
    try (var _ = Crash.replacedBy(ended::complete)) {
      var thread =
          Thread.ofPlatform()
              .unstarted(
                  Pulse.of(
                      "failing",
                      () -> {
                        throw new StackOverflowError("planted");
                      }));
      thread.start();

      assertThat(ended.get(20, TimeUnit.SECONDS)).hasMessage("planted");
    }
  }

  /// Goal: libraries' threads, such as the one that accepts connections, are no exception; a
  /// request's thread is.
  @Test
  void so_does_one_that_nobody_caught_but_not_on_a_virtual_thread() throws Exception {
    var before = Thread.getDefaultUncaughtExceptionHandler();
    var ended = new CompletableFuture<Error>();
    Crash.onUncaught();
    try (var _ = Crash.replacedBy(ended::complete)) {
      Thread.ofVirtual().start(() -> fail("a request's")).join();
      Thread.ofPlatform().start(() -> fail("a library's")).join();

      assertThat(ended.get(20, TimeUnit.SECONDS)).hasMessage("a library's");
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }

  private static void fail(String whose) {
    throw new NoClassDefFoundError(whose);
  }
}
