package trunkline.exchange;

import static org.jooq.Records.mapping;
import static trunkline.exchange.PendingRequestsTable.PENDING_REQUESTS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.cluster.Walk;
import trunkline.session.PendingId;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.DatabaseClock;
import trunkline.store.LockPatience;
import trunkline.store.SetAside;
import trunkline.store.Sql;
import trunkline.store.SqlText;
import trunkline.trace.TraceParent;

/// Reads and settles `pending_requests`; the rows are inserted with their messages, in `stream`.
/// Exactly one outcome of a question wins.
final class PendingRows {
  /// Of one read, but for the answer that goes beyond it: each may be as large as a body.
  private static final int ANSWER_BYTES_MAX = 4 << 20;

  private static final SqlText SETTLED =
      SqlText.of(
          """
          -- pending_requests.settled: what became of the questions that we wait for
          SELECT pending_id, outcome, answer
            FROM (SELECT p.pending_id, p.outcome, p.answer,
                         coalesce(sum(octet_length(p.answer)) OVER (ORDER BY p.pending_id ROWS UNBOUNDED PRECEDING), 0)
                           - coalesce(octet_length(p.answer), 0) AS bytes_before
                    FROM trunkline.pending_requests p
                   WHERE p.pending_id = ANY (:waiting) AND p.outcome IS NOT NULL) s
           WHERE bytes_before < %d
          """
              .formatted(ANSWER_BYTES_MAX),
          PENDING_REQUESTS.PENDING_ID,
          PENDING_REQUESTS.OUTCOME,
          PENDING_REQUESTS.ANSWER);

  private static final SqlText ANSWERS_TO =
      SqlText.of(
          """
          -- pending_requests.answers_to: what clients said to tasks' questions, each passed on as often as somebody waited
          SELECT task_input, answer
            FROM (SELECT a.task_input, a.answer,
                         sum(octet_length(a.answer)) OVER (ORDER BY a.task_input ROWS UNBOUNDED PRECEDING)
                           - octet_length(a.answer) AS bytes_before
                    FROM (SELECT DISTINCT ON (p.task_input) p.task_input, p.answer
                            FROM trunkline.pending_requests p
                           WHERE p.task_input = ANY (:task_inputs) AND p.outcome = 'answered'
                           ORDER BY p.task_input, p.settled_at, p.pending_id) a) s
           WHERE bytes_before < %d
          """
              .formatted(ANSWER_BYTES_MAX),
          PENDING_REQUESTS.TASK_INPUT,
          PENDING_REQUESTS.ANSWER);

  private static final SqlText ADVANCED =
      SqlText.of(
          """
          -- pending_requests.advanced: how far the clients are that were asked to tell
          SELECT pending_id, progress, progress_total, progress_message FROM trunkline.pending_requests
           WHERE pending_id = ANY (:waiting) AND progress IS NOT NULL
          """,
          PENDING_REQUESTS.PENDING_ID,
          PENDING_REQUESTS.PROGRESS,
          PENDING_REQUESTS.PROGRESS_TOTAL,
          PENDING_REQUESTS.PROGRESS_MESSAGE);

  private static final Field<Long> END = SqlText.column("page_end", SQLDataType.BIGINT);

  private static final Field<Boolean> HAS_OVERDUE = SqlText.column("overdue", SQLDataType.BOOLEAN);
  private static final Field<Boolean> HAS_OLD = SqlText.column("old", SQLDataType.BOOLEAN);

  private static final String OF_PAGE_OVERDUE =
      """
        FROM trunkline.pending_requests p JOIN trunkline.instances i ON i.instance_id = p.asker
       WHERE p.pending_id > :after AND p.pending_id <= %s AND p.outcome IS NULL
         AND (p.task_input IS NULL AND (i.dead_at IS NOT NULL OR i.left_at IS NOT NULL)
                AND NOT EXISTS (SELECT FROM trunkline.streams s WHERE s.stream_id = p.stream_id AND s.finished_at IS NULL)
              OR p.deadline < clock_timestamp() - interval '1 minute')\
      """;

  private static final String OVERDUE =
      OF_PAGE_OVERDUE.formatted(":through")
          + """
             AND p.pending_id <> ALL (:aside)
           ORDER BY p.pending_id LIMIT :rows_max FOR NO KEY UPDATE OF p SKIP LOCKED\
          """;

