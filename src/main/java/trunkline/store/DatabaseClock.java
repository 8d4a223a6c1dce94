package trunkline.store;

import java.time.Duration;
import java.time.Instant;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jooq.types.YearToSecond;

/// The clock that decides about leases, deadlines and ages, in jOOQ's words.
public final class DatabaseClock {
  private DatabaseClock() {}

  public static Field<Instant> now() {
    return DSL.field("clock_timestamp()", SQLDataType.INSTANT);
  }

  public static Field<Instant> in(Duration time) {
    return DSL.field(
        "(clock_timestamp() + {0})", SQLDataType.INSTANT, DSL.val(YearToSecond.valueOf(time)));
  }

  /// Asked once in a statement: a condition on the clock itself could use no index, since that may
  /// change from row to row.
  public static Field<Instant> ago(Duration time) {
    return DSL.field(
        "(SELECT clock_timestamp() - {0})",
        SQLDataType.INSTANT, DSL.val(YearToSecond.valueOf(time)));
  }
}
