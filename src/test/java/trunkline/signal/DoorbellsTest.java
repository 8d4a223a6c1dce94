package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class DoorbellsTest {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Doorbells doorbells = new Doorbells();

  @Test
  void a_ring_reaches_who_waits_for_it_and_who_waits_for_the_topic() throws Exception {
    try (var twelve = doorbells.subscribe(Topic.STREAM, 12);
        var thirteen = doorbells.subscribe(Topic.STREAM, 13);
        var anyStream = doorbells.subscribe(Topic.STREAM, 0);
        var anyAnswer = doorbells.subscribe(Topic.ANSWER, 0)) {
      doorbells.ring(new Wake(Topic.STREAM, 12));

      assertThat(twelve.bell().await(AT_ONCE)).isTrue();
      assertThat(anyStream.bell().await(AT_ONCE)).isTrue();
      assertThat(thirteen.bell().await(AT_ONCE)).isFalse();
      assertThat(anyAnswer.bell().await(AT_ONCE)).isFalse();
    }
  }

  @Test
  void a_ring_of_the_topic_reaches_all_of_it() throws Exception {
    try (var twelve = doorbells.subscribe(Topic.STREAM, 12);
        var answer = doorbells.subscribe(Topic.ANSWER, 12)) {
      doorbells.ring(Wake.all(Topic.STREAM));

      assertThat(twelve.bell().await(AT_ONCE)).isTrue();
      assertThat(answer.bell().await(AT_ONCE)).isFalse();

      doorbells.ringAll();

      assertThat(twelve.bell().await(AT_ONCE)).isTrue();
      assertThat(answer.bell().await(AT_ONCE)).isTrue();
    }
  }

  @Test
  void one_bell_may_wait_for_several_things() throws Exception {
    var things = List.of(new Wake(Topic.STREAM, 12), Wake.all(Topic.ANNOUNCEMENTS));
    try (var both = doorbells.subscribe(things)) {
      doorbells.ring(Wake.all(Topic.ANNOUNCEMENTS));
      assertThat(both.bell().await(AT_ONCE)).isTrue();

      doorbells.ring(new Wake(Topic.STREAM, 12));
      assertThat(both.bell().await(AT_ONCE)).isTrue();
    }
  }

  @Test
  void rings_before_the_wait_count_once() throws Exception {
    try (var bell = doorbells.subscribe(Topic.STREAM, 12)) {
      doorbells.ring(new Wake(Topic.STREAM, 12));
      doorbells.ring(new Wake(Topic.STREAM, 12));

      assertThat(bell.bell().await(AT_ONCE)).isTrue();
      assertThat(bell.bell().await(AT_ONCE)).isFalse();
    }
  }

  @Test
  void a_closed_subscription_is_silent_and_its_neighbour_is_not() throws Exception {
    try (var stays = doorbells.subscribe(Topic.STREAM, 12)) {
      var leaves = doorbells.subscribe(Topic.STREAM, 12);
      leaves.close();
      leaves.close();

      doorbells.ring(new Wake(Topic.STREAM, 12));

      assertThat(stays.bell().await(AT_ONCE)).isTrue();
      assertThat(leaves.bell().await(AT_ONCE)).isFalse();
    }
  }

  /// Goal: whoever subscribes while others leave hears every ring after it subscribed.
  @Test
  void coming_and_going_loses_no_ring() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var runs = new ArrayList<Future<Integer>>();
      for (var thread = 0; thread < 8; thread++) {
        runs.add(threads.submit(this::comeAndGo));
      }
      for (var run : runs) {
        assertThat(run.get()).isEqualTo(2_000);
      }
    }
  }

  private int comeAndGo() throws InterruptedException {
    var heard = 0;
    for (var turn = 0; turn < 2_000; turn++) {
      try (var bell = doorbells.subscribe(Topic.STREAM, 12)) {
        doorbells.ring(new Wake(Topic.STREAM, 12));
        heard += bell.bell().await(SOON) ? 1 : 0;
      }
    }
    return heard;
  }
}
