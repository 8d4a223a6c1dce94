package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.signal.WakeMode;
import trunkline.testing.TestDatabase;

class InstanceRowsTest {
  private final InstanceRows rows =
      new InstanceRows(InstancePolicy.of("http://127.0.0.1:8080", "1.0"));

  /// Goal: of those who saw the same silence, one declares the death. Method: four observers with
  /// the same sighting, at the same moment, twenty times.
  @Test
  void a_death_has_one_declarer(TestDatabase db) throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var turn = 0; turn < 20; turn++) {
        var dead = expired(db);
        var together = new CyclicBarrier(4);
        var declared = 0;
        var attempts =
            IntStream.range(0, 4)
                .mapToObj(_ -> threads.submit(() -> declare(db, dead, together)))
                .toList();
        for (var attempt : attempts) {
          declared += attempt.get() ? 1 : 0;
        }
        assertThat(declared).isEqualTo(1);
      }
    }
  }

  private boolean declare(TestDatabase db, Sighting dead, CyclicBarrier together) throws Exception {
    try (var connection = db.open()) {
      together.await(10, TimeUnit.SECONDS);
      return rows.declareExpiredDead(connection, dead);
    }
  }

  @Test
  void a_beat_after_the_look_or_a_lease_that_lasts_saves_an_instance(TestDatabase db)
      throws Exception {
    try (var connection = db.open()) {
      var seen = expired(db);
      db.sql("update trunkline.instances set beat_at = clock_timestamp()");
      assertThat(rows.declareExpiredDead(connection, seen)).isFalse();

      var fresh = rows.observe(connection, new InstanceId(99)).getFirst();
      db.sql("update trunkline.instances set lease_until = clock_timestamp() + interval '1 hour'");
      assertThat(rows.declareExpiredDead(connection, fresh)).isFalse();

      db.sql("update trunkline.instances set lease_until = clock_timestamp()");
      assertThat(rows.declareExpiredDead(connection, fresh)).isTrue();
    }
  }

  /// Behind a pooler the connection is somebody else's a moment later.
  @Test
  void a_beat_leaves_no_setting_behind(TestDatabase db) throws Exception {
    try (var connection = db.open()) {
      var self = rows.register(connection, WakeMode.NOTIFY);
      assertThat(rows.beat(connection, self, WakeMode.NOTIFY)).isTrue();
      assertThat(TestDatabase.run(connection, "show synchronous_commit").text()).isEqualTo("on");
    }
  }

  @Test
  void the_dead_neither_beat_nor_leave(TestDatabase db) throws Exception {
    try (var connection = db.open()) {
      var self = rows.register(connection, WakeMode.NOTIFY);
      assertThat(rows.beat(connection, self, WakeMode.POLLING)).isTrue();
      assertThat(db.sql("select wake_mode from trunkline.instances").text()).isEqualTo("polling");

      assertThat(rows.declareDead(connection, self.id())).isTrue();

      assertThat(rows.beat(connection, self, WakeMode.NOTIFY)).isFalse();
      assertThat(rows.leave(connection, self)).isZero();
    }
  }

  private Sighting expired(TestDatabase db) throws Exception {
    try (var connection = db.open()) {
      var id = rows.register(connection, WakeMode.NOTIFY).id();
      db.sql(
          "update trunkline.instances set lease_until = beat_at where instance_id = ?", id.value());
      return rows.observe(connection, new InstanceId(1_000_000)).stream()
          .filter(seen -> seen.id().equals(id))
          .findFirst()
          .orElseThrow();
    }
  }
}
