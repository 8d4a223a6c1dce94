package trunkline.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/// The floor of opening sessions: a row like a session's and a commit for each, by plain JDBC, each
/// client over a connection of its own.
final class RawSessions implements AutoCloseable {
  private static final String TABLE = "trunkline_bench_sessions";

  private final Connection owner;
  private final List<Connection> connections = new ArrayList<>();

  RawSessions(Stage stage, int clients) throws SQLException {
    owner = stage.connect();
    run("drop table if exists " + TABLE);
    run(
        """
        create table %s (
          session_key bigint generated always as identity primary key, session_id text not null unique,
          revision text not null, principal text not null, capabilities text not null, client text not null,
          created_at timestamptz not null default clock_timestamp(), ended_at timestamptz)
        """
            .formatted(TABLE));
    for (var client = 0; client < clients; client++) {
      connections.add(stage.connect());
    }
  }

  /// Plays, and says how many sessions there were in a second.
  double play(Duration time) throws Exception {
    var end = System.nanoTime() + time.toNanos();
    List<Callable<Integer>> clients = new ArrayList<>();
    for (var connection : connections) {
      clients.add(() -> client(connection, end));
    }
    var start = System.nanoTime();
    var sessions = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var client : threads.invokeAll(clients)) {
        sessions += client.get();
      }
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    for (var connection : connections) {
      Commits.flush(connection);
    }
    return sessions / seconds;
  }

  private static int client(Connection connection, long end) throws SQLException {
    try (var insert =
        connection.prepareStatement(
            "insert into "
                + TABLE
                + " (session_id, revision, principal, capabilities, client) values (?, ?, ?, ?, ?)")) {
      var sessions = 0;
      for (; System.nanoTime() < end; sessions++) {
        insert(insert);
      }
      return sessions;
    }
  }

  private static void insert(PreparedStatement insert) throws SQLException {
    insert.setString(1, UUID.randomUUID().toString());
    insert.setString(2, Requests.REVISION);
    insert.setString(3, "anonymous");
    insert.setString(4, "{}");
    insert.setString(5, "{\"name\":\"bench\",\"version\":\"1\"}");
    insert.executeUpdate();
  }

  private void run(String sql) throws SQLException {
    try (var statement = owner.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() {
    try {
      run("drop table if exists " + TABLE);
      for (var connection : connections) {
        connection.close();
      }
      owner.close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
