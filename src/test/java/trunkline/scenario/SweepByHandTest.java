package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Goal: what SQL cleans up is never what an instance still promises.
class SweepByHandTest {

  @Test
  void a_sweep_by_hand_keeps_what_the_instances_promise(TestCluster cluster) {
    var db = cluster.database();
    var generous = cluster.start("generous", "history-age-max", "6h");

    assertThat(db.sql("select trunkline.history_age() = interval '6 hours'").value())
        .isEqualTo(true);
    finished(db, "2 hours");
    assertThat(streamsRemoved(db)).isZero();
    finished(db, "7 hours");
    assertThat(streamsRemoved(db)).isOne();

    generous.close();
    assertThat(streamsRemoved(db)).as("a restart is no reason to forget").isZero();
    db.sql(
        "update trunkline.instances set left_at = left_at - interval '2 days' where left_at is not null");
    assertThat(streamsRemoved(db)).isOne();
  }

  /// The same for the writing that moves on: who keeps messages for a second must not empty the
  /// slots of who keeps them for hours.
  @Test
  void an_instance_with_a_short_history_does_not_shorten_that_of_others(TestCluster cluster) {
    var db = cluster.database();
    var generous = cluster.start("generous", "history-age-max", "6h");
    db.sql(
        "update trunkline.control set slot_opened_at = clock_timestamp() - interval '10 minutes'");

    assertThat(db.sql("select outcome from trunkline.advance_slot(interval '1 second')").text())
        .isEqualTo("young");

    db.sql("update trunkline.control set slot_opened_at = clock_timestamp() - interval '2 hours'");
    assertThat(db.sql("select outcome from trunkline.advance_slot(interval '1 second')").text())
        .isEqualTo("moved");
    generous.close();
  }

  private static void finished(TestDatabase db, String age) {
    db.sql(
        "insert into trunkline.streams (session_key, standalone, finished_at) values (1, false, clock_timestamp() - ?::interval)",
        age);
  }

  private static long streamsRemoved(TestDatabase db) {
    return db.sql("select done from trunkline.sweep() where chore = 'streams removed'").number();
  }
}
