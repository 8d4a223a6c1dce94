package trunkline.console;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import trunkline.store.Connections;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.DirectConnection;
import trunkline.store.Sql;
import trunkline.store.SqlCall;
import trunkline.store.SqlText;

/// The console's way to the database, apart from what serves: two connections at most, and an end
/// to each statement and each answer.
final class ConsoleLine {
  private static final String PURPOSE = "trunkline-console";
  private static final int CONNECTIONS_MAX = 2;
  private static final int STATEMENT_MILLIS_MAX = 2_000;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// A connection that has ended says so at once; one that says nothing for longer is the
  /// database's.
  private static final Duration ENDED_MAX = Duration.ofSeconds(1);

  private static final SqlText BOUND =
      SqlText.of(
          """
          -- console.bound: no page takes longer, or more than one core from those who serve, or compiles what it runs once, or goes by a plan of before; none writes
          SELECT set_config('statement_timeout', :millis::text, false), set_config('default_transaction_read_only', 'on', false),
                 set_config('max_parallel_workers_per_gather', '0', false), set_config('jit', 'off', false),
                 set_config('plan_cache_mode', 'force_custom_plan', false)
          """);

  private final Connections connections;
  private final IdleLine idle = new IdleLine();
  private final Semaphore places = new Semaphore(CONNECTIONS_MAX, true);

  ConsoleLine(Connections connections) {
    this.connections = connections;
  }

  /// Something that brings its own connection.
  @FunctionalInterface
  interface Look<T> {
    T at(Connections connections);
  }

  /// Runs statements that only read.
  ///
  /// @throws ConsoleBusy when others look at so much that none is free
  /// @throws trunkline.store.DatabaseFailure as they do
  <T> T read(SqlCall<T> statements) throws InterruptedException {
    return over(line -> line.run(statements));
  }

  /// The same for what runs several, each by itself. It is done once more where the connection was
  /// an earlier page's and has ended since.
  <T> T over(Function<DirectConnection, T> statements) throws InterruptedException {
    return placed(() -> {
      var former = idle.take();
      if (former.isPresent()) {
        var begun = System.nanoTime();
        try {
          return over(former.get(), statements);
        } catch (DatabaseUnavailable e) {
          if (System.nanoTime() - begun > ENDED_MAX.toNanos()) {
            throw e; // it had ended no earlier than it was asked
          }
        }
      }
      return over(IdleLine.Line.of(bounded()), statements);
    });
  }

  private <T> T over(IdleLine.Line line, Function<DirectConnection, T> statements) {
    var whole = false;
    try {
      var answer = statements.apply(line.connection());
      whole = true;
      return answer;
    } finally {
      if (whole) {
        idle.keep(line);
      } else {
        line.close();
      }
    }
  }

  private DirectConnection bounded() {
    var line = new DirectConnection(connections, PURPOSE, ANSWER_MAX);
    try {
      line.run(ConsoleLine::bound);
      return line;
    } catch (RuntimeException e) {
      line.close();
      throw e;
    }
  }

  /// Runs one statement that acts, and commits. What it records names the console and who acts.
  ///
  /// @param who acts; empty where nobody has a name
  /// @throws trunkline.store.DatabaseUnavailable when it is not known whether it was done
  <T> T act(String who, SqlCall<T> statement) throws InterruptedException {
    var name = (PURPOSE + " " + who).strip();
    return look(there -> {
      try (var line = new DirectConnection(there, name, ANSWER_MAX)) {
        return line.run(statement);
      }
    });
  }

  /// The same for what connects by itself, in the place of one of the two.
  <T> T look(Look<T> look) throws InterruptedException {
    return placed(() -> {
      idle.drop();
      return look.at(connections);
    });
  }

  private <T> T placed(Supplier<T> work) throws InterruptedException {
    if (!places.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new ConsoleBusy("others look at the console, and its two connections are in use");
    }
    try {
      return work.get();
    } finally {
      places.release();
    }
  }

  /// Closes what is kept for the next page; one that comes all the same has a connection of its
  /// own.
  void close() {
    idle.close();
  }

  private static boolean bound(Sql sql) {
    return !sql.text(BOUND).set("millis", STATEMENT_MILLIS_MAX).rows().isEmpty();
  }
}
