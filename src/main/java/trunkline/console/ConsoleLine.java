package trunkline.console;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import trunkline.console.KeptConnection.Opened;
import trunkline.status.StatusLook;
import trunkline.store.Connections;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.DirectConnection;
import trunkline.store.SqlCall;

/// The console's way to the database, apart from what serves: two connections at most, and an end
/// to each statement and each answer.
final class ConsoleLine {
  private static final String PURPOSE = "trunkline-console";
  private static final int CONNECTIONS_MAX = 2;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// A connection that has ended says so at once; one that says nothing for longer is the
  /// database's.
  private static final Duration ENDED_MAX = Duration.ofSeconds(1);

  private final Connections connections;
  private final KeptConnection kept = new KeptConnection();
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
    return connected(connection -> connection.run(statements));
  }

  /// The same for what runs several, each by itself. All are run once more where the connection was
  /// an earlier page's and turns out to have ended since.
  <T> T connected(Function<DirectConnection, T> reading) throws InterruptedException {
    return placed(() -> {
      var former = kept.take();
      if (former.isPresent()) {
        var begun = System.nanoTime();
        try {
          return kept(former.get(), reading);
        } catch (DatabaseUnavailable e) {
          if (System.nanoTime() - begun > ENDED_MAX.toNanos()) {
            throw e; // nobody waits for the same silence twice
          }
        }
      }
      return kept(Opened.now(bounded()), reading);
    });
  }

  /// What did not go well may have left the connection in any state.
  private <T> T kept(Opened opened, Function<DirectConnection, T> reading) {
    var isWell = false;
    try {
      var answer = reading.apply(opened.connection());
      isWell = true;
      return answer;
    } finally {
      if (isWell) {
        kept.keep(opened);
      } else {
        opened.close();
      }
    }
  }

  private DirectConnection bounded() {
    var connection = new DirectConnection(connections, PURPOSE, ANSWER_MAX);
    try {
      connection.run(StatusLook::bound);
      return connection;
    } catch (RuntimeException e) {
      connection.close();
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
      kept.drop();
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
    kept.close();
  }
}
