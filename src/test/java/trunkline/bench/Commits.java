package trunkline.bench;

import java.sql.Connection;
import java.sql.SQLException;

/// Transactions that a database has committed. A connection brings its own to the counters once a
/// second, and the last ones when it has been idle for ten: those of a floor would be counted as
/// the product's, so a floor says when it is over, and the counters are read until they rest. What
/// the product's connections keep back at the end of a round is about what they kept back of the
/// round before.
final class Commits {
  private static final long REST_MILLIS = 500;
  private static final int READINGS_MAX = 10;

  private Commits() {}

  /// Two readings that are equal; of a server that never rests, the last.
  static long settled(Connection database) throws SQLException, InterruptedException {
    database.setAutoCommit(false); // so that looking does not count
    try {
      var before = read(database);
      for (var reading = 0; reading < READINGS_MAX; reading++) {
        Pause.ofMillis(REST_MILLIS);
        var now = read(database);
        if (now == before) {
          return now;
        }
        before = now;
      }
      return before;
    } finally {
      database.rollback();
    }
  }

  /// After a floor's play: what its connection has committed is counted at once.
  static void flush(Connection floor) throws SQLException {
    try (var statement = floor.createStatement()) {
      statement.execute("select pg_stat_force_next_flush()");
    }
  }

  private static long read(Connection database) throws SQLException {
    try (var statement = database.createStatement()) {
      statement.execute("select pg_stat_clear_snapshot()"); // else a transaction sees what it saw
      try (var rows =
          statement.executeQuery(
              "select xact_commit from pg_stat_database where datname = current_database()")) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }
}
