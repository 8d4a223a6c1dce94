package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import trunkline.store.DatabaseSettings;
import trunkline.telemetry.ServerEvent.CanaryReturned;
import trunkline.telemetry.ServerEvent.WakesDropped;
import trunkline.telemetry.ServerEvent.WakesHeard;
import trunkline.telemetry.ServerEvent.WakesRungHere;
import trunkline.telemetry.ServerEvent.WakesSent;
import trunkline.testing.TestDatabase;

class WakerTest {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final Duration AT_ONCE = Duration.ZERO;

  @Test
  void a_wake_rings_on_the_instance_meant_and_nowhere_else(TestDatabase db) throws Exception {
    try (var one = Party.listening(1, db.settings());
        var two = Party.listening(2, db.settings());
        var three = Party.listening(3, db.settings());
        var meant = two.doorbells().subscribe(Topic.STREAM, 12);
        var other = three.doorbells().subscribe(Topic.STREAM, 12)) {
      one.waker().wake(new InstanceId(2), List.of(new Wake(Topic.STREAM, 12)));

      assertThat(meant.bell().await(SOON)).isTrue();
      one.waker().wakeAll(new Wake(Topic.ANNOUNCEMENTS, 0));
      three.events.await(WakesHeard.class);
      assertThat(other.bell().await(AT_ONCE)).isFalse();
    }
  }

  @Test
  void everybody_is_woken_and_oneself_without_notify(TestDatabase db) throws Exception {
    try (var one = Party.listening(1, db.settings());
        var two = Party.listening(2, db.settings());
        var here = one.doorbells().subscribe(Topic.ANNOUNCEMENTS, 0);
        var there = two.doorbells().subscribe(Topic.ANNOUNCEMENTS, 0)) {
      one.waker().wakeAll(Wake.all(Topic.ANNOUNCEMENTS));

      assertThat(here.bell().await(AT_ONCE)).isTrue();
      assertThat(there.bell().await(SOON)).isTrue();

      one.waker().wake(new InstanceId(1), List.of(Wake.all(Topic.ANNOUNCEMENTS)));
      assertThat(one.events.all(WakesRungHere.class)).hasSize(2);
      one.events.await(WakesSent.class); // said after the other one was rung
      assertThat(one.events.all(WakesSent.class)).hasSize(1);
    }
  }

  /// Goal: what is woken while a NOTIFY is in flight joins the next one, each thing once. Method:
  /// keep all connections of the pool, wake a thousand times, let go.
  @Test
  void what_rings_meanwhile_joins_the_next_notify(TestDatabase db) throws Exception {
    try (var one = new Party(1, db.settings(), SignalPolicy.of(NotifyMode.IF_POSSIBLE));
        var pool = new Hoard(one)) {
      for (var turn = 0; turn < 1_000; turn++) {
        one.waker()
            .wake(new InstanceId(2 + turn % 2), List.of(new Wake(Topic.STREAM, 1 + turn % 10)));
      }
      pool.letGo();

      one.events.await(WakesSent.class);
      one.events.await(WakesSent.class);
      assertThat(one.events.all(WakesSent.class))
          .containsExactlyInAnyOrder(new WakesSent(2, 5), new WakesSent(3, 5));
    }
  }

  @Test
  void too_many_wakes_become_one_of_the_topic(TestDatabase db) throws Exception {
    try (var one = new Party(1, db.settings(), SignalPolicy.of(NotifyMode.IF_POSSIBLE));
        var pool = new Hoard(one)) {
      for (var stream = 1; stream <= 5_001; stream++) {
        one.waker().wake(new InstanceId(2), List.of(new Wake(Topic.STREAM, stream)));
      }
      pool.letGo();

      assertThat(one.events.await(WakesSent.class)).isEqualTo(new WakesSent(2, 1));
    }
  }

  private static DatabaseSettings impatient(TestDatabase db) {
    var usual = db.settings();
    return new DatabaseSettings(
        usual.url(),
        usual.directUrl(),
        usual.user(),
        usual.password(),
        4,
        Duration.ofSeconds(1),
        Duration.ofSeconds(8));
  }

