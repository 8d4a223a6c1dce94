package trunkline.session;

import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import trunkline.store.SqlText;

/// The fate of something to be kept with a session.
enum StoreOutcome {
  DONE,
  /// The limit is reached.
  FULL,
  /// The session has ended.
  GONE;

  static final Field<Boolean> LIVES = SqlText.column("lives", SQLDataType.BOOLEAN);

  /// Whether there was room for one more.
  static final Field<Boolean> FREE = SqlText.column("free", SQLDataType.BOOLEAN);

  static StoreOutcome of(Record row) {
    if (!row.get(LIVES)) {
      return GONE;
    }
    return row.get(FREE) ? DONE : FULL;
  }
}
