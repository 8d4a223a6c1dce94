package trunkline.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.signal.Topic;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// Ending a session while others add to it (S8), and what an end does to what belongs to it.
class SessionEndTest {
  /// As every package does it that adds to a session.
  private static final String ADD_STREAM =
      """
      with living as materialized (
             select session_key from trunkline.sessions
              where session_key = ? and ended_at is null for key share)
      insert into trunkline.streams (session_key, standalone, writer_instance, writer_epoch)
      select session_key, false, 1, 1 from living returning stream_id
      """;

  private final TestDatabase db;
  private SessionHost a;
  private Session session;

  SessionEndTest(TestDatabase db) {
    this.db = db;
  }

  @BeforeEach
  void begin() {
    a = new SessionHost(db, 1);
    session = a.sessions.open(SessionRowsTest.asked(Principal.ANONYMOUS));
  }

  @AfterEach
  void end() {
    a.close();
  }

  @Test
  void a_stream_born_before_the_end_is_finished_by_it() throws Exception {
    try (var birth = OpenTransaction.on(db, ADD_STREAM, session.key().value())) {
      var ending = birth.block(() -> a.sessions.end(session.key(), EndReason.CLIENT));
      birth.commit();

      assertThat(ending.get(10, TimeUnit.SECONDS)).isTrue();
    }

    assertThat(unfinishedStreams()).isZero();
  }

  @Test
  void a_stream_that_comes_after_the_end_is_not_born() throws Exception {
    try (var ending =
        OpenTransaction.on(
            db, "select * from trunkline.end_session_now(?, 'client')", session.key().value())) {
      var birth = ending.block(() -> db.sql(ADD_STREAM, session.key().value()));
      ending.commit();

      assertThat(birth.get(10, TimeUnit.SECONDS).rows()).isEmpty();
    }

    assertThat(unfinishedStreams()).isZero();
  }

  @Test
  void a_subscription_and_a_value_that_come_after_the_end_are_refused() throws Exception {
    try (var ending =
        OpenTransaction.on(
            db, "select * from trunkline.end_session_now(?, 'client')", session.key().value())) {
      var subscribing =
          ending.block(() -> a.sessions.subscriptions().add(session.key(), "file:///late"));
      ending.commit();

      assertThat(subscribing.get(10, TimeUnit.SECONDS)).isFalse();
    }

    assertThat(a.sessions.subscriptions().subscribers(List.of("file:///late"))).isEmpty();
    assertThat(a.sessions.values(session.key()).put("late", "x")).isFalse();
  }

  @Test
  void a_touch_neither_waits_for_an_end_nor_makes_it_wait() throws SQLException {
    try (var _ =
        OpenTransaction.on(
            db,
            "select from trunkline.sessions where session_key = ? for update",
            session.key().value())) {
      a.sessions.touch(session.key());
      a.sessions.lastUses().flush();
    }

    var former = lastUse();
    a.sessions.lastUses().flush(); // the one that was skipped is written now
    assertThat(lastUse()).isGreaterThan(former);
  }

  private String lastUse() {
    return db.sql(
            "select last_used_at::text from trunkline.sessions where session_key = ?",
            session.key().value())
        .text();
  }

  @Test
  void an_end_finishes_streams_cancels_calls_settles_questions_and_wakes_whom_it_concerns()
      throws InterruptedException {
    var stream = db.sql(ADD_STREAM, session.key().value()).number();
    db.sql("update trunkline.streams set holder_instance = 1 where stream_id = ?", stream);
    var call =
        db.sql(
                """
                insert into trunkline.calls (stream_id, session_key, request_id, method, request,
                                             principal, rerunnable)
                values (?, ?, '7', 'tools/call', '', 'anonymous', false) returning call_id
                """,
                stream,
                session.key().value())
            .number();
    var question = 1_000_000L + stream;
    db.sql(
        """
        insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal,
                                                method, digest, deadline)
        values (?, ?, ?, 1, 1, 'roots/list', '', clock_timestamp() + interval '1 minute')
        """,
        question,
        session.key().value(),
        stream);
    var doorbells = a.signals.doorbells();

    try (var holder = doorbells.subscribe(Topic.STREAM, stream);
        var writer = doorbells.subscribe(Topic.CALL, call);
        var asker = doorbells.subscribe(Topic.ANSWER, question);
        var log = doorbells.subscribe(Topic.ANNOUNCEMENTS, 0)) {
      a.sessions.end(session.key(), EndReason.CLIENT);

      assertThat(holder.bell().await(Duration.ZERO)).isTrue();
      assertThat(writer.bell().await(Duration.ZERO)).isTrue();
      assertThat(asker.bell().await(Duration.ZERO)).isTrue();
      assertThat(log.bell().await(Duration.ZERO)).isTrue();
    }

    assertThat(unfinishedStreams()).isZero();
    assertThat(
            db.sql(
                    """
                    select cancelled_at is not null and finished_at is not null
                      from trunkline.calls where call_id = ?
                    """,
                    call)
                .value())
        .isEqualTo(true);
    assertThat(
            db.sql("select outcome from trunkline.pending_requests where pending_id = ?", question)
                .text())
        .isEqualTo("session ended");
    assertThat(
            db.sql(
                    """
                    select convert_from(payload, 'UTF8') from trunkline.announcements
                     where kind = 'session_changed' and about = ?
                    """,
                    session.key().toString())
                .text())
        .isEqualTo("ended");
  }

  private long unfinishedStreams() {
    return db.sql(
            "select count(*) from trunkline.streams where session_key = ? and finished_at is null",
            session.key().value())
        .number();
  }
}
