package trunkline.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import trunkline.store.DatabaseBusy;

/// A transaction that stays open and so keeps its locks, until a test ends it; and a way to run
/// work that must wait for it.
public final class OpenTransaction implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TestDatabase database;
  private final Connection connection;

  private OpenTransaction(TestDatabase database, Connection connection) {
    this.database = database;
    this.connection = connection;
  }

  public static OpenTransaction on(
      TestDatabase database, String statement, @Nullable Object... arguments) throws SQLException {
    var transaction = new OpenTransaction(database, database.open());
    transaction.connection.setAutoCommit(false);
    transaction.run(statement, arguments);
    return transaction;
  }

  public TestDatabase.Answer run(String statement, @Nullable Object... arguments)
      throws SQLException {
    return TestDatabase.run(connection, statement, arguments);
  }

  public void commit() throws SQLException {
    connection.commit();
  }

  /// Starts the work on a thread of its own, patiently, as the product's lanes are: a lock that
  /// took longer than its time-out is waited for again, since the machine may be slower than that.
  public static <T> FutureTask<T> start(Callable<T> work) {
    var task = new FutureTask<>(() -> callPatiently(work));
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  private static <T> T callPatiently(Callable<T> work) throws Exception {
    while (true) {
      try {
        return work.call();
      } catch (DatabaseBusy e) {
        // again
      }
    }
  }

  /// Starts the work, and returns when some connection waits for this transaction.
  public <T> FutureTask<T> block(Callable<T> work) throws SQLException {
    var pid = run("select pg_backend_pid()").number();
    var task = start(work);
    database.await(
        "exists (select from pg_stat_activity a where a.datname = current_database() and "
            + pid
            + " = any (pg_blocking_pids(a.pid)))",
        PATIENCE);
    return task;
  }

  /// Rolls back the uncommitted work.
  @Override
  public void close() throws SQLException {
    try (connection) {
      connection.rollback();
    }
  }
}
