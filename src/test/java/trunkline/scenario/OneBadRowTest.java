package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent.RowSetAside;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Goal: a row that nobody can deal with stops nothing but itself. Method: the constraint that
/// keeps it out is dropped, the row planted in front of a good one of the same sweep; the good one
/// is dealt with, and the bad one is named.
class OneBadRowTest {

  /// An instance that was silent for longer than any lease.
  private static long silent(TestDatabase db, String beatAt) {
    return db.sql(
            """
            insert into trunkline.instances (lease_until, beat_at, url, version)
            values (clock_timestamp() - interval '1 day', ?::timestamptz, 'http://gone', '1') returning instance_id
            """,
            beatAt)
        .number();
  }

  private static long dead(TestDatabase db) {
    var instance = silent(db, "2026-01-01");
    db.sql(
        "update trunkline.instances set dead_at = clock_timestamp() where instance_id = ?",
        instance);
    return instance;
  }

  @Test
  void an_instance_without_a_readable_beat_lets_others_be_declared_dead(TestCluster cluster)
      throws Exception {
    var db = cluster.database();
    db.sql("alter table trunkline.instances drop constraint instances_times_ck");
    var bad = silent(db, "infinity");
    var good = silent(db, "2026-01-01");

    var a = cluster.with("lease", "2s").start("a");

    db.await(
        "(select dead_at is not null from trunkline.instances where instance_id = " + good + ")",
        Trio.FAULT_PATIENCE);
    requireNamed(a, "instances", bad);
    a.close();
  }

  @Test
  void a_stream_that_cannot_be_taken_over_lets_the_calls_of_others_end(TestCluster cluster)
      throws Exception {
    var db = cluster.database();
    db.sql("alter table trunkline.streams drop constraint streams_numbers_ck");
    var dead = dead(db);
    var bad = stream(db, dead, Integer.MAX_VALUE);
    var good = stream(db, dead, 1);

    var a = cluster.with("lease", "2s").start("a");

    db.await(
        "(select finished_at is not null from trunkline.streams where stream_id = " + good + ")",
        Trio.FAULT_PATIENCE);
    requireNamed(a, "streams", bad);
    a.close();
  }

  @Test
  void a_call_with_a_garbled_id_lets_the_calls_of_others_end(TestCluster cluster) throws Exception {
    var db = cluster.database();
    db.sql("alter table trunkline.calls drop constraint calls_request_id_ck");
    var dead = dead(db);
    var bad = stream(db, dead, 1);
    db.sql(
        """
        insert into trunkline.calls (stream_id, session_key, request_id, method, request, principal, rerunnable)
        values (?, 1, 'garbled', 'tools/call', '{}', 'ada', false)
        """,
        bad);
    var good = stream(db, dead, 1);

    var a = cluster.with("lease", "2s").start("a");

    db.await(
        "(select finished_at is not null from trunkline.streams where stream_id = " + good + ")",
        Trio.FAULT_PATIENCE);
    db.await(
        "(select finished_at is not null from trunkline.streams where stream_id = " + bad + ")",
        Trio.FAULT_PATIENCE); // nobody could be answered
    a.close();
  }

  @Test
  void a_stream_that_cannot_be_released_lets_go_of_those_of_others(TestCluster cluster)
      throws Exception {
    var db = cluster.database();
    db.sql("alter table trunkline.streams drop constraint streams_numbers_ck");
    var dead = dead(db);
    var bad = held(db, dead, -1);
    var good = held(db, dead, 0);
    keepOut(db, "streams", "streams_numbers_ck", "position_own >= 0");

    var a = cluster.with("lease", "2s").start("a");

    db.await(
        "(select close_reason = 'fenced' from trunkline.streams where stream_id = " + good + ")",
        Trio.FAULT_PATIENCE);
    requireNamed(a, "streams", bad);
    a.close();
  }

  @Test
  void a_question_that_cannot_be_closed_lets_those_of_others_be(TestCluster cluster)
      throws Exception {
    var db = cluster.database();
    db.sql("alter table trunkline.pending_requests drop constraint pending_requests_texts_ck");
    var dead = dead(db);
    var bad = question(db, dead, 1, "");
    var good = question(db, dead, 2, "roots/list");
    keepOut(db, "pending_requests", "pending_requests_texts_ck", "method <> ''");

    var a = cluster.with("lease", "2s").start("a");

    db.await(
        "(select outcome = 'abandoned' from trunkline.pending_requests where pending_id = "
            + good
            + ")",
        Trio.FAULT_PATIENCE);
    requireNamed(a, "pending_requests", bad);
    a.close();
  }

