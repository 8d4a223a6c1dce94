package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.Crash;
import trunkline.telemetry.ServerEvent.DatabaseBusy;
import trunkline.telemetry.ServerEvent.StatementBusy;
import trunkline.testing.EventLog;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

class DatabaseTest {
  private static final SqlText TOUCH =
      SqlText.of("-- test.touch: the one row\nUPDATE trunkline.control SET id_high = id_high");

  private final TestDatabase db;
  private final EventLog events = new EventLog();

  @AutoClose private final Database database;

  DatabaseTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "trunkline-database", events);
  }

  /// Goal: statements that wait for locks leave threads to all others. Method: one kind of call has
  /// met a lock; a crowd of it then holds its threads until another kind was served.
  @Test
  void a_kind_that_meets_locks_delays_no_other() {
    var served = new CountDownLatch(1);
    var locked = new CompletableFuture<Boolean>();
    SqlCall<Boolean> waiting =
        _ -> {
          if (locked.complete(true)) {
            throw new DataAccessException("locked", new SQLException("locked", "55P03"));
          }
          return await(served);
        };
    assertThatThrownBy(() -> database.run(waiting))
        .isInstanceOf(trunkline.store.DatabaseBusy.class);

    var crowd = IntStream.range(0, 20).mapToObj(_ -> database.start(waiting)).toList();
    int touched = database.run(DatabaseTest::touch);
    assertThat(touched).isOne();
    served.countDown();

    assertThat(crowd.stream().map(Database::await)).hasSize(20).containsOnly(true);
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Goal: an operator learns from the log whom to ask. Method: an open transaction locks a row.
  @Test
  void who_is_in_the_way_is_reported() throws Exception {
    try (var operator = OpenTransaction.on(db, "select from trunkline.control for update")) {
      var pid = operator.run("select pg_backend_pid()").number();
      var patience = new LockPatience(Duration.ofSeconds(20));
      var touched = OpenTransaction.start(() -> patience.run(database, DatabaseTest::touch));

      var reported = events.await(DatabaseBusy.class);
      operator.commit();

      assertThat(touched.get(20, TimeUnit.SECONDS)).isOne();
      assertThat(reported.reason()).contains("test.touch").contains("55P03");
      assertThat(reported.blockedBy()).contains("control is held by pid " + pid);
      assertThat(events.await(StatementBusy.class).statement()).isEqualTo("test.touch");
    }
  }

  private static int touch(Sql sql) {
    return sql.text(TOUCH).execute();
  }

  /// Goal: a thousand refused statements are one line in the log.
  @Test
  void it_is_reported_once_a_second() throws Exception {
    try (var _ = OpenTransaction.on(db, "select from trunkline.control for update")) {
      var crowd = IntStream.range(0, 4).mapToObj(_ -> database.start(DatabaseTest::touch)).toList();
      crowd.forEach(each ->
          assertThatThrownBy(() -> Database.await(each))
              .isInstanceOf(trunkline.store.DatabaseBusy.class));
    }

    assertThat(events.count(StatementBusy.class)).isEqualTo(4);
    assertThat(events.count(DatabaseBusy.class)).isOne();
  }

  @Test
  void an_error_on_its_threads_ends_the_process() throws Exception {
    var ended = new CompletableFuture<Error>();
    try (var _ = Crash.replacedBy(ended::complete)) {
      var answer =
          database.start(_ -> {
            throw new NoClassDefFoundError("planted");
          });

      assertThatThrownBy(() -> Database.await(answer)).isInstanceOf(NoClassDefFoundError.class);
      assertThat(ended.get(10, TimeUnit.SECONDS)).hasMessage("planted");
    }
  }
}
