package trunkline.store;

import static java.util.Objects.requireNonNull;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.Context;
import org.jooq.DSLContext;
import org.jooq.DataType;
import org.jooq.ExecuteListener;
import org.jooq.Field;
import org.jooq.Param;
import org.jooq.QueryPart;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.SQL;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.CustomQueryPart;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultExecuteListenerProvider;
import org.jooq.types.YearToSecond;
import org.jspecify.annotations.Nullable;

/// A text with its values, about to run once.
public final class BoundText {
  /// A commit that says "might not have been replicated" is not a success (delivery: S13).
  private static final DefaultExecuteListenerProvider SURE =
      new DefaultExecuteListenerProvider(
          ExecuteListener.onWarning(execution -> {
            var warning = requireNonNull(execution.sqlWarning());
            throw new DataAccessException(
                "unsure", new SQLException("unsure: " + warning.getMessage(), "08007", warning));
          }));

  private final SqlText text;
  private final @Nullable QueryPart[] values;
  private Configuration configuration;

  BoundText(Configuration configuration, SqlText text) {
    this.configuration = configuration;
    this.text = text;
    this.values = new QueryPart[text.names().size()];
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
    return bind(name, DSL.val(value, type));
  }

  public BoundText set(String name, long value) {
    return bind(name, DSL.val(value));
  }

  public BoundText set(String name, int value) {
    return bind(name, DSL.val(value));
  }

  public BoundText set(String name, boolean value) {
    return bind(name, DSL.val(value));
  }

  public BoundText set(String name, String value) {
    return bind(name, DSL.val(value));
  }

  public BoundText set(String name, byte[] value) {
    return bind(name, DSL.val(value));
  }

  /// An interval.
  public BoundText set(String name, Duration value) {
    return bind(name, DSL.val(YearToSecond.valueOf(value)));
  }

  /// An array of values of a column's type.
  public <T> BoundText all(String name, Field<T> column, Collection<? extends @Nullable T> values) {
    return all(name, column.getDataType(), values, Function.identity());
  }

  public <T> BoundText all(
      String name, DataType<T> type, Collection<? extends @Nullable T> values) {
    return all(name, type, values, Function.identity());
  }

  /// An array of something of each item.
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
    return bind(name, SqlArray.of(type, items, value));
  }

  /// Takes a warning of the server for an unknown outcome.
  public BoundText unlessWarned() {
    configuration = configuration.derive(SURE);
    return this;
  }

  private BoundText bind(String name, Param<?> value) {
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

  /// @return how many rows were changed
  public int execute() {
    return sql().query(new Pieces()).execute();
  }

  public <T> List<T> fetch(Function<Record, T> reading) {
    return rows().map(reading::apply);
  }

  /// Of a statement that answers one row or none.
  public <T> Optional<T> optional(Function<Record, T> reading) {
    var rows = rows();
    if (rows.size() > 1) {
      throw new IllegalStateException(rows.size() + " rows instead of one: " + text);
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(reading.apply(rows.getFirst()));
  }

  /// Of a statement that always answers one row.
  public <T> T single(Function<Record, T> reading) {
    return optional(reading)
        .orElseThrow(() -> new IllegalStateException("no row instead of one: " + text));
  }

  /// The rows themselves, where what is made of them is more than one thing a row.
  public Result<Record> rows() {
    var order = text.answered();
    return order == null ? learning() : sql().resultQuery(new Pieces()).coerce(order).fetch();
  }

  private Result<Record> learning() {
    var sql = sql();
    try (var answer = sql.resultQuery(new Pieces()).coerce(text.columns()).fetchResultSet()) {
      return sql.fetch(answer, text.learn(answer));
    } catch (SQLException e) {
      throw new DataAccessException(String.valueOf(e.getMessage()), e);
    }
  }

  private DSLContext sql() {
    return DSL.using(configuration);
  }

  /// What jOOQ renders.
  private final class Pieces extends CustomQueryPart implements SQL {
    private static final long serialVersionUID = 1L;

    @Override
    public void accept(Context<?> context) {
      var pieces = text.pieces();
      for (var i = 0; i < values.length; i++) {
        var value = values[i];
        if (value == null) {
          throw new IllegalStateException(
              "nothing set for :" + text.names().get(i) + " in " + text);
        }
        context.sql(pieces.get(i)).visit(value);
      }
      context.sql(pieces.getLast());
    }
  }
}
