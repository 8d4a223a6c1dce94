package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

class SlotRowsTest {
  @AutoClose private final Database database;
  private final SlotRows rows;

  SlotRowsTest(TestDatabase db) {
    database = new Database(new Connections(db.settings()), "trunkline-rows");
    rows = new SlotRows(database);
  }

  /// The function answers null there, which is no number.
  @Test
  void the_walk_over_finished_calls_begins_anew_at_the_end_of_the_table() {
    assertThat(rows.forget(Duration.ofHours(1), 100)).isZero();
  }
}
