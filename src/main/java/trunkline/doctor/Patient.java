package trunkline.doctor;

import java.time.Duration;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.DirectConnection;
import trunkline.store.SqlCall;

/// What is looked at: a database, over the connections that an instance would have.
final class Patient implements AutoCloseable {
  private static final String NAME = "trunkline-doctor";
  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private final Connections connections;
  private final Database database;
  private final DirectConnection line;

  /// Reaches it.
  ///
  /// @throws trunkline.store.DatabaseUnavailable when it cannot
  Patient(Connections connections) {
    this.connections = connections;
    this.line = new DirectConnection(connections, NAME, ANSWER_MAX);
    this.database = new Database(connections, NAME);
  }

  Connections connections() {
    return connections;
  }

  /// The pool, perhaps through a pooler.
  Database database() {
    return database;
  }

  /// Asks on the direct connection.
  <T> T ask(SqlCall<T> call) {
    return line.run(call);
  }

  @Override
  public void close() {
    line.close();
    database.close();
  }
}
