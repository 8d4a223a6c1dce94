package trunkline.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent;
import trunkline.telemetry.ServerEvent.MemoryAwaited;
import trunkline.telemetry.ServerEvent.MemoryRefused;

class MemoryBudgetTest {
  private static final int MEGABYTE = 1 << 20;

  private final BlockingQueue<ServerEvent> events = new LinkedBlockingQueue<>();
  private final MemoryBudget budget = budget(Duration.ofMillis(20));

  private MemoryBudget budget(Duration patience) {
    return new MemoryBudget(4 * MEGABYTE, patience, events::add);
  }

  @Test
  void what_is_held_is_given_back_at_the_end() throws Exception {
    try (var held = budget.open()) {
      held.take(MEGABYTE);
      held.note(MEGABYTE);
      assertThat(budget.used()).isEqualTo(2 * MEGABYTE);
    }

    assertThat(budget.used()).isZero();
  }

  @Test
  void what_comes_after_the_end_is_not_held() {
    var held = budget.open();
    held.close();

    held.note(MEGABYTE);

    assertThat(budget.used()).isZero();
  }

  /// A quarter is for those that need little.
  @Test
  void much_is_refused_while_little_gets_in() throws Exception {
    try (var large = budget.open();
        var other = budget.open();
        var small = budget.open()) {
      large.take(3 * MEGABYTE);

      assertThatThrownBy(() -> other.take(MEGABYTE))
          .isInstanceOfSatisfying(MemoryShort.class, e -> assertThat(e.isForEver()).isFalse());
      small.take(MemoryBudget.LITTLE_BYTES);

      assertThat(events).containsExactly(new MemoryRefused());
    }
  }

  @Test
  void who_needs_more_than_all_may_hold_does_not_wait() {
    var patient = budget(Duration.ofHours(1));

    assertThatThrownBy(() -> patient.open().take(4 * MEGABYTE))
        .isInstanceOfSatisfying(MemoryShort.class, e -> assertThat(e.isForEver()).isTrue());
  }

  /// Goal: results that wait to be written hold up the calls that would make others.
  @Test
  void what_is_noted_holds_up_the_next() throws Exception {
    try (var slow = budget.open();
        var next = budget.open()) {
      slow.note(5 * MEGABYTE);
      assertThat(next.hasRoom()).isFalse();

      slow.release();
      assertThat(next.hasRoom()).isTrue();
    }
  }

  @Test
  void who_waits_gets_what_is_given_back() throws Exception {
    var patient = budget(Duration.ofSeconds(20));
    var first = patient.open();
    first.take(3 * MEGABYTE);
    var second = CompletableFuture.supplyAsync(() -> taken(patient));
    while (!patient.isShort()) {
      Thread.onSpinWait();
    }

    first.close();

    assertThat(second.get(20, TimeUnit.SECONDS).isInTheWay(System.nanoTime())).isFalse();
    assertThat(patient.used()).isEqualTo(3 * MEGABYTE);
    assertThat(events).containsExactly(new MemoryAwaited());
  }

  private static HeldMemory taken(MemoryBudget budget) {
    var held = budget.open();
    try {
      held.take(3 * MEGABYTE);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return held;
  }

  /// Goal: a client that is slow with much gives way, but only where somebody waits.
  @Test
  void much_that_is_held_for_long_is_in_the_way_of_who_waits() throws Exception {
    var patient = budget(Duration.ofSeconds(20));
    var slow = patient.open();
    slow.take(3 * MEGABYTE);
    var later = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    assertThat(slow.isInTheWay(later)).isFalse();

    var waiting = CompletableFuture.supplyAsync(() -> taken(patient));
    while (!patient.isShort()) {
      Thread.onSpinWait();
    }

    assertThat(slow.isInTheWay(System.nanoTime())).isFalse();
    assertThat(slow.isInTheWay(later)).isTrue();
    slow.close();
    assertThat(waiting.get(20, TimeUnit.SECONDS)).isNotNull();
  }

  /// Goal: a call that outlives its connection still counts. Method: it was one of two.
  @Test
  void what_is_handed_over_is_given_back_by_the_last() throws Exception {
    var connection = budget.open();
    connection.take(MEGABYTE);
    var calls = connection.handOver(2);

    connection.close();
    calls.close();
    assertThat(budget.used()).isEqualTo(MEGABYTE);

    calls.close();
    assertThat(budget.used()).isZero();
  }

  @Test
  void what_waits_in_a_queue_is_held_until_it_is_over() {
    var queued = new CompletableFuture<Integer>();
    var told = budget.taking(MEGABYTE, () -> queued);
    assertThat(budget.used()).isEqualTo(MEGABYTE);

    queued.complete(1);

    assertThat(told).isCompletedWithValue(1);
    assertThat(budget.used()).isZero();
  }

  @Test
  void what_cannot_begin_is_not_held() {
    assertThatThrownBy(() ->
            budget.taking(
                MEGABYTE,
                () -> {
                  throw new IllegalStateException("closed");
                }))
        .hasMessage("closed");

    assertThat(budget.used()).isZero();
  }

  /// Goal: a full budget refuses what may be refused before it has begun, and loses no end.
  @Test
  void where_memory_is_short_messages_are_refused_and_ends_and_trifles_are_not() {
    budget.open().note(4 * MEGABYTE);
    var begun = new AtomicInteger();

    assertThatThrownBy(() -> budget.taking(MEGABYTE, () -> begun(begun)))
        .isInstanceOf(MemoryShort.class);
    assertThat(begun).hasValue(0);
    var _ = budget.taking(MemoryBudget.TRIFLE_BYTES - 1, () -> begun(begun));
    var _ = budget.noting(MEGABYTE, () -> begun(begun));

    assertThat(begun).hasValue(2);
    assertThat(budget.used()).isEqualTo(4 * MEGABYTE);
  }

  private static CompletableFuture<Integer> begun(AtomicInteger count) {
    return CompletableFuture.completedFuture(count.incrementAndGet());
  }
}
