package trunkline.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.function.Function;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.types.YearToSecond;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PGobject;

/// A value of a text, as the driver takes it.
@FunctionalInterface
interface SqlValue {
  void set(PreparedStatement statement, int index) throws SQLException;

  static <T> SqlValue of(DataType<T> type, @Nullable T value) {
    @SuppressWarnings("unchecked")
    var converter = (Converter<Object, T>) type.getConverter();
    var plain = converter.to(value);
    return switch (plain) {
      case null -> {
        var code = PlainType.of(converter).code();
        yield (statement, index) -> statement.setNull(index, code);
      }
      case Instant instant -> {
        var offset = instant.atOffset(ZoneOffset.UTC);
        yield (statement, index) -> statement.setObject(index, offset);
      }
      case YearToSecond interval ->
          (statement, index) -> statement.setObject(index, interval(interval.toDuration()));
      default -> (statement, index) -> statement.setObject(index, plain);
    };
  }

  static PGobject interval(Duration duration) throws SQLException {
    var interval = new PGobject();
    interval.setType("interval");
    interval.setValue(duration.toString());
    return interval;
  }

  static <X, T> SqlValue array(
      DataType<T> type, Collection<X> items, Function<? super X, ? extends @Nullable T> value) {
    @SuppressWarnings("unchecked")
    var converter = (Converter<Object, T>) type.getConverter();
    var element = PlainType.of(converter);
    var array = element.array(items.size());
    var i = 0;
    for (var item : items) {
      array[i++] = converter.to(value.apply(item));
    }
    return (statement, index) ->
        statement.setArray(index, statement.getConnection().createArrayOf(element.text(), array));
  }
}
