package trunkline.session;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// Takes the steps of a purge, which is a function of the migrations.
final class PurgeRows {
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(10));

  private static final Field<String> WHAT = SqlText.column("what", SQLDataType.CLOB);
  private static final Field<Integer> REMOVED = SqlText.column("removed", SQLDataType.INTEGER);

  private static final SqlText PURGE =
      SqlText.of(
          """
          -- sessions.purge: one step; what is gone is not found again
          SELECT what, removed FROM trunkline.purge(:principal, :rows_max)
          """,
          WHAT,
          REMOVED);

  private final Database database;

  PurgeRows(Database database) {
    this.database = database;
  }

  /// Takes one step.
  ///
  /// @param rowsMax sessions and tasks of a step
  /// @return the rows by table, in the order of the answer; `left` is what is still there
  Map<String, Integer> step(Principal principal, int rowsMax) {
    var rows =
        PATIENCE.run(
            database,
            sql ->
                sql.text(PURGE)
                    .set("principal", principal.name())
                    .set("rows_max", rowsMax)
                    .fetch(row -> Map.entry(row.get(WHAT), row.get(REMOVED))));
    var step = new LinkedHashMap<String, Integer>();
    rows.forEach(row -> step.put(row.getKey(), row.getValue()));
    return step;
  }
}
