package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private final AtomicReference<Intake<CompletableFuture<String>>> lane = new AtomicReference<>();

  /// Goal: nobody waits for ever for a lane that is gone. Method: the lane ends, emptying its queue
  /// for the last time, between the look whether it is open and the handing in.
  @Test
  void what_comes_in_at_the_moment_of_the_end_is_refused() {
    var queue =
        new ArrayBlockingQueue<CompletableFuture<String>>(1) {
          private static final long serialVersionUID = 1L;

          @Override
          public boolean offer(CompletableFuture<String> item) {
            lane.get().end();
            return super.offer(item);
          }
        };
    lane.set(new Intake<>(queue, CompletableFuture::completeExceptionally));
    var late = new CompletableFuture<String>();

    lane.get().submit(late);

    assertThat(late).isCompletedExceptionally();
    assertThat(queue).isEmpty();
  }

  @Test
  void what_is_left_at_the_end_is_refused_and_whatever_comes_later() {
    var intake = new Intake<CompletableFuture<String>>(2, CompletableFuture::completeExceptionally);
    var left = new CompletableFuture<String>();
    var later = new CompletableFuture<String>();

    intake.submit(left);
    intake.end();
    intake.submit(later);

    assertThatThrownBy(left::join).isInstanceOf(CancellationException.class);
    assertThatThrownBy(later::join).isInstanceOf(CancellationException.class);
    assertThat(intake.isOpen()).isFalse();
  }
}
