package trunkline.protocol.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.call.CallStream;
import trunkline.memory.HeldMemory;
import trunkline.testing.OpenTransaction;

/// Calls wait to become a stream without holding anybody up, and lose nothing when they cannot.
@Timeout(20)
class CallGroupTest {
  private static final Duration SOON = Duration.ofMillis(10);

  private final BlockingQueue<RuntimeException> postponed = new LinkedBlockingQueue<>();

  private CallGroup group(int calls, CallGroup.Opening opening) {
    return new CallGroup(calls, calls > 1, opening, postponed::add);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String body(Calls.@Nullable Turn turn) {
    return turn instanceof Calls.Turn.Answered(var body, var _)
        ? new String(body, StandardCharsets.UTF_8)
        : String.valueOf(turn);
  }

  @Test
  void a_call_that_cannot_become_a_stream_is_answered_in_json() throws Exception {
    var group =
        group(
            1,
            () -> {
              throw new IllegalStateException("refused");
            });
    var turn = OpenTransaction.start(() -> group.await(SOON));

    assertThat(postponed.take()).hasMessage("refused");
    new CallGroup.Place(group, 0, HeldMemory.here()).answer(bytes("\"done\""), null);

    assertThat(body(turn.get())).isEqualTo("\"done\"");
  }

  /// A row that is locked holds up the call that wants it, and not the look for cancels.
  @Test
  void nobody_waits_for_a_call_that_tries_to_become_a_stream() throws Exception {
    var trying = new CountDownLatch(1);
    var locked = new CountDownLatch(1);
    var group = group(2, () -> await(trying, locked));
    var turn = OpenTransaction.start(() -> group.await(SOON));
    trying.await();

    assertThat(new CallGroup.Place(group, 0, HeldMemory.here()).row()).isEmpty();
    new CallGroup.Place(group, 0, HeldMemory.here()).answer(bytes("1"), null);
    locked.countDown();
    new CallGroup.Place(group, 1, HeldMemory.here()).answer(bytes("2"), null);

    assertThat(body(turn.get())).isEqualTo("[1,2]");
  }

  @Test
  void the_last_answer_waits_until_it_is_known_where_to_go() throws Exception {
    var trying = new CountDownLatch(1);
    var locked = new CountDownLatch(1);
    var group = group(1, () -> await(trying, locked));
    var turn = OpenTransaction.start(() -> group.await(SOON));
    trying.await();
    var answering =
        OpenTransaction.start(() -> {
          new CallGroup.Place(group, 0, HeldMemory.here()).answer(bytes("1"), null);
          return true;
        });

    assertThat(turn.isDone()).isFalse();
    locked.countDown();

    assertThat(answering.get()).isTrue();
    assertThat(body(turn.get())).isEqualTo("1");
  }

  @Test
  void who_wants_the_stream_while_another_tries_waits_for_it_and_is_refused_itself()
      throws Exception {
    var trying = new CountDownLatch(1);
    var locked = new CountDownLatch(1);
    var group = group(1, () -> await(trying, locked));
    var other = OpenTransaction.start(group::stream);
    trying.await();
    locked.countDown();

    assertThatThrownBy(group::stream).hasMessage("still locked");
    assertThatThrownBy(other::get).hasMessageContaining("still locked");
  }

  @Test
  void a_session_that_has_ended_is_no_reason_to_try_again() throws Exception {
    var tries = new LinkedBlockingQueue<String>();
    var group =
        group(
            1,
            () -> {
              tries.add("tried");
              return Optional.empty();
            });

    assertThat(group.stream()).isEmpty();
    assertThat(group.stream()).isEmpty();
    assertThat(group.await(SOON)).isInstanceOf(Calls.Turn.SessionGone.class);
    assertThat(List.copyOf(tries)).hasSize(1);
  }

  private static Optional<CallStream> await(CountDownLatch trying, CountDownLatch locked) {
    trying.countDown();
    try {
      assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    throw new IllegalStateException("still locked");
  }
}
