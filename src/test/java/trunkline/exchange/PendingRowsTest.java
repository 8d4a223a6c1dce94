package trunkline.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.exchange.PendingRows.Asker;
import trunkline.exchange.PendingRows.Settled;
import trunkline.session.PendingId;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// Of all that may become of a question exactly one thing does, and only its own client answers it.
class PendingRowsTest {
  private static final int ASKER = 7;
  private static final int TAKER = 8;
  private static final SessionKey CLIENT = new SessionKey(1);
  private static final SessionKey STRANGER = new SessionKey(2);
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final TestDatabase db;
  private final Database database;
  private final PendingRows rows;
  private final PendingId question = PendingId.of(new InstanceId(ASKER), NUMBERS.incrementAndGet());

  PendingRowsTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "test");
    this.rows = new PendingRows(database, new SetAside("pending_requests", _ -> {}));
    db.sql(
        """
        insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal,
                                                method, digest, deadline)
        values (?, ?, 1, ?, 1, 'roots/list', '', clock_timestamp() + interval '1 minute')
        """,
        question.value(),
        CLIENT.value(),
        ASKER);
  }

  @AfterEach
  void end() {
    database.close();
  }

  private Optional<Asker> answer(SessionKey session, String answer) {
    return rows.answer(session, question, answer.getBytes(UTF_8), new InstanceId(TAKER));
  }

  private Settled settle(QuestionOutcome outcome) {
    return rows.settle(question, new InstanceId(ASKER), outcome).orElseThrow();
  }

  private List<Settled> settled() {
    return rows.settledAmong(List.of(question));
  }

  private static String text(Settled settled) {
    return new String(Objects.requireNonNull(settled.answer()), UTF_8);
  }

  @Test
  void who_took_the_answer_is_kept() {
    assertThat(answer(CLIENT, "{}")).isPresent();

    assertThat(
            db.sql(
                    "select answered_by from trunkline.pending_requests where pending_id = ?",
                    question.value())
                .number())
        .isEqualTo(TAKER);
  }

  @Test
  void the_first_answer_counts_and_names_who_waits() {
    assertThat(answer(CLIENT, "first"))
        .contains(new Asker(new InstanceId(ASKER), null, "roots/list", null));
    assertThat(answer(CLIENT, "second")).isEmpty();

    assertThat(settled()).singleElement().extracting(PendingRowsTest::text).isEqualTo("first");
  }

  @Test
  void the_answer_of_another_session_does_not_count() {
    assertThat(answer(STRANGER, "forged")).isEmpty();

    assertThat(settled()).isEmpty();
    assertThat(answer(CLIENT, "real"))
        .contains(new Asker(new InstanceId(ASKER), null, "roots/list", null));
  }

  @Test
  void an_answer_after_the_deadline_is_too_late() {
    assertThat(settle(QuestionOutcome.EXPIRED).outcome()).isEqualTo(QuestionOutcome.EXPIRED);
    assertThat(answer(CLIENT, "late")).isEmpty();

    assertThat(settled())
        .singleElement()
        .extracting(Settled::outcome)
        .isEqualTo(QuestionOutcome.EXPIRED);
  }

  @Test
  void who_gives_up_after_an_answer_came_gets_the_answer() {
    answer(CLIENT, "in time");

    var settled = settle(QuestionOutcome.EXPIRED);

    assertThat(settled.outcome()).isEqualTo(QuestionOutcome.ANSWERED);
    assertThat(text(settled)).isEqualTo("in time");
  }

  private Optional<InstanceId> advance(SessionKey session, double progress) {
    return advance(session, new QuestionProgress(progress, null, null));
  }

  private Optional<InstanceId> advance(SessionKey session, QuestionProgress reached) {
    return rows.advance(session, question, reached);
  }

  @Test
  void progress_only_grows_and_only_its_own_client_reports_it() {
    var reached = new QuestionProgress(2, 10.0, "fetching");
    assertThat(advance(CLIENT, reached)).contains(new InstanceId(ASKER));
    assertThat(advance(STRANGER, 9)).isEmpty();
    assertThat(advance(CLIENT, 2)).isEmpty();
    assertThat(advance(CLIENT, -1)).isEmpty();

    var advanced = rows.advancedAmong(List.of(question));
    assertThat(advanced).containsExactly(new PendingRows.Advanced(question, reached));
    assertThat(advance(CLIENT, 2.5)).contains(new InstanceId(ASKER));
    assertThat(answer(CLIENT, "done")).isPresent();
    assertThat(advance(CLIENT, 3)).isEmpty();
  }

  /// Goal: the snapshot of the one that loses is older than the commit of the one that wins, and it
  /// still sees what won. Method: the answer is stored and not committed while the asker gives up.
  @Test
  void who_gives_up_while_an_answer_is_being_stored_gets_the_answer() throws Exception {
    try (var answering =
        OpenTransaction.on(
            db,
            """
            update trunkline.pending_requests
               set outcome = 'answered', answer = 'just in time', settled_at = clock_timestamp()
             where pending_id = ? and outcome is null
            """,
            question.value())) {
      var giving = answering.block(() -> settle(QuestionOutcome.EXPIRED));
      answering.commit();

      assertThat(text(giving.get(10, TimeUnit.SECONDS))).isEqualTo("just in time");
    }
  }

  /// Goal: a thousand answers as large as bodies do not come in one read. Method: three that are
  /// each larger than half of one.
  @Test
  void answers_are_read_some_at_a_time() {
    db.sql(
        """
        insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal,
                                                method, digest, deadline, outcome, settled_at, answer)
        select ? + n, ?, 1, ?, 1, 'roots/list', '', clock_timestamp() + interval '1 minute',
               'answered', clock_timestamp(), convert_to(repeat('x', 3000000), 'UTF8')
          from generate_series(1, 3) n
        """,
        question.value(),
        CLIENT.value(),
        ASKER);
    var ids =
        LongStream.rangeClosed(1, 3).mapToObj(n -> new PendingId(question.value() + n)).toList();

    var first = rows.settledAmong(ids);
    var rest = rows.settledAmong(ids.subList(first.size(), 3));

    assertThat(first).extracting(Settled::pending).isEqualTo(ids.subList(0, 2));
    assertThat(PendingRows.isCut(first.stream().mapToLong(Settled::bytes).sum())).isTrue();
    assertThat(rest).extracting(Settled::pending).isEqualTo(ids.subList(2, 3));
    assertThat(PendingRows.isCut(rest.stream().mapToLong(Settled::bytes).sum())).isFalse();
  }
}