  private static final SqlText PAGE =
      SqlText.of(
          """
          -- pending_requests.page: where the next page of a walk ends, if it is full, and whether the statements that close and
          -- remove would find something
          WITH page AS MATERIALIZED (
                 SELECT (SELECT pending_id FROM trunkline.pending_requests
                          WHERE pending_id > :after ORDER BY pending_id OFFSET :rows - 1 LIMIT 1) AS page_end)
          SELECT page_end, EXISTS (SELECT
          %s) AS overdue,
                 coalesce((SELECT deadline FROM trunkline.pending_requests WHERE outcome IS NOT NULL ORDER BY deadline LIMIT 1)
                            < clock_timestamp() - :kept, false) AS old
            FROM page
          """
              .formatted(
                  OF_PAGE_OVERDUE.formatted(
                      "(SELECT coalesce(page_end, 9223372036854775807) FROM page)")),
          END,
          HAS_OVERDUE,
          HAS_OLD);

  private static final SqlText FIRST_OVERDUE =
      SqlText.of(
          """
          -- pending_requests.overdue: the one whose closing was refused
          SELECT p.pending_id
          %s
          """
              .formatted(OVERDUE),
          PENDING_REQUESTS.PENDING_ID);

  private static final SqlText CLOSE =
      SqlText.of(
          """
          -- pending_requests.close: nobody waits any more: the asker is dead and so is its call, or it let the deadline pass
          -- long ago. What a call that goes on elsewhere had asked is its next run's; a task's question was only passed on by
          -- its asker, and whoever runs the task waits for the answer
          UPDATE trunkline.pending_requests SET outcome = 'abandoned', settled_at = clock_timestamp()
           WHERE pending_id IN (SELECT p.pending_id
          %s)
          RETURNING pending_id
          """
              .formatted(OVERDUE),
          PENDING_REQUESTS.PENDING_ID);

  private static final SqlText REMOVE =
      SqlText.of(
          """
          -- pending_requests.remove: settled, past the time in which an operator would look for it, and of no use to a further run
          DELETE FROM trunkline.pending_requests
           WHERE pending_id IN (
                 SELECT p.pending_id FROM trunkline.pending_requests p
                  WHERE p.outcome IS NOT NULL AND p.deadline < (SELECT clock_timestamp() - :kept)
                    AND NOT EXISTS (SELECT FROM trunkline.streams s WHERE s.stream_id = p.stream_id AND s.finished_at IS NULL)
                  ORDER BY p.deadline LIMIT :rows_max FOR UPDATE OF p SKIP LOCKED)
          RETURNING pending_id
          """,
          PENDING_REQUESTS.PENDING_ID);

  /// No index leads to who asked, since each answer would have to write it.
  private static final int PAGE_ROWS = 1_000;

  /// An answer must not be lost because its row is locked for a moment.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  /// An operator may read a settled question this long after its deadline.
  private static final Duration KEPT = Duration.ofMinutes(10);

  private final Database database;
  private final SetAside aside;
  private final Walk walk = new Walk(PAGE_ROWS);

  /// The waiting party: a call on this instance, or else the task's executor.
  ///
  /// @param trace the question's span
  record Asker(
      InstanceId instance,
      @Nullable TaskInputId taskInput,
      String method,
      @Nullable TraceParent trace) {
    static Asker read(
        InstanceId instance,
        @Nullable TaskInputId taskInput,
        String method,
        @Nullable String trace) {
      return new Asker(instance, taskInput, method, TraceParent.parse(trace).orElse(null));
    }
  }

  /// A question with its outcome.
  ///
  /// @param answer only of one that was answered
  @SuppressWarnings("ArrayRecordComponent")
  record Settled(PendingId pending, QuestionOutcome outcome, byte @Nullable [] answer) {
    long bytes() {
      return answer == null ? 0 : answer.length;
    }
  }

  /// A question on which its client has reported.
  record Advanced(PendingId pending, QuestionProgress reached) {}

  /// A page of a walk.
  ///
  /// @param end the key of its last row; empty when the table ends before it is full
  /// @param overdue whether any of its questions is to be closed
  /// @param old whether any, of whichever page, may be removed
  private record Page(Optional<Long> end, boolean overdue, boolean old) {}

