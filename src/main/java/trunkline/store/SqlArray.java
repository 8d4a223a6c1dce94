package trunkline.store;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Collection;
import java.util.function.Function;
import org.jooq.Binding;
import org.jooq.BindingGetResultSetContext;
import org.jooq.BindingGetSQLInputContext;
import org.jooq.BindingGetStatementContext;
import org.jooq.BindingRegisterContext;
import org.jooq.BindingSQLContext;
import org.jooq.BindingSetSQLOutputContext;
import org.jooq.BindingSetStatementContext;
import org.jooq.Converter;
import org.jooq.Converters;
import org.jooq.DataType;
import org.jooq.Param;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/// Arrays as the driver sends them: binary where it can. jOOQ's own would write them as text, which
/// for payloads doubles the bytes.
///
/// @param element what PostgreSQL calls the type of an element
record SqlArray(String element) implements Binding<Object, Object> {
  private static final long serialVersionUID = 1L;

  static <X, T> Param<?> of(
      DataType<T> type, Collection<X> items, Function<? super X, ? extends @Nullable T> value) {
    @SuppressWarnings("unchecked")
    var converter = (Converter<Object, T>) type.getConverter();
    var isBytes = byte[].class.equals(converter.fromType());
    var array = isBytes ? new byte[items.size()][] : new Object[items.size()];
    var i = 0;
    for (var item : items) {
      array[i++] = converter.to(value.apply(item));
    }
    var element = type.getTypeName(Sql.SHARED);
    return DSL.val(array, SQLDataType.OTHER.asConvertedDataType(new SqlArray(element)));
  }

  @Override
  public Converter<Object, Object> converter() {
    return Converters.identity(Object.class);
  }

  @Override
  public void sql(BindingSQLContext<Object> context) {
    context.render().sql("?");
  }

  @Override
  public void set(BindingSetStatementContext<Object> context) throws SQLException {
    var statement = context.statement();
    statement.setArray(
        context.index(),
        statement.getConnection().createArrayOf(element, (Object[]) context.value()));
  }

  @Override
  public void register(BindingRegisterContext<Object> context) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void set(BindingSetSQLOutputContext<Object> context) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void get(BindingGetResultSetContext<Object> context) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void get(BindingGetStatementContext<Object> context) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public void get(BindingGetSQLInputContext<Object> context) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }
}
