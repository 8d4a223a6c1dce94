package trunkline.signal;

import java.sql.Array;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import org.jooq.Binding;
import org.jooq.BindingGetResultSetContext;
import org.jooq.BindingGetSQLInputContext;
import org.jooq.BindingGetStatementContext;
import org.jooq.BindingRegisterContext;
import org.jooq.BindingSQLContext;
import org.jooq.BindingSetSQLOutputContext;
import org.jooq.BindingSetStatementContext;
import org.jooq.Converter;
import org.jspecify.annotations.Nullable;

/// Reads `trunkline.wake[]`, which functions return and no caller passes in. For what jOOQ
/// generates.
public final class WakesBinding implements Binding<Object[], Wakes> {
  private static final long serialVersionUID = 1L;

  @Override
  public Converter<Object[], Wakes> converter() {
    return Converter.from(Object[].class, Wakes.class, Wakes::of);
  }

  @Override
  public void get(BindingGetResultSetContext<Wakes> context) throws SQLException {
    context.value(wakes(context.resultSet().getArray(context.index())));
  }

  private static Wakes wakes(@Nullable Array array) throws SQLException {
    return array == null ? new Wakes() : Wakes.of((Object[]) array.getArray());
  }

  @Override
  public void sql(BindingSQLContext<Wakes> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public void register(BindingRegisterContext<Wakes> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public void set(BindingSetStatementContext<Wakes> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public void set(BindingSetSQLOutputContext<Wakes> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public void get(BindingGetStatementContext<Wakes> context) throws SQLException {
    throw unsupported();
  }

  @Override
  public void get(BindingGetSQLInputContext<Wakes> context) throws SQLException {
    throw unsupported();
  }

  private static SQLException unsupported() {
    return new SQLFeatureNotSupportedException("wakes are read, never written");
  }
}
