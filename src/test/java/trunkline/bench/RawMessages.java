package trunkline.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// The floor of storing messages: plain JDBC, batches of 64 rows of 300 bytes with `unnest`, over
/// four connections, into a table of its own that has the columns, checks and key of ours.
final class RawMessages implements AutoCloseable {
  private static final int CONNECTIONS = 4;
  private static final int ROWS = 64;
  private static final String INSERT =
      """
      INSERT INTO trunkline_bench.messages (stream_id, event_id, slot, payload)
      SELECT m.stream_id, nextval('trunkline_bench.message_seq'), 0, m.payload
        FROM unnest(?::bigint[], ?::bytea[]) AS m (stream_id, payload)
      """;

  private final List<Connection> connections = new ArrayList<>();

  private RawMessages() {}

  /// After a server has migrated the schema.
  static RawMessages on(Stage stage) throws SQLException {
    var raw = new RawMessages();
    prepare(stage);
    for (var i = 0; i < CONNECTIONS; i++) {
      raw.connections.add(stage.connect());
    }
    return raw;
  }

  static void prepare(Stage stage) throws SQLException {
    try (var connection = stage.connect();
        var statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS trunkline_bench");
      statement.execute("CREATE SEQUENCE IF NOT EXISTS trunkline_bench.message_seq");
      statement.execute(
          "CREATE TABLE IF NOT EXISTS trunkline_bench.messages"
              + " (LIKE trunkline.outbound_messages INCLUDING ALL)");
    }
  }

  /// Plays, and says how many rows a second there were.
  double play(Duration time) throws Exception {
    var start = System.nanoTime();
    var end = start + time.toNanos();
    var rows = 0L;
    try (var threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Callable<Long>> work = new ArrayList<>();
      for (var connection : connections) {
        work.add(() -> insert(connection, end));
      }
      for (var done : threads.invokeAll(work)) {
        rows += done.get();
      }
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    try (var statement = connections.getFirst().createStatement()) {
      statement.execute("TRUNCATE trunkline_bench.messages");
    }
    for (var connection : connections) {
      Commits.flush(connection);
    }
    return rows / seconds;
  }

  private static long insert(Connection connection, long end) throws SQLException {
    var payloads = new byte[ROWS][];
    var streams = new Long[ROWS];
    for (var row = 0; row < ROWS; row++) {
      payloads[row] = "x".repeat(300).getBytes(US_ASCII);
      streams[row] = row + 1L;
    }
    var rows = 0L;
    try (var statement = connection.prepareStatement(INSERT)) {
      while (System.nanoTime() < end) {
        statement.setArray(1, connection.createArrayOf("bigint", streams));
        statement.setArray(2, connection.createArrayOf("bytea", payloads));
        rows += statement.executeUpdate();
      }
    }
    return rows;
  }

  @Override
  public void close() {
    for (var connection : connections) {
      try {
        connection.close();
      } catch (SQLException _) {
        // gone either way
      }
    }
  }
}
