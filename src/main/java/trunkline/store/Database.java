package trunkline.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jooq.exception.DataAccessException;

/// The pool, and the few platform threads that run what has no lane of its own.
///
/// Every statement is autocommitted: one statement or one function call is one transaction.
public final class Database implements AutoCloseable {
  private static final int THREADS = 4;

  private final HikariDataSource pool;
  private final ExecutorService threads;

  /// Opens nothing yet: the first statement connects.
  public Database(Connections connections, String name) {
    this.pool = connections.pool(name);
    this.threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name(name + "-sql-", 0).factory());
  }

  /// Runs the call and waits for it. An interrupt ends the waiting, not the call.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached or the outcome is unknown
  /// @throws StatementFailed when it was refused
  /// @throws CancellationException when the caller was interrupted while waiting
  public <T> T run(SqlCall<T> call) {
    return await(start(call));
  }

  /// Runs the call and waits for it even when interrupted, which stays set: for a call whose answer
  /// must not get lost, because the caller must clean up after it.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached or the outcome is unknown
  /// @throws StatementFailed when it was refused
  public <T> T runToTheEnd(SqlCall<T> call) {
    return awaitToTheEnd(start(call));
  }

  /// Runs the call soon, on one of the platform threads.
  public <T> CompletableFuture<T> start(SqlCall<T> call) {
    return soon(() -> runHere(call));
  }

  /// Runs the call on the calling thread, which must be a platform thread that is never
  /// interrupted.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached or the outcome is unknown
  /// @throws StatementFailed when it was refused
  public <T> T runHere(SqlCall<T> call) {
    try (var connection = pool.getConnection()) {
      return call.run(new Sql(connection));
    } catch (SQLException e) {
      throw SqlFailures.translated(e);
    } catch (DataAccessException e) {
      throw SqlFailures.translated(e);
    }
  }

  private <T> CompletableFuture<T> soon(Supplier<T> work) {
    var answer = new CompletableFuture<T>();
    try {
      threads.execute(() -> {
        try {
          answer.complete(work.get());
        } catch (Throwable e) {
          answer.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new DatabaseUnavailable("the database is closed", e));
    }
    return answer;
  }

  /// Waits for an answer and rethrows its failure unchanged.
  ///
  /// @throws CancellationException when interrupted; the interrupt stays set
  public static <T> T await(Future<T> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      throw Interruption.restored("interrupted while waiting for the database", e);
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }

  private static <T> T awaitToTheEnd(Future<T> answer) {
    var interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return answer.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(ExecutionException failure) {
    if (failure.getCause() instanceof RuntimeException cause) {
      return cause;
    }
    if (failure.getCause() instanceof Error cause) {
      throw cause;
    }
    return new CompletionException(failure.getCause());
  }

  /// Connections in use, idle and waited for, as the pool counts them.
  public PoolCounts poolCounts() {
    var counts = pool.getHikariPoolMXBean();
    return new PoolCounts(
        counts.getActiveConnections(),
        counts.getIdleConnections(),
        counts.getThreadsAwaitingConnection());
  }

  /// A snapshot of the pool.
  public record PoolCounts(int active, int idle, int waiting) {}

  /// Waits briefly for running work, then closes the pool.
  @Override
  public void close() {
    List<Runnable> undone = List.of();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS)) {
        undone = threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      undone = threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
    pool.close();
    undone.forEach(Runnable::run); // fails at once, so that no caller waits for ever
  }
}
