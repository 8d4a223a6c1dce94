package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

class SlotRowsTest {
  @AutoClose private final Database database;
  private final TestDatabase db;
  private final SlotRows rows;

  SlotRowsTest(TestDatabase db) {
    this.db = db;
    database = new Database(new Connections(db.settings()), "trunkline-rows");
    rows = new SlotRows(database);
  }

  /// Requirement D5: two sweepers at a time remove each finished call once, with its questions.
  @Test
  void two_sweepers_remove_each_settled_question_once() throws Exception {
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client)
        values ('0123456789abcdef0123456789abcdef', '2025-11-25', 'anonymous', 0, '{}', '{}')
        """);
    db.sql(
        """
        with stream as (
          insert into trunkline.streams (session_key, standalone, created_at, finished_at)
          select session_key, false, clock_timestamp() - interval '3 hours', clock_timestamp() - interval '2 hours'
            from trunkline.sessions, generate_series(1, 400) returning stream_id, session_key)
        insert into trunkline.pending_requests (pending_id, stream_id, session_key, asker, method, digest, ordinal, deadline, outcome, settled_at)
        select stream_id, stream_id, session_key, 1, 'ping', '', 1, clock_timestamp(), 'expired', clock_timestamp() - interval '2 hours' from stream
        """);

    try (var other = new Database(new Connections(db.settings()), "trunkline-other")) {
      var sweeps =
          List.of(
              OpenTransaction.start(() -> removed(rows)),
              OpenTransaction.start(() -> removed(new SlotRows(other))));
      var sum = 0;
      for (var sweep : sweeps) {
        sum += sweep.get(60, TimeUnit.SECONDS);
      }
      assertThat(sum).isEqualTo(400);
    }
    assertThat(db.sql("select count(*) from trunkline.pending_requests").number()).isZero();
  }

  /// Steps until one finds nothing.
  private static int removed(SlotRows rows) {
    var sum = 0;
    for (var step = 1; step > 0; sum += step) {
      step = rows.forget(Duration.ofHours(1), 10);
    }
    return sum;
  }

  @Test
  void where_nothing_has_ended_nothing_is_forgotten() {
    assertThat(rows.forget(Duration.ofHours(1), 100)).isZero();
  }
}
