package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import trunkline.signal.Doorbells;
import trunkline.signal.Pace;
import trunkline.signal.Step;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.telemetry.ServerEvent.SweepFailed;
import trunkline.telemetry.ServerEvent.Swept;
import trunkline.testing.EventLog;

class SweeperTest {
  private final EventLog events = new EventLog();
  private final Doorbells doorbells = new Doorbells();
  private final AtomicInteger busy = new AtomicInteger();

  /// A sweep that finds so many rows, and how often it ran.
  private static final class Counted implements Sweep {
    private final Duration cadence;
    final AtomicInteger left;
    final AtomicInteger runs = new AtomicInteger();

    Counted(int rows, Duration cadence) {
      this.left = new AtomicInteger(rows);
      this.cadence = cadence;
    }

    @Override
    public String name() {
      return "counted";
    }

    @Override
    public Duration cadence() {
      return cadence;
    }

    @Override
    public int rowsMax() {
      return 10;
    }

    @Override
    public Step run(int rowsMax) {
      runs.incrementAndGet();
      var found = Math.min(rowsMax, left.get());
      left.addAndGet(-found);
      return Step.upTo(rowsMax, found);
    }
  }

  /// A sweep that always fails.
  private record Broken() implements Sweep {
    @Override
    public String name() {
      return "broken";
    }

    @Override
    public Step run(int rowsMax) {
      throw new IllegalStateException("no luck");
    }
  }

  @Test
  void a_sweep_goes_on_while_its_steps_are_full() {
    try (var sweeper = sweeper(Duration.ofHours(1))) {
      var counted = new Counted(25, Duration.ZERO);
      sweeper.add(counted);

      assertThat(sweeper.runOnce()).isEqualTo(25);
      assertThat(counted.runs).hasValue(3);
      assertThat(events.all(Swept.class)).containsExactly(new Swept("counted", 25));
      assertThat(sweeper.runOnce()).isZero();
      assertThat(events.all(Swept.class)).hasSize(1);
    }
  }

  @Test
  void endless_work_leaves_room_for_the_others() {
    try (var sweeper = sweeper(Duration.ofHours(1))) {
      var endless = new Counted(Integer.MAX_VALUE, Duration.ZERO);
      var other = new Counted(1, Duration.ZERO);
      sweeper.add(endless).add(other);

      sweeper.runOnce();

      assertThat(endless.runs).hasValue(20);
      assertThat(other.left).hasValue(0);
    }
  }

  @Test
  void a_sweep_that_fails_is_reported_and_stops_nobody() throws Exception {
    try (var sweeper = sweeper(Duration.ofMillis(1))) {
      var counted = new Counted(5, Duration.ZERO);
      sweeper.add(new Broken()).add(counted);
      sweeper.start();

      assertThat(events.await(SweepFailed.class)).isEqualTo(new SweepFailed("broken", "no luck"));
      assertThat(events.await(Swept.class, swept -> swept.rows() > 0))
          .isEqualTo(new Swept("counted", 5));
      events.await(SweepFailed.class);
      assertThat(busy).hasValueGreaterThan(0);
    }
  }

  @Test
  void each_sweep_has_a_cadence_and_a_ring_begins_a_round_early() throws Exception {
    try (var sweeper = sweeper(Duration.ofHours(1))) {
      var rare = new Counted(0, Duration.ofHours(1));
      var rounds = new CountDownLatch(3);
      sweeper.add(rare).add(new Often(rounds));
      sweeper.start();
      while (!rounds.await(1, TimeUnit.MILLISECONDS)) {
        doorbells.ring(new Wake(Topic.INSTANCE, 7));
      }

      assertThat(rare.runs).hasValue(1);
    }
  }

  /// Runs in every round.
  private record Often(CountDownLatch rounds) implements Sweep {
    @Override
    public String name() {
      return "often";
    }

    @Override
    public Step run(int rowsMax) {
      rounds.countDown();
      return Step.whole(0);
    }
  }

  private Sweeper sweeper(Duration interval) {
    var pace =
        new Pace() {
          @Override
          public Duration interval() {
            return interval;
          }

          @Override
          public void reset() {
            busy.incrementAndGet();
          }
        };
    return new Sweeper("sweeper", pace, doorbells.subscribe(Topic.INSTANCE, 0), events);
  }
}