  @Test
  void a_stream_that_cannot_be_written_keeps_no_slot_from_being_freed(TestDatabase db) {
    db.sql("alter table trunkline.streams drop constraint streams_numbers_ck");
    var bad = stream(db, 1, 1);
    var good = stream(db, 1, 1);
    for (var stream : new long[] {bad, good}) {
      db.sql(
          "insert into trunkline.outbound_messages (stream_id, event_id, slot, payload) values (?, 7, 5, '{}')",
          stream);
    }
    db.sql("update trunkline.streams set position_own = -1 where stream_id = ?", bad);
    keepOut(db, "streams", "streams_numbers_ck", "position_own >= 0");

    assertThat(db.sql("select trunkline.retire_streams(5, 0, 1000)").number()).isEqualTo(good);
    assertThat(db.sql("select trunkline.truncate_slot(5, interval '1 second')").value())
        .isEqualTo(true);
    assertThat(
            db.sql("select trimmed_through from trunkline.streams where stream_id = ?", good)
                .number())
        .isEqualTo(7);
  }

  /// As after an upgrade: the row was there before the check, which holds whatever is written from
  /// now on.
  private static void keepOut(TestDatabase db, String table, String constraint, String check) {
    db.sql(
        "alter table trunkline.%s add constraint %s check (%s) not valid"
            .formatted(table, constraint, check));
  }

  private static long held(TestDatabase db, long holder, long position) {
    return db.sql(
            """
            insert into trunkline.streams (session_key, standalone, holder_instance, holder_epoch, position_own)
            values (1, false, ?, 1, ?) returning stream_id
            """,
            (int) holder,
            position)
        .number();
  }

  private static long question(TestDatabase db, long asker, long id, String method) {
    return db.sql(
            """
            insert into trunkline.pending_requests (pending_id, session_key, stream_id, asker, ordinal, method, digest, deadline)
            values (?, 1, 1, ?, 1, ?, '', clock_timestamp() + interval '1 hour') returning pending_id
            """,
            id,
            (int) asker,
            method)
        .number();
  }

  private static long stream(TestDatabase db, long writer, int epoch) {
    return db.sql(
            """
            insert into trunkline.streams (session_key, standalone, writer_instance, writer_epoch)
            values (1, false, ?, ?) returning stream_id
            """,
            (int) writer,
            epoch)
        .number();
  }

  @Test
  void a_garbled_task_lets_the_tasks_of_others_be_taken_over(TestCluster cluster) throws Exception {
    var db = cluster.database();
    db.sql(
        """
        alter table trunkline.tasks drop constraint tasks_numbers_ck, drop constraint tasks_session_id_ck,
          drop constraint tasks_request_ck
        """);
    var dead = dead(db);
    var overflowing = task(db, dead, "a", "repeat('f', 32)", Integer.MAX_VALUE, "{}", false);
    var unreadable = task(db, dead, "b", "'garbled'", 1, "{}", true);
    var good = task(db, dead, "c", "repeat('f', 32)", 1, "{}", false);

    var a = cluster.with("lease", "2s").start("a");

    db.await(
        "(select status = 'failed' from trunkline.tasks where task_key = " + good + ")",
        Trio.FAULT_PATIENCE);
    requireNamed(a, "tasks", overflowing);
    requireNamed(a, "tasks", unreadable);
    a.close();
  }

  private static long task(
      TestDatabase db,
      long executor,
      String id,
      String session,
      int run,
      String request,
      boolean again) {
    return db.sql(
            """
            insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, run,
                                         ttl_millis, expires_at)
            values (repeat('%s', 32), 'ada', %s, 1, 'bake', '%s', %s, ?, ?, 3600000, clock_timestamp() + interval '1 hour')
            returning task_key
            """
                .formatted(id, session, request, again),
            (int) executor,
            run)
        .number();
  }

  private static void requireNamed(TestCluster.Instance instance, String table, long key)
      throws InterruptedException {
    instance
        .events()
        .await(RowSetAside.class, row -> row.table().equals(table) && row.key() == key);
    assertThat(instance.events().all(RowSetAside.class))
        .as("named once")
        .filteredOn(row -> row.table().equals(table) && row.key() == key)
        .hasSize(1);
  }
}