  /// Goal: wake-ups that cannot leave are dropped, do not pile up, and the next one leaves.
  @Test
  void without_a_connection_wakes_are_dropped_and_counted(TestDatabase db) throws Exception {
    try (var one = new Party(1, impatient(db), SignalPolicy.of(NotifyMode.IF_POSSIBLE));
        var pool = new Hoard(one)) {
      one.waker()
          .wake(new InstanceId(2), List.of(new Wake(Topic.STREAM, 7), new Wake(Topic.STREAM, 8)));
      assertThat(one.events.await(WakesDropped.class).wakes()).isEqualTo(2);
      pool.letGo();

      one.waker().wake(new InstanceId(2), List.of(new Wake(Topic.STREAM, 9)));
      assertThat(one.events.await(WakesSent.class)).isEqualTo(new WakesSent(2, 1));
    }
  }

  /// Goal: an idle caller needs no other thread. Method: it is sent when the call returns.
  @Test
  void whoever_has_the_time_sends_by_itself(TestDatabase db) {
    try (var one = new Party(1, db.settings(), SignalPolicy.of(NotifyMode.IF_POSSIBLE))) {
      one.waker().wakeFromHere(new InstanceId(2), List.of(new Wake(Topic.STREAM, 7)));

      assertThat(one.events.all(WakesSent.class)).containsExactly(new WakesSent(2, 1));
    }
  }

  /// Goal: one who could not send leaves nothing behind that keeps the next one from it.
  @Test
  void one_that_could_not_send_by_itself_is_in_nobodys_way(TestDatabase db) throws Exception {
    try (var one = new Party(1, impatient(db), SignalPolicy.of(NotifyMode.IF_POSSIBLE));
        var pool = new Hoard(one)) {
      one.waker().wakeFromHere(new InstanceId(2), List.of(new Wake(Topic.STREAM, 7)));
      assertThat(one.events.all(WakesDropped.class)).hasSize(1);
      pool.letGo();

      one.waker().wake(new InstanceId(2), List.of(new Wake(Topic.STREAM, 9)));
      assertThat(one.events.await(WakesSent.class)).isEqualTo(new WakesSent(2, 1));
    }
  }

  /// Goal: a handler that was just cancelled still wakes whom it wrote for.
  @Test
  void an_interrupted_thread_wakes_all_the_same(TestDatabase db) throws Exception {
    try (var one = new Party(1, db.settings(), SignalPolicy.of(NotifyMode.IF_POSSIBLE))) {
      Thread.currentThread().interrupt();
      one.waker().wake(new InstanceId(2), List.of(new Wake(Topic.STREAM, 7)));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(one.events.await(WakesSent.class)).isEqualTo(new WakesSent(2, 1));
    }
  }

  @Test
  void poll_only_neither_listens_nor_notifies(TestDatabase db) throws Exception {
    try (var one = new Party(1, db.settings(), SignalPolicy.of(NotifyMode.NEVER));
        var two = Party.listening(2, db.settings());
        var here = one.doorbells().subscribe(Topic.STREAM, 7)) {
      one.signals.start();
      one.waker().wake(new InstanceId(2), List.of(new Wake(Topic.STREAM, 7)));
      one.waker().wakeAll(new Wake(Topic.STREAM, 7));
      two.events.await(CanaryReturned.class);
      two.events.await(CanaryReturned.class);

      assertThat(one.signals.mode()).isEqualTo(WakeMode.POLLING);
      assertThat(one.signals.pace().interval()).isLessThanOrEqualTo(Duration.ofMillis(400));
      assertThat(here.bell().await(AT_ONCE)).isTrue();
      assertThat(one.events.all(WakesSent.class)).isEmpty();
      assertThat(two.events.all(WakesHeard.class)).isEmpty();
      assertThat(db.connections().stream().filter(line -> line.startsWith("trunkline-listen")))
          .hasSize(1);
    }
  }

  /// Keeps every connection of a pool until closed.
  private static final class Hoard implements AutoCloseable {
    private final CountDownLatch release = new CountDownLatch(1);

    Hoard(Party party) throws InterruptedException {
      var taken = new CountDownLatch(4);
      for (var connection = 0; connection < 4; connection++) {
        var _ =
            party.database.start(_ -> {
              taken.countDown();
              return awaited();
            });
      }
      taken.await();
    }

    void letGo() {
      release.countDown();
    }

    private boolean awaited() {
      try {
        release.await();
        return true;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    @Override
    public void close() {
      letGo();
    }
  }
}
