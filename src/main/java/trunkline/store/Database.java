package trunkline.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
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
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/// The pool, and the few platform threads that run what has no lane of its own.
///
/// Every statement is autocommitted: one statement or one function call is one transaction.
public final class Database implements AutoCloseable {
  private static final int THREADS = 4;
  private static final Settings RENDERING =
      new Settings()
          .withExecuteLogging(false)
          .withRenderSchema(true)
          .withRenderNameCase(RenderNameCase.AS_IS);

  private final HikariDataSource pool;
  private final ExecutorService threads;

  /// Something to do with a connection, on a thread that nobody interrupts.
  @FunctionalInterface
  public interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  /// Opens nothing yet: the first statement connects.
  public Database(Connections connections, String name) {
    this.pool = connections.pool(name);
    this.threads =
        Executors.newFixedThreadPool(
            THREADS, Thread.ofPlatform().daemon().name(name + "-sql-", 0).factory());
  }

  /// Runs the work and waits for it. An interrupt ends the waiting, not the work.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached or the outcome is unknown
  /// @throws CancellationException when the caller was interrupted while waiting
  public <T> T call(Work<T> work) {
    return await(submit(work));
  }

  /// Runs the work and waits for it even when interrupted, which stays set: for work whose answer
  /// must not get lost, because somebody has to clean up after it.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached or the outcome is unknown
  public <T> T callToTheEnd(Work<T> work) {
    var interrupted = Thread.interrupted();
    var answer = submit(work);
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

  /// Runs the work soon, on one of the platform threads.
  public <T> CompletableFuture<T> submit(Work<T> work) {
    var answer = new CompletableFuture<T>();
    try {
      threads.execute(() -> {
        try {
          answer.complete(onThisThread(work));
        } catch (Throwable e) {
          answer.completeExceptionally(e);
        }
      });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new DatabaseUnavailable("the database is closed", e));
    }
    return answer;
  }

  /// Runs the work on the calling thread, which must be a platform thread that nobody interrupts.
  public <T> T onThisThread(Work<T> work) {
    try (var connection = pool.getConnection()) {
      return work.run(connection);
    } catch (SQLException e) {
      throw translated(e);
    } catch (DataAccessException e) {
      throw e.getCause() instanceof SQLException cause ? translated(cause) : e;
    }
  }

  private static RuntimeException translated(SQLException failure) {
    return SqlState.of(failure) == SqlState.UNKNOWN_OUTCOME
        ? new DatabaseUnavailable("the database did not answer: " + failure.getMessage(), failure)
        : new DataAccessException(String.valueOf(failure.getMessage()), failure);
  }

  /// jOOQ over one connection.
  public static DSLContext sql(Connection connection) {
    return DSL.using(connection, SQLDialect.POSTGRES, RENDERING);
  }

  /// Waits for an answer, throwing what went wrong as it was.
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

  /// A look at the pool.
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
    undone.forEach(Runnable::run); // fails at once, so that nobody waits for it for ever
  }
}
