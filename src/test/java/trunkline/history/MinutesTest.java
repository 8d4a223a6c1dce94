package trunkline.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.telemetry.ServerEvent.MessagesDelivered;
import trunkline.telemetry.ServerEvent.MessagesPublished;
import trunkline.telemetry.ServerEvent.RequestEnded;
import trunkline.testing.TestDatabase;

/// What is counted is what is written, once, whatever becomes of a statement and whenever a minute
/// ends: sums are compared, and rows are moved to another minute.
class MinutesTest {
  private static final InstanceId SELF = new InstanceId(7);

  private final TestDatabase db;
  @AutoClose private final Database database;
  private final TrafficCount count = new TrafficCount();
  private final Minutes minutes;

  MinutesTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "test");
    this.minutes = new Minutes(count, database, () -> SELF);
  }

  @BeforeEach
  void begin() {
    db.sql("truncate trunkline.instance_minutes");
  }

  private void request(boolean failed, long micros) {
    count.emit(new RequestEnded("ok", failed, micros));
  }

  private void nextMinute() {
    db.sql("update trunkline.instance_minutes set minute = minute - interval '1 minute'");
  }

  private String sum(String what) {
    return db.sql("select " + what + " from trunkline.instance_minutes").text();
  }

  @Test
  void what_happened_is_added_to_its_minute() {
    request(false, 1_000);
    request(true, 1_001);
    count.emit(new MessagesPublished(3, 1, 1));
    minutes.keepUp();
    request(false, 9_000_000);
    count.emit(new MessagesDelivered(1, 2, true, 1));
    minutes.keepUp();

    assertThat(
            sum(
                "concat_ws(' ', min(instance_id), sum(requests), sum(failed), sum(micros), sum(published), sum(delivered))"))
        .isEqualTo("7 3 1 9002001 3 2");
    assertThat(sum("concat_ws(' ', sum(took[1]), sum(took[2]), sum(took[11]), sum(took[12]))"))
        .isEqualTo("1 1 0 1");
  }

  @Test
  void where_nothing_happened_nothing_is_written() {
    minutes.keepUp();
    request(false, 1);
    minutes.keepUp();
    nextMinute();
    minutes.keepUp();

    assertThat(db.sql("select count(*) from trunkline.instance_minutes").number()).isOne();
  }

  /// Goal: an answer that was lost costs no second count. Method: the same turn again, in its
  /// minute and in the next one, as after an answer that did not come.
  @Test
  void a_turn_that_was_written_is_not_added_again() {
    var rows = new MinuteRows(database);
    var came = new Traffic(2, 1, 5, 0, 0, List.of(2L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
    rows.add(SELF, 1, came);
    rows.add(SELF, 1, came);
    nextMinute();
    rows.add(SELF, 1, came);
    assertThat(sum("sum(requests)")).isEqualTo("2");

    rows.add(new InstanceId(8), 1, came);
    rows.add(SELF, 2, came);
    assertThat(sum("sum(requests)")).isEqualTo("6");
  }

  @Test
  void what_could_not_be_written_is_written_later() {
    request(false, 1);
    db.sql("alter table trunkline.instance_minutes rename to away");
    try {
      assertThatThrownBy(minutes::keepUp).isInstanceOf(RuntimeException.class);
    } finally {
      db.sql("alter table trunkline.away rename to instance_minutes");
    }
    request(false, 1);
    minutes.keepUp();
    minutes.keepUp();

    assertThat(sum("sum(requests)")).isEqualTo("2");
  }

  @Test
  void a_week_later_it_is_forgotten() {
    request(false, 1);
    minutes.keepUp();
    db.sql("update trunkline.instance_minutes set minute = minute - interval '6 days 23 hours'");
    assertThat(minutes.sweep(10)).isZero();

    db.sql("update trunkline.instance_minutes set minute = minute - interval '61 minutes'");
    assertThat(minutes.sweep(10)).isOne();
    assertThat(db.sql("select count(*) from trunkline.instance_minutes").number()).isZero();
  }
}
