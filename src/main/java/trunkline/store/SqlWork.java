package trunkline.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import trunkline.store.Database.Work;

/// One statement as [Work]: its text, what is bound, how the answer is read.
public final class SqlWork {

  /// Sets the parameters.
  @FunctionalInterface
  public interface Binding {
    void bind(PreparedStatement statement) throws SQLException;
  }

  /// Reads the answer; the rows are before the first.
  @FunctionalInterface
  public interface Reading<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private SqlWork() {}

  public static <T> Work<T> query(String sql, Binding binding, Reading<T> reading) {
    return connection -> {
      try (var statement = connection.prepareStatement(sql)) {
        binding.bind(statement);
        try (var rows = statement.executeQuery()) {
          return reading.read(rows);
        }
      }
    };
  }

  /// Answers how many rows were changed.
  public static Work<Integer> update(String sql, Binding binding) {
    return connection -> {
      try (var statement = connection.prepareStatement(sql)) {
        binding.bind(statement);
        return statement.executeUpdate();
      }
    };
  }

  public static Array texts(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  public static Array bigints(Connection connection, Collection<Long> numbers) throws SQLException {
    return connection.createArrayOf("bigint", numbers.toArray());
  }

  public static Array byteas(Connection connection, Collection<byte[]> payloads)
      throws SQLException {
    return connection.createArrayOf("bytea", payloads.toArray(byte[][]::new));
  }

  /// For `make_interval(secs => ?)`.
  public static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
