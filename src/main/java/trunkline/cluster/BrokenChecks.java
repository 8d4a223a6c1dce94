package trunkline.cluster;

import static org.jooq.impl.SQLDataType.CLOB;

import java.util.List;
import org.jooq.Field;
import trunkline.store.Database;
import trunkline.store.SqlText;

/// The CHECK constraints that rows from before them break, for whoever starts an instance.
final class BrokenChecks {
  private static final Field<String> FINDING = SqlText.column("finding", CLOB);

  private static final SqlText FIND =
      SqlText.of(
          """
          -- pg_constraint.broken: checks that are not validated, because old rows break them
          SELECT format('%s rows of %s break %s, the first at ctid %s; mend them, then ALTER TABLE %s VALIDATE CONSTRAINT %s',
                        broken, table_name, check_name, first_row, table_name, check_name) AS finding
            FROM trunkline.broken_checks() WHERE broken > 0
          """,
          FINDING);

  private BrokenChecks() {}

  /// One sentence a constraint.
  static List<String> of(Database database) {
    return database.run(sql -> sql.text(FIND).fetch(row -> row.get(FINDING)));
  }
}
