package trunkline.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/// A text with its values, about to run once.
///
/// The one place that binds by position: types and rows are jOOQ's, but what is rendered once is
/// not rendered and bound by jOOQ each time. That took 29 µs more of the processor than JDBC's 85
/// for publish (11 % of its 260 µs without a flush to disk); like this publish is 2 to 3 % slower
/// than by hand, and reading a page 1 %.
public final class BoundText {
  private static final DSLContext ROWS = DSL.using(Sql.SHARED);

  private final Connection connection;
  private final SqlText text;
  private final @Nullable SqlValue[] values;
  private boolean unlessWarned;

  BoundText(Connection connection, SqlText text) {
    this.connection = connection;
    this.text = text;
    this.values = new SqlValue[text.names().size()];
  }

  /// A value of the column that has the name.
  public <T> BoundText set(Field<T> column, @Nullable T value) {
    return set(column.getName(), column.getDataType(), value);
  }

  /// A value of the type that a column has.
  public <T> BoundText set(String name, Field<T> column, @Nullable T value) {
    return set(name, column.getDataType(), value);
  }

  public <T> BoundText set(String name, DataType<T> type, @Nullable T value) {
    return bind(name, SqlValue.of(type, value));
  }

  public BoundText set(String name, long value) {
    return bind(name, (statement, index) -> statement.setLong(index, value));
  }

  public BoundText set(String name, int value) {
    return bind(name, (statement, index) -> statement.setInt(index, value));
  }

  public BoundText set(String name, boolean value) {
    return bind(name, (statement, index) -> statement.setBoolean(index, value));
  }

  public BoundText set(String name, String value) {
    return bind(name, (statement, index) -> statement.setString(index, value));
  }

  public BoundText set(String name, byte[] value) {
    return bind(name, (statement, index) -> statement.setBytes(index, value));
  }

  /// An interval.
  public BoundText set(String name, Duration value) {
    return bind(name, (statement, index) -> statement.setObject(index, SqlValue.interval(value)));
  }

  /// An array of values of a column's type.
  public <T> BoundText all(String name, Field<T> column, Collection<? extends @Nullable T> values) {
    return all(name, column.getDataType(), values, Function.identity());
  }

  public <T> BoundText all(
      String name, DataType<T> type, Collection<? extends @Nullable T> values) {
    return all(name, type, values, Function.identity());
  }

  /// An array with one value per item.
  public <X, T> BoundText all(
      String name,
      Field<T> column,
      Collection<X> items,
      Function<? super X, ? extends @Nullable T> value) {
    return all(name, column.getDataType(), items, value);
  }

  public <X, T> BoundText all(
      String name,
      DataType<T> type,
      Collection<X> items,
      Function<? super X, ? extends @Nullable T> value) {
    return bind(name, SqlValue.array(type, items, value));
  }

  /// Treats a server's warning as an unknown outcome.
  public BoundText unlessWarned() {
    unlessWarned = true;
    return this;
  }

  private BoundText bind(String name, SqlValue value) {
    var found = false;
    for (var i = 0; i < values.length; i++) {
      if (text.names().get(i).equals(name)) {
        values[i] = value;
        found = true;
      }
    }
    if (!found) {
      throw new IllegalArgumentException("no :" + name + " in " + text);
    }
    return this;
  }

  /// Runs it and returns the number of changed rows.
  public int execute() {
    return run(PreparedStatement::executeUpdate);
  }

  public <T> List<T> fetch(Function<Record, T> reading) {
    return rows().map(reading::apply);
  }

  /// The row of a statement that returns at most one.
  public <T> Optional<T> optional(Function<Record, T> reading) {
    var rows = rows();
    if (rows.size() > 1) {
      throw new IllegalStateException(rows.size() + " rows instead of one: " + text);
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(reading.apply(rows.getFirst()));
  }

  /// The row of a statement that always returns one.
  public <T> T single(Function<Record, T> reading) {
    return optional(reading)
        .orElseThrow(() -> new IllegalStateException("no row instead of one: " + text));
  }

  /// The rows themselves, where a row yields more than one value.
  public Result<Record> rows() {
    return run(statement -> {
      try (var answer = statement.executeQuery()) {
        return ROWS.fetch(answer, columns(answer));
      }
    });
  }

  private Field<?>[] columns(ResultSet answer) throws SQLException {
    var known = text.answered();
    return known == null ? text.learn(answer) : known;
  }

  @FunctionalInterface
  private interface Running<T> {
    T run(PreparedStatement statement) throws SQLException;
  }

  private <T> T run(Running<T> running) {
    try (var statement = connection.prepareStatement(text.rendered())) {
      for (var i = 0; i < values.length; i++) {
        var value = values[i];
        if (value == null) {
          throw new IllegalStateException(
              "nothing set for :" + text.names().get(i) + " in " + text);
        }
        value.set(statement, i + 1);
      }
      var answer = running.run(statement);
      if (unlessWarned && statement.getWarnings() != null) {
        // A commit that says "might not have been replicated" is not a success (delivery: S13).
        throw new SQLException("unsure: " + statement.getWarnings().getMessage(), "08007");
      }
      return answer;
    } catch (SQLException e) {
      throw new DataAccessException(String.valueOf(e.getMessage()), e);
    }
  }
}
