package trunkline.exchange;

import static org.jooq.Records.mapping;
import static trunkline.exchange.PendingRequestsTable.PENDING_REQUESTS;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jspecify.annotations.Nullable;
import trunkline.session.PendingId;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.DatabaseClock;
import trunkline.store.LockPatience;
import trunkline.store.Sql;

/// What the former run of a call asked its client: found again by its place among the questions of
/// the stream and by its words, so that nobody is asked the same twice.
///
/// One that is open goes on under a new asker. The row decides: an answer that comes before finds
/// the former asker and is read here, one that comes after finds the new one.
final class FormerQuestionRows {
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  /// A question that is open or answered.
  @SuppressWarnings("ArrayRecordComponent")
  record Former(PendingId pending, InstanceId asker, byte[] digest, byte @Nullable [] answer) {
    boolean asks(byte[] other) {
      return Arrays.equals(digest, other);
    }
  }

  FormerQuestionRows(Database database) {
    this.database = database;
  }

  /// The questions at this place of the stream, the latest first; of several calls on one stream
  /// each may have one.
  List<Former> at(StreamId stream, int ordinal) {
    return database.run(sql ->
        former(
            sql,
            stream,
            PENDING_REQUESTS.TASK_INPUT.isNull().and(PENDING_REQUESTS.ORDINAL.eq(ordinal))));
  }

  /// The question that passed this input of a task on.
  Optional<Former> passedOn(StreamId stream, TaskInputId input) {
    return database.run(
        sql -> former(sql, stream, PENDING_REQUESTS.TASK_INPUT.eq(input)).stream().findFirst());
  }

  private static List<Former> former(Sql sql, StreamId stream, Condition which) {
    return sql.named("pending_requests.former: what an earlier run of the stream's call asked")
        .select(
            PENDING_REQUESTS.PENDING_ID,
            PENDING_REQUESTS.ASKER,
            PENDING_REQUESTS.DIGEST,
            PENDING_REQUESTS.ANSWER)
        .from(PENDING_REQUESTS)
        .where(PENDING_REQUESTS.STREAM_ID.eq(stream))
        .and(which)
        .and(
            PENDING_REQUESTS
                .OUTCOME
                .isNull()
                .or(PENDING_REQUESTS.OUTCOME.eq(QuestionOutcome.ANSWERED)))
        .orderBy(PENDING_REQUESTS.CREATED_AT.desc(), PENDING_REQUESTS.PENDING_ID.desc())
        .fetch(mapping(Former::new));
  }

  /// Waits for an open question from now on; to be repeated when the outcome is unknown.
  ///
  /// @param patience the new deadline, from now
  /// @return false: it is settled
  boolean adopt(PendingId pending, InstanceId asker, Duration patience) {
    return PATIENCE.run(
            database,
            sql ->
                sql.named("pending_requests.adopt: an answer finds the former asker or this one")
                    .update(PENDING_REQUESTS)
                    .set(PENDING_REQUESTS.ASKER, asker)
                    .set(PENDING_REQUESTS.DEADLINE, DatabaseClock.in(patience))
                    .where(PENDING_REQUESTS.PENDING_ID.eq(pending))
                    .and(PENDING_REQUESTS.OUTCOME.isNull())
                    .execute())
        == 1;
  }
}