  /// The numbers of a sweep.
  record Swept(int closed, int removed) {}

  /// @param aside for questions that cannot be closed
  PendingRows(Database database, SetAside aside) {
    this.database = database;
    this.aside = aside;
  }

  /// Stores a client's answer if the question is its session's and still open.
  ///
  /// @param by the instance that took it
  /// @return the asker; empty when there was nothing to answer
  Optional<Asker> answer(SessionKey session, PendingId pending, byte[] answer, InstanceId by) {
    var heading =
        "pending_requests.answer: guarded by session and outcome, so the first answer of the right client wins";
    return PATIENCE.run(
        database,
        sql ->
            sql.named(heading)
                .update(PENDING_REQUESTS)
                .set(PENDING_REQUESTS.OUTCOME, QuestionOutcome.ANSWERED)
                .set(PENDING_REQUESTS.ANSWER, answer)
                .set(PENDING_REQUESTS.ANSWERED_BY, by)
                .set(PENDING_REQUESTS.SETTLED_AT, DatabaseClock.now())
                .where(PENDING_REQUESTS.PENDING_ID.eq(pending))
                .and(PENDING_REQUESTS.SESSION_KEY.eq(session))
                .and(PENDING_REQUESTS.OUTCOME.isNull())
                .returningResult(
                    PENDING_REQUESTS.ASKER,
                    PENDING_REQUESTS.TASK_INPUT,
                    PENDING_REQUESTS.METHOD,
                    PENDING_REQUESTS.TRACE)
                .fetchOptional(mapping(Asker::read)));
  }

  /// Settles a question otherwise, unless it is settled. Waits for that even when interrupted.
  ///
  /// @param asker who waits for it; where another does by now, nothing is settled
  /// @return what it then is; empty when it is gone, or another's
  Optional<Settled> settle(PendingId pending, InstanceId asker, QuestionOutcome outcome) {
    return PATIENCE.runToTheEnd(
        database,
        sql -> {
          var settled = settled(sql, pending, asker, outcome);
          // A statement of its own: the first one's snapshot may be older than the winner's commit.
          return settled.isPresent()
              ? settled
              : settledAmong(sql, List.of(pending)).stream().findFirst();
        });
  }

  private static Optional<Settled> settled(
      Sql sql, PendingId pending, InstanceId asker, QuestionOutcome outcome) {
    return sql.named("pending_requests.settle: guarded by outcome; no row means somebody else won")
        .update(PENDING_REQUESTS)
        .set(PENDING_REQUESTS.OUTCOME, outcome)
        .set(PENDING_REQUESTS.SETTLED_AT, DatabaseClock.now())
        .where(PENDING_REQUESTS.PENDING_ID.eq(pending))
        .and(PENDING_REQUESTS.ASKER.eq(asker))
        .and(PENDING_REQUESTS.OUTCOME.isNull())
        .returningResult(
            PENDING_REQUESTS.PENDING_ID, PENDING_REQUESTS.OUTCOME, PENDING_REQUESTS.ANSWER)
        .fetchOptional(mapping(Settled::new));
  }

  /// Whether these are so large that there may be more.
  static boolean isCut(long bytes) {
    return bytes >= ANSWER_BYTES_MAX;
  }

  /// The settled ones among the questions; not all when their answers are much ([#isCut]).
  List<Settled> settledAmong(Collection<PendingId> waiting) {
    return database.run(sql -> settledAmong(sql, waiting));
  }

  private static List<Settled> settledAmong(Sql sql, Collection<PendingId> waiting) {
    return sql.text(SETTLED)
        .all("waiting", PENDING_REQUESTS.PENDING_ID, waiting)
        .fetch(row ->
            new Settled(
                row.get(PENDING_REQUESTS.PENDING_ID),
                row.get(PENDING_REQUESTS.OUTCOME),
                row.get(PENDING_REQUESTS.ANSWER)));
  }

