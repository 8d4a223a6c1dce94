package trunkline.cluster;

import trunkline.signal.InstanceId;
import trunkline.signal.Lookout;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

/// In PostgreSQL.
class BeatsTest extends BeatsContract {
  BeatsTest(TestDatabase db) {
    super(new Bench(db));
  }

  private static final class Bench implements BeatsBench {
    private final TestDatabase db;
    private final Database database;

    Bench(TestDatabase db) {
      this.db = db;
      this.database = new Database(new Connections(db.settings()), "trunkline-beats");
    }

    @Override
    public Observer.Beats beats() {
      var policy = InstancePolicy.of("http://127.0.0.1:8080", "1.0");
      return new LookAround(
          new GlanceRows(database, policy.lease()),
          new InstanceRows(database, policy),
          new Lookout());
    }

    @Override
    public InstanceId enter() {
      return new InstanceId(
          (int)
              db.sql(
                      """
                      insert into trunkline.instances (lease_until, wake_mode, url, version)
                      values (clock_timestamp() + interval '1 minute', 'notify', 'http://localhost', 'test')
                      returning instance_id
                      """)
                  .number());
    }

    @Override
    public void beat(InstanceId instance) {
      set(
          instance,
          "beat_at = clock_timestamp(), lease_until = clock_timestamp() + interval '1 minute'");
    }

    @Override
    public void expire(InstanceId instance) {
      set(instance, "lease_until = clock_timestamp() - interval '1 ms'");
    }

    @Override
    public void leave(InstanceId instance) {
      set(instance, "left_at = clock_timestamp()");
    }

    private void set(InstanceId instance, String what) {
      db.sql("update trunkline.instances set " + what + " where instance_id = ?", instance.value());
    }

    @Override
    public void close() {
      database.close();
    }
  }
}
