package trunkline.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jooq.exception.DataAccessException;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Pulse;
import trunkline.trace.ChildSpan;

/// The pool, and the few platform threads that run what has no lane of its own.
///
/// Every statement is autocommitted: one statement or one function call is one transaction.
///
/// A statement that waits for a row's lock holds its thread until `lock_timeout`. Of a kind that
/// met a lock lately, all go to threads apart, so that whoever keeps many rows locked delays that
/// kind alone.
public final class Database implements AutoCloseable {
  private static final int THREADS = 4;
  private static final int THREADS_THAT_WAIT = 2;
  private static final Duration CLOSING_MAX = Duration.ofSeconds(5);
  private static final Duration UNTIL_ASKED = Duration.ofDays(365);
  private static final long BEAT_SECONDS = 1;

  /// How long a kind of statement that met a lock runs apart.
  private static final long APART_NANOS = Duration.ofSeconds(1).toNanos();

  private final HikariDataSource pool;
  private final ExecutorService threads;
  private final ExecutorService waiting;
  private final BusyReports busyReports;
  private final RightReports rightReports;

  /// When each kind of call, by its code, last met a lock.
  private final Map<Class<?>, Long> locked = new ConcurrentHashMap<>();

  /// Opens nothing yet: the first statement connects.
  public Database(Connections connections, String name) {
    this(connections, name, _ -> {});
  }

  /// The same, and reports who locks others out.
  public Database(Connections connections, String name, EventSink events) {
    this.pool = connections.pool(name);
    this.threads = threads(THREADS, name + "-sql-");
    this.waiting = threads(THREADS_THAT_WAIT, name + "-waiting-");
    this.busyReports = new BusyReports(events);
    this.rightReports = new RightReports(events);
  }

  private static ExecutorService threads(int count, String name) {
    var factory = Thread.ofPlatform().daemon().name(name, 0).factory();
    return Executors.newFixedThreadPool(count, work -> factory.newThread(Pulse.of(name, work)));
  }

  /// Runs the call and waits for it. An interrupt ends the waiting, not the call.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached or the outcome is unknown
  /// @throws DatabaseBusy when somebody's lock was in the way
  /// @throws StatementRefused when it was refused
  /// @throws RightMissing when the role may not
  /// @throws CancellationException when the caller was interrupted while waiting
  public <T> T run(SqlCall<T> call) {
    return await(start(call));
  }

  /// Runs the call and waits for it even when interrupted, which stays set: for a call whose answer
  /// must not get lost, because the caller must clean up after it.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached or the outcome is unknown
  /// @throws DatabaseBusy when somebody's lock was in the way
  /// @throws StatementRefused when it was refused
  /// @throws RightMissing when the role may not
  public <T> T runToTheEnd(SqlCall<T> call) {
    return awaitToTheEnd(start(call));
  }

  /// Runs the call soon, on one of the platform threads.
  public <T> CompletableFuture<T> start(SqlCall<T> call) {
    var kind = call.getClass();
    var span = ChildSpan.statement();
    return soon(
        metLockLately(kind) ? waiting : threads,
        () -> {
          try (span) {
            return runHere(call, span);
          } catch (DatabaseBusy e) {
            locked.put(kind, System.nanoTime());
            throw e;
          }
        });
  }

  private boolean metLockLately(Class<?> kind) {
    var met = locked.get(kind);
    return met != null && System.nanoTime() - met < APART_NANOS;
  }

  /// Runs the call on the calling thread, which must be a platform thread that is never
  /// interrupted.
  ///
  /// @throws DatabaseUnavailable when the database cannot be reached or the outcome is unknown
  /// @throws DatabaseBusy when somebody's lock was in the way
  /// @throws StatementRefused when it was refused
  /// @throws RightMissing when the role may not
  public <T> T runHere(SqlCall<T> call) {
    return runHere(call, ChildSpan.NONE);
  }

  private <T> T runHere(SqlCall<T> call, ChildSpan span) {
    try (var connection = pool.getConnection()) {
      return run(call, connection, span);
    } catch (SQLException e) {
      span.failed("connecting");
      throw SqlFailures.translated("connecting", e);
    }
  }

  private <T> T run(SqlCall<T> call, Connection connection, ChildSpan span) {
    var sql = new Sql(connection);
    try {
      return call.run(sql);
    } catch (DataAccessException e) {
      var failure = SqlFailures.translated(sql.running(), e);
      span.failed(failure.getClass().getSimpleName());
      switch (failure.kind()) {
        case AWAY -> pool.getHikariPoolMXBean().softEvictConnections(); // the others are no better
        case BUSY -> busyReports.report(connection, sql.running(), failure);
        case DOUBTFUL, REFUSED -> {}
      }
      throw failure instanceof RightMissing denied
          ? rightReports.report(sql, sql.running(), denied)
          : failure;
    } finally {
      span.named(sql.running());
    }
  }

  private static <T> CompletableFuture<T> soon(ExecutorService threads, Supplier<T> work) {
    var answer = new CompletableFuture<T>();
    try {
      threads.execute(() -> {
        Pulse.beat();
        try {
          answer.complete(work.get());
        } catch (RuntimeException e) {
          answer.completeExceptionally(e);
        } catch (Error e) {
          answer.completeExceptionally(e);
          throw e; // and its pulse ends the process
        }
        Pulse.rest(UNTIL_ASKED);
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
      return Pulse.isExpected() ? awaitAlive(answer) : Clockwork.get(answer);
    } catch (InterruptedException e) {
      throw Interruption.restored("interrupted while waiting for the database", e);
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }

  /// Who waits for the database is alive: liveness must not end every instance in an outage.
  private static <T> T awaitAlive(Future<T> answer)
      throws InterruptedException, ExecutionException {
    while (true) {
      Pulse.beat();
      try {
        return answer.get(BEAT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException _) {
        // and on
      }
    }
  }

  /// The same, even when interrupted, which stays set.
  public static <T> T awaitToTheEnd(Future<T> answer) {
    var interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return Pulse.isExpected() ? awaitAlive(answer) : Clockwork.get(answer);
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
    threads.shutdown();
    waiting.shutdown();
    var undone = new ArrayList<Runnable>();
    try {
      var until = System.nanoTime() + CLOSING_MAX.toNanos();
      for (var each : List.of(threads, waiting)) {
        if (!each.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          undone.addAll(each.shutdownNow());
        }
      }
    } catch (InterruptedException e) {
      undone.addAll(threads.shutdownNow());
      undone.addAll(waiting.shutdownNow());
      Thread.currentThread().interrupt();
    }
    pool.close();
    undone.forEach(Runnable::run); // fails at once, so that no caller waits for ever
  }
}