  /// The first answer to each of these questions of tasks; not all when they are much ([#isCut]).
  Map<TaskInputId, byte[]> answersTo(Collection<TaskInputId> taskInputs) {
    var rows =
        database.run(sql ->
            sql.text(ANSWERS_TO)
                .all("task_inputs", PENDING_REQUESTS.TASK_INPUT, taskInputs)
                .rows());
    var answers = new HashMap<TaskInputId, byte[]>();
    for (var row : rows) {
      answers.put(row.get(PENDING_REQUESTS.TASK_INPUT), row.get(PENDING_REQUESTS.ANSWER));
    }
    return answers;
  }

  /// Stores how far a client is with an open question of its session, if it is further than before.
  ///
  /// @return the instance that waits; empty when there was nothing to store
  Optional<InstanceId> advance(SessionKey session, PendingId pending, QuestionProgress reached) {
    var heading =
        "pending_requests.advance: guarded by session and outcome; a report that overtook an older one stands";
    return PATIENCE.run(
        database,
        sql ->
            sql.named(heading)
                .update(PENDING_REQUESTS)
                .set(PENDING_REQUESTS.PROGRESS, reached.progress())
                .set(PENDING_REQUESTS.PROGRESS_TOTAL, reached.total())
                .set(PENDING_REQUESTS.PROGRESS_MESSAGE, reached.message())
                .where(PENDING_REQUESTS.PENDING_ID.eq(pending))
                .and(PENDING_REQUESTS.SESSION_KEY.eq(session))
                .and(PENDING_REQUESTS.OUTCOME.isNull())
                .and(
                    PENDING_REQUESTS
                        .PROGRESS
                        .isNull()
                        .or(PENDING_REQUESTS.PROGRESS.lt(reached.progress())))
                .returningResult(PENDING_REQUESTS.ASKER)
                .fetchOptional(PENDING_REQUESTS.ASKER));
  }

  /// The progress that clients reported on the questions.
  List<Advanced> advancedAmong(Collection<PendingId> waiting) {
    return database.run(sql ->
        sql.text(ADVANCED)
            .all("waiting", PENDING_REQUESTS.PENDING_ID, waiting)
            .fetch(PendingRows::advanced));
  }

  private static Advanced advanced(Record row) {
    return new Advanced(
        row.get(PENDING_REQUESTS.PENDING_ID),
        new QuestionProgress(
            row.get(PENDING_REQUESTS.PROGRESS),
            row.get(PENDING_REQUESTS.PROGRESS_TOTAL),
            row.get(PENDING_REQUESTS.PROGRESS_MESSAGE)));
  }

  /// Closes questions of the next page whose asker is dead or overdue, and removes what was settled
  /// long ago; each at most so many rows.
  Swept sweep(int rowsMax) {
    var closed = new ArrayList<PendingId>();
    var page = new AtomicReference<Page>();
    walk.step(
        (after, rows) -> {
          var next = page(after, rows);
          page.set(next);
          return next.end();
        },
        (after, through) -> page.get().overdue() && closed.addAll(close(after, through, rowsMax)));
    var removed = page.get().old() ? database.run(sql -> remove(sql, rowsMax)) : 0;
    return new Swept(closed.size(), removed);
  }

  private Page page(long after, int rows) {
    return database.run(sql ->
        sql.text(PAGE)
            .set("after", after)
            .set("rows", rows)
            .set("kept", KEPT)
            .single(row ->
                new Page(
                    Optional.ofNullable(row.get(END)), row.get(HAS_OVERDUE), row.get(HAS_OLD))));
  }

  private List<PendingId> close(long after, long through, int rowsMax) {
    return aside.run(
        rowsMax,
        PendingId::value,
        (rows, left) -> database.run(sql -> overdue(sql, CLOSE, after, through, rows, left)),
        left ->
            database.run(sql ->
                overdue(sql, FIRST_OVERDUE, after, through, 1, left).stream()
                    .map(PendingId::value)
                    .findFirst()));
  }

  private static List<PendingId> overdue(
      Sql sql, SqlText text, long after, long through, int rows, List<Long> aside) {
    return sql.text(text)
        .set("after", after)
        .set("through", through)
        .all("aside", SQLDataType.BIGINT, aside)
        .set("rows_max", rows)
        .fetch(row -> row.get(PENDING_REQUESTS.PENDING_ID));
  }

  private static int remove(Sql sql, int rowsMax) {
    return sql.text(REMOVE).set("kept", KEPT).set("rows_max", rowsMax).rows().size();
  }
}
