package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.signal.Pace;
import trunkline.signal.Step;
import trunkline.signal.Topic;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.telemetry.ServerEvent.SweepFailed;
import trunkline.testing.EventLog;
import trunkline.testing.TestDatabase;

/// One sweeps for all, and never nobody for longer than a lease.
class BatonTest {
  private static final Duration LEASE = Duration.ofSeconds(10);

  private final TestDatabase db;
  private final Database database;

  BatonTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "trunkline-baton");
    db.sql("delete from trunkline.instances");
    db.sql(
        """
        insert into trunkline.instances (instance_id, lease_until, url, version) overriding system value
        select g, clock_timestamp() + interval '1 hour', 'http://here', '1' from generate_series(1, 2) g
        """);
    db.sql("update trunkline.baton set instance_id = null, held_until = clock_timestamp()");
  }

  @AfterEach
  void close() {
    database.close();
  }

  /// Asks the database each time, as a thread does that has not asked for long.
  private boolean takes(int instance) {
    return new Baton(database, () -> new InstanceId(instance), LEASE).isHeld();
  }

  @Test
  void one_holds_it_and_keeps_it() {
    assertThat(takes(1)).isTrue();
    assertThat(takes(2)).isFalse();
    assertThat(takes(1)).isTrue();
  }

  @Test
  void a_holder_that_hangs_loses_it_when_its_lease_is_over() {
    assertThat(takes(1)).isTrue();
    db.sql("update trunkline.baton set held_until = clock_timestamp() - interval '1 ms'");

    assertThat(takes(2)).isTrue();
    assertThat(takes(1)).isFalse();
  }

  @Test
  void the_death_or_the_goodbye_of_its_holder_frees_it_at_once() {
    for (var end : new String[] {"dead_at", "left_at"}) {
      db.sql("update trunkline.instances set dead_at = null, left_at = null");
      db.sql(
          "update trunkline.baton set instance_id = 1, held_until = clock_timestamp() + interval '9 s'");
      assertThat(takes(2)).isFalse();

      db.sql(
          "update trunkline.instances set " + end + " = clock_timestamp() where instance_id = 1");

      assertThat(takes(1)).as("never the dead").isFalse();
      assertThat(takes(2)).isTrue();
    }
  }

  @Test
  void a_time_that_nobody_can_have_written_and_a_lost_row_keep_nobody_out() {
    db.sql(
        "update trunkline.baton set instance_id = 1, held_until = clock_timestamp() + interval '1 day'");
    assertThat(takes(2)).isTrue();

    db.sql("delete from trunkline.baton");
    assertThat(takes(1)).isTrue();
    assertThat(takes(2)).isFalse();
  }

  @Test
  void whoever_fails_at_a_sweep_lets_another_try() throws Exception {
    var events = new EventLog();
    var runs = new AtomicInteger();
    var baton = new Baton(database, () -> new InstanceId(1), LEASE);
    var sweep =
        new Sweep() {
          @Override
          public String name() {
            return "broken here";
          }

          @Override
          public Step run(int rowsMax) {
            runs.incrementAndGet();
            throw new IllegalStateException("no luck");
          }
        };
    try (var sweeper =
        new Sweeper("sweeper", often(), new Doorbells().subscribe(Topic.INSTANCE, 0), events)
            .with(baton)
            .add(sweep)) {
      sweeper.start();
      events.await(SweepFailed.class);
      db.await("(select held_until <= clock_timestamp() from trunkline.baton)", LEASE);

      assertThat(takes(2)).isTrue();
      assertThat(baton.isHeld()).isFalse();
      assertThat(runs).hasValue(1);
    }
  }

  private static Pace often() {
    return new Pace() {
      @Override
      public Duration interval() {
        return Duration.ofMillis(1);
      }

      @Override
      public void reset() {}
    };
  }
}
