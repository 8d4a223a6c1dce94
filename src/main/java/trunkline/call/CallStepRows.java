package trunkline.call;

import static trunkline.call.CallsTable.CALLS;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import trunkline.session.CallId;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;
import trunkline.store.StepColumns;

/// What the handlers of streamed calls did once, kept in the calls' rows for their next run.
final class CallStepRows {
  private static final SqlText REMEMBER =
      SqlText.of(
          """
          -- calls.remember: a step's outcome, by the stream's writer alone; the first of a name stays, so it may be repeated
          WITH mine AS MATERIALIZED (
                 SELECT s.stream_id FROM trunkline.streams s JOIN trunkline.calls c USING (stream_id)
                  WHERE c.call_id = :call_id AND s.writer_epoch = :writer_epoch AND s.finished_at IS NULL
                    FOR NO KEY UPDATE OF s)
          UPDATE trunkline.calls c SET %s
            FROM mine m WHERE c.stream_id = m.stream_id AND c.call_id = :call_id AND c.finished_at IS NULL
          RETURNING %s
          """
              .formatted(StepColumns.added("c"), StepColumns.kept("c")),
          StepColumns.KEPT);

  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  CallStepRows(Database database) {
    this.database = database;
  }

  /// What former runs of a call remembered, by the steps' names.
  Map<String, String> of(CallId call) {
    return database.run(sql ->
        sql.named("calls.steps: what former runs did once")
            .select(CALLS.STEP_NAMES, CALLS.STEP_OUTCOMES)
            .from(CALLS)
            .where(CALLS.CALL_ID.eq(call))
            .fetchOptional(row -> StepColumns.read(row.value1(), row.value2()))
            .orElse(Map.of()));
  }

  /// Remembers a step's outcome. To be repeated when the outcome is unknown; runs to its end even
  /// when interrupted.
  ///
  /// @param outcome JSON text
  /// @return what is remembered under the name; empty when the stream has another writer, or the
  ///   call has ended
  Optional<String> remember(CallId call, int writerEpoch, String name, String outcome) {
    return PATIENCE.runToTheEnd(
        database,
        sql ->
            sql.text(REMEMBER)
                .set(CALLS.CALL_ID, call)
                .set("writer_epoch", writerEpoch)
                .set("name", name)
                .set("outcome", outcome)
                .optional(row -> row.get(StepColumns.KEPT)));
  }
}
