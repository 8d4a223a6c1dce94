package trunkline.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// Strangers who take every connection that a PostgreSQL server has (`max_connections`), also those
/// that instances had.
public final class Squatters implements AutoCloseable {
  /// Too many connections.
  private static final String FULL = "53300";

  private static final String OURS =
      """
      select pg_terminate_backend(pid, 5000) from pg_stat_activity
       where application_name like 'trunkline%' and application_name <> ?
      """;

  private final TestDatabase db;
  private final List<Connection> taken = new ArrayList<>();

  /// None taken yet.
  public Squatters(TestDatabase db) {
    this.db = db;
  }

  /// Takes what is free; whoever has one keeps it.
  public void takeFree() {
    try {
      while (true) {
        taken.add(db.open());
      }
    } catch (SQLException e) {
      if (!FULL.equals(e.getSQLState())) {
        throw new AssertionError(e);
      }
    }
  }

  /// Takes what is free and what instances have. One that these give up they may take again before
  /// we get there: then once more.
  public void takeAll() throws SQLException {
    takeFree();
    var all = Integer.parseInt(TestDatabase.run(taken.getFirst(), "show max_connections").text());
    while (taken.size() < all) {
      TestDatabase.run(taken.getFirst(), OURS, TestDatabase.APPLICATION_NAME);
      takeFree();
    }
  }

  /// Gives up so many.
  public void leave(int count) throws SQLException {
    for (var i = 0; i < count; i++) {
      taken.removeLast().close();
    }
  }

  /// How many were taken.
  public int count() {
    return taken.size();
  }

  /// Gives up all.
  @Override
  public void close() throws SQLException {
    leave(taken.size());
  }
}
