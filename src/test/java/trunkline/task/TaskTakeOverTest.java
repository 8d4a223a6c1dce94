package trunkline.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.telemetry.ServerEvent.RowSetAside;
import trunkline.testing.EventLog;
import trunkline.testing.TestDatabase;

class TaskTakeOverTest {
  private static final TaskEnding LOST =
      new TaskEnding(TaskStatus.FAILED, "lost", "{}".getBytes(StandardCharsets.UTF_8));

  /// Goal: the row that is refused is set aside, and not one that the take-over left for another
  /// time. Method: without room, so that only the second of two is tried, and it overflows.
  @Test
  void without_room_the_bad_task_is_set_aside_and_not_the_good_one_before_it(TestDatabase db) {
    db.sql("alter table trunkline.tasks drop constraint tasks_numbers_ck");
    var dead = instance(db, "clock_timestamp()");
    var taker = new InstanceId((int) instance(db, "null"));
    var good = task(db, dead, "a", 1, true);
    var bad = task(db, dead, "b", Integer.MAX_VALUE, false);
    var events = new EventLog();

    try (var database = new Database(new Connections(db.settings()), "trunkline-tasks")) {
      var rows = new OrphanedTaskRows(database, new SetAside("tasks", events));

      assertThat(rows.takeOver(taker, List.of(), 0, LOST, 10)).isEmpty();

      assertThat(events.all(RowSetAside.class)).extracting(RowSetAside::key).containsExactly(bad);
      assertThat(rows.takeOver(taker, List.of(), 1, LOST, 10))
          .extracting(orphan -> orphan.task().key().value())
          .containsExactly(good);
    }
  }

  private static long instance(TestDatabase db, String deadAt) {
    return db.sql(
            """
            insert into trunkline.instances (lease_until, dead_at, url, version)
            values (clock_timestamp() + interval '1 hour', %s, 'http://a', '1') returning instance_id
            """
                .formatted(deadAt))
        .number();
  }

  private static long task(TestDatabase db, long executor, String id, int run, boolean rerunnable) {
    return db.sql(
            """
            insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, run,
                                         ttl_millis, expires_at)
            values (repeat('%s', 32), 'ada', repeat('f', 32), 1, 'bake', '{}', %s, ?, ?, 3600000, clock_timestamp() + interval '1 hour')
            returning task_key
            """
                .formatted(id, rerunnable),
            (int) executor,
            run)
        .number();
  }
}
