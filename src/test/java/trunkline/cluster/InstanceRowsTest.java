package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.signal.Lookout;
import trunkline.signal.WakeMode;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.DirectConnection;
import trunkline.store.SetAside;
import trunkline.store.SqlText;
import trunkline.testing.TestDatabase;

class InstanceRowsTest {
  private static final SetAside ASIDE = new SetAside("instances", _ -> {});
  private static final InstanceId NOBODY = new InstanceId(1_000_000);

  private static final Field<String> SYNCHRONOUS_COMMIT =
      SqlText.column("synchronous_commit", SQLDataType.CLOB);
  private static final SqlText SETTING =
      SqlText.of(
          """
          -- test.setting: of the connection that beat
          SHOW synchronous_commit
          """,
          SYNCHRONOUS_COMMIT);

  private final TestDatabase db;
  private final Connections connections;
  @AutoClose private final Database database;
  private final InstanceRows rows;
  private final LookAround look;

  InstanceRowsTest(TestDatabase db) {
    this.db = db;
    this.connections = new Connections(db.settings());
    this.database = new Database(connections, "trunkline-rows");
    this.rows = new InstanceRows(database, InstancePolicy.of("http://127.0.0.1:8080", "1.0"));
    this.look =
        new LookAround(new GlanceRows(database, Duration.ofSeconds(10)), rows, new Lookout());
  }

  /// Goal: of those who saw the same silence, one declares the death. Method: four observers with
  /// the same sighting, at the same moment, twenty times.
  @Test
  void a_death_has_one_declarer() throws Exception {
    try (var threads = Executors.newFixedThreadPool(4)) {
      for (var turn = 0; turn < 20; turn++) {
        var dead = expired();
        var together = new CyclicBarrier(4);
        var declared = 0;
        var attempts =
            IntStream.range(0, 4)
                .mapToObj(_ -> threads.submit(() -> declare(dead, together)))
                .toList();
        for (var attempt : attempts) {
          declared += attempt.get() ? 1 : 0;
        }
        assertThat(declared).isEqualTo(1);
      }
    }
  }

  private boolean declare(Sighting dead, CyclicBarrier together) throws Exception {
    together.await(10, TimeUnit.SECONDS);
    return rows.declareExpiredDead(dead);
  }

  @Test
  void a_beat_after_the_look_or_a_lease_that_lasts_saves_an_instance() {
    var seen = expired();
    db.sql("update trunkline.instances set beat_at = clock_timestamp()");
    assertThat(rows.declareExpiredDead(seen)).isFalse();

    var fresh = seen(seen.id());
    db.sql("update trunkline.instances set lease_until = clock_timestamp() + interval '1 hour'");
    assertThat(rows.declareExpiredDead(fresh)).isFalse();

    db.sql("update trunkline.instances set lease_until = clock_timestamp()");
    assertThat(rows.declareExpiredDead(fresh)).isTrue();
  }

  /// Behind a pooler the connection is somebody else's a moment later.
  @Test
  void a_beat_leaves_no_setting_behind() {
    try (var line = line()) {
      var self = rows.register(WakeMode.NOTIFY, 0, null, false);
      assertThat(rows.beat(line, self, WakeMode.NOTIFY, new Duty())).isPresent();
      var left = line.run(sql -> sql.text(SETTING).single(row -> row.get(SYNCHRONOUS_COMMIT)));
      assertThat(left).isEqualTo("on");
    }
  }

  @Test
  void the_dead_neither_beat_nor_leave() {
    try (var line = line()) {
      var self = rows.register(WakeMode.NOTIFY, 0, null, false);
      assertThat(rows.beat(line, self, WakeMode.POLLING, new Duty())).isPresent();
      assertThat(rows.find(self.id()).orElseThrow().wakeMode()).isEqualTo(WakeMode.POLLING);

      assertThat(rows.declareDead(self.id())).isTrue();

      assertThat(rows.beat(line, self, WakeMode.NOTIFY, new Duty())).isEmpty();
      assertThat(rows.leave(self)).isFalse();
    }
  }

  @Test
  void an_observer_hears_of_an_end_for_a_minute() {
    var gone = rows.register(WakeMode.NOTIFY, 0, null, false);
    rows.leave(gone);
    assertThat(seen(gone.id()).gone()).isTrue();

    db.sql("update trunkline.instances set left_at = left_at - interval '1 minute'");

    assertThat(look.observe(NOBODY, ASIDE)).extracting(Sighting::id).doesNotContain(gone.id());
  }

  private DirectConnection line() {
    return new DirectConnection(connections, "trunkline-heartbeat", Duration.ofSeconds(5));
  }

  private Sighting expired() {
    var id = rows.register(WakeMode.NOTIFY, 0, null, false).id();
    db.sql(
        "update trunkline.instances set lease_until = beat_at where instance_id = ?", id.value());
    return seen(id);
  }

  private Sighting seen(InstanceId id) {
    return look.observe(NOBODY, ASIDE).stream()
        .filter(sighting -> sighting.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
