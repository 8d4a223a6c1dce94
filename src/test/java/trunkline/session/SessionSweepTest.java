package trunkline.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

class SessionSweepTest {
  private final TestDatabase db;
  private SessionHost a;
  private SessionHost b;

  SessionSweepTest(TestDatabase db) {
    this.db = db;
  }

  @BeforeEach
  void begin() {
    a = new SessionHost(db, 1);
    b = new SessionHost(db, 2);
  }

  @AfterEach
  void end() {
    a.close();
    b.close();
  }

  private Session opened() {
    return a.sessions.open(SessionRowsTest.asked(Principal.ANONYMOUS));
  }

  private Session unusedForHours() {
    var session = opened();
    db.sql(
        """
        update trunkline.sessions set last_used_at = last_used_at - interval '61 minutes'
         where session_key = ?
        """,
        session.key().value());
    return session;
  }

  private boolean lives(Session session) {
    return b.sessions.find(session.id(), session.principal()).isPresent();
  }

  private Session listening() {
    var session = unusedForHours();
    db.sql(
        "update trunkline.streams set holder_instance = 9 where session_key = ?",
        session.key().value());
    return session;
  }

  private Session calling() {
    var session = unusedForHours();
    db.sql(
        """
        insert into trunkline.calls (stream_id, session_key, request_id, method, request,
                                     principal, rerunnable)
        values (1, ?, '7', 'tools/call', '', 'anonymous', false)
        """,
        session.key().value());
    return session;
  }

  @Test
  void an_unused_session_ends_but_neither_one_with_an_open_stream_nor_one_with_a_running_call() {
    var listening = listening();
    var calling = calling();
    var unused = unusedForHours();

    a.sessions.sweep(1); // those that are kept do not take the one place

    assertThat(lives(unused)).isFalse();
    assertThat(lives(listening)).isTrue();
    assertThat(lives(calling)).isTrue();
  }

  /// Goal: what begins between choosing the candidate and ending it keeps the session. Method: the
  /// candidate is judged when it is one no longer. A client that only listens posts nothing for
  /// hours; its connection drops, and it is on its way.
  @Test
  void a_session_whose_stream_was_closed_just_now_is_not_ended() {
    var listening = listening();
    db.sql(
        "update trunkline.streams set holder_instance = null, closed_at = clock_timestamp() where session_key = ?",
        listening.key().value());

    a.sessions.sweep(10);

    assertThat(lives(listening)).isTrue();
  }

  @Test
  void a_session_is_judged_again_under_its_lock() {
    var candidates = List.of(listening(), calling());

    try (var rows = new SessionRows(a.database, Duration.ofHours(2))) {
      for (var candidate : candidates) {
        assertThat(rows.endUnused(candidate.key(), Duration.ofHours(1), Duration.ofHours(2)).done())
            .isFalse();
      }
    }

    assertThat(candidates).allMatch(this::lives);
  }

  @Test
  void a_session_that_is_used_just_now_is_not_ended() {
    var session = unusedForHours();
    var hour = Duration.ofHours(1);
    try (var rows = new SessionRows(a.database, hour.multipliedBy(2))) {
      assertThat(
              new UnusedSessionRows(a.database)
                  .unused(0, Long.MAX_VALUE, hour, hour.multipliedBy(2), 1_000))
          .contains(session.key());

      b.sessions.touch(session.key());
      b.sessions.lastUses().flush();

      assertThat(rows.endUnused(session.key(), hour, hour.multipliedBy(2)).done()).isFalse();
    }
    assertThat(lives(session)).isTrue();
  }

  /// As after an upgrade: its row was there before the check that it breaks, so its last use cannot
  /// be written; that of the others is.
  @Test
  void a_session_that_cannot_be_touched_keeps_no_other_from_it() {
    var bad = unusedForHours();
    var good = unusedForHours();
    db.sql("alter table trunkline.sessions drop constraint sessions_numbers_ck");
    db.sql(
        "update trunkline.sessions set roots_version = -1 where session_key = ?",
        bad.key().value());
    db.sql(
        "alter table trunkline.sessions add constraint sessions_numbers_ck check (roots_version >= 0) not valid");

    a.sessions.touch(bad.key());
    a.sessions.touch(good.key());
    a.sessions.lastUses().flush();

    assertThat(a.sessions.sweep(1_000).rows()).isZero();
    assertThat(lives(good)).isTrue();
  }

  @Test
  void a_session_that_somebody_has_locked_is_left_for_the_next_round() throws Exception {
    var session = unusedForHours();
    try (var _ =
        OpenTransaction.on(
            db,
            "select from trunkline.sessions where session_key = ? for key share",
            session.key().value())) {
      a.sessions.sweep(100);
      assertThat(lives(session)).isTrue();
    }

    a.sessions.sweep(100);
    assertThat(lives(session)).isFalse();
  }

  @Test
  void two_sweepers_end_and_forget_each_session_once() throws Exception {
    var sessions = IntStream.range(0, 40).mapToObj(i -> unusedForHours()).toList();

    var sweeps = new ArrayList<Future<Integer>>();
    sweeps.add(OpenTransaction.start(() -> a.sessions.sweep(100).rows()));
    sweeps.add(OpenTransaction.start(() -> b.sessions.sweep(100).rows()));
    for (var sweep : sweeps) {
      sweep.get(30, TimeUnit.SECONDS);
    }

    assertThat(sessions).noneMatch(this::lives);
    for (var session : sessions) {
      assertThat(
              db.sql(
                      """
                      select count(*) from trunkline.announcements
                       where kind = 'session_changed' and about = ?
                      """,
                      session.key().toString())
                  .number())
          .isOne();
    }
    db.sql("update trunkline.sessions set ended_at = ended_at - interval '2 hours'");
    a.sessions.sweep(100);
    assertThat(
            db.sql(
                    """
                    select count(*) from trunkline.streams t
                     where not exists (select from trunkline.sessions s where s.session_key = t.session_key)
                    """)
                .number())
        .isZero();
    assertThat(
            db.sql("select count(*) from trunkline.sessions where ended_at is not null").number())
        .isZero();
  }

  /// Goal: touches cannot deadlock. Method: two instances touch the same 200 sessions at the same
  /// time, 50 times, in opposite orders.
  @Test
  void touches_of_two_instances_in_opposite_orders_never_fail() throws Exception {
    var keys = IntStream.range(0, 200).mapToObj(i -> opened().key()).toList();
    var flushes = new ArrayList<Future<Integer>>();
    for (var each : List.of(a, b)) {
      var ordered = each == a ? keys : keys.reversed();
      flushes.add(
          OpenTransaction.start(() -> {
            try (var rows = new SessionRows(each.database, Duration.ofHours(1))) {
              var skipped = 0;
              for (var i = 0; i < 50; i++) {
                skipped += rows.touch(ordered).size();
              }
              return skipped;
            }
          }));
    }

    for (var flush : flushes) {
      assertThat(flush.get(60, TimeUnit.SECONDS)).isNotNegative();
    }
    assertThat(
            db.sql("select deadlocks from pg_stat_database where datname = current_database()")
                .number())
        .isZero();
  }
}
