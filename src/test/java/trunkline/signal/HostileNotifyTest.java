package trunkline.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent.WakesHeard;
import trunkline.telemetry.ServerEvent.WakesUnreadable;
import trunkline.testing.TestDatabase;

/// Goal: whoever may connect to the database may NOTIFY what he likes, and costs little.
class HostileNotifyTest {
  @Test
  void what_is_no_wake_up_is_dropped_and_counted(TestDatabase db) throws Exception {
    try (var party = Party.listening(1, db.settings())) {
      for (var payload :
          List.of(
              "rubbish",
              "",
              "s",
              "s-1",
              "s1.5",
              "S7",
              "s99999999999999999999",
              "x".repeat(7_900))) {
        db.sql("select pg_notify('trunkline_all', ?)", payload);
        party.events.await(WakesUnreadable.class, e -> e.words() == 1);
        party.events.clear();
      }
    }
  }

  @Test
  void a_flood_of_one_wake_up_rings_seldom_and_its_last_is_heard(TestDatabase db) throws Exception {
    try (var party = Party.listening(1, db.settings())) {
      var rings = new AtomicInteger();
      var unlisten =
          party.doorbells().listen(List.of(new Wake(Topic.STREAM, 7)), rings::incrementAndGet);
      var began = System.nanoTime();
      for (var i = 0; i < 200; i++) {
        db.sql("select pg_notify('trunkline_all', 's7 s' || g) from generate_series(8, 57) g");
      }
      while (party.events.all(WakesHeard.class).stream().mapToInt(WakesHeard::wakes).sum()
          < 20_000) {
        party.events.await(WakesHeard.class);
      }
      var millis = Duration.ofNanos(System.nanoTime() - began).toMillis();

      assertThat(rings.get()).isPositive().isLessThanOrEqualTo((int) millis / 5 + 2);
      unlisten.run();
    }
  }

  @Test
  void one_that_came_too_soon_is_rung_later() throws Exception {
    var rung = new AtomicInteger();
    var wakes = new HeardWakes(_ -> rung.incrementAndGet());

    wakes.add(new Wake(Topic.STREAM, 7));
    wakes.add(new Wake(Topic.STREAM, 7));
    wakes.add(new Wake(Topic.STREAM, 7));
    while (rung.get() < 2) {
      wakes.turn();
    }

    assertThat(wakes.patienceMillis(200)).isEqualTo(200);
  }
}
