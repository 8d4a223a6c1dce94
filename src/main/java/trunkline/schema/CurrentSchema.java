package trunkline.schema;

import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.util.List;
import org.jooq.Field;
import trunkline.schema.MigrationFiles.Known;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// Whether a database is just as this release leaves it, which is what nearly every start finds:
/// one statement says so, on the connection that looks around anyway. Flyway, which would come to
/// the same on three more, and a further login for the rights, took 150 of the 740 ms that a start
/// spends in `main` (sampled each millisecond, with an AOT cache, C1 alone).
///
/// Whatever is not exactly so is Flyway's to judge: more or less, a failure, another checksum, a
/// row of another kind.
final class CurrentSchema {
  private static final Field<Boolean> CURRENT = column("current", BOOLEAN);

  private static final SqlText READ =
      SqlText.of(
          """
          -- flyway_schema_history.current: every migration of this release has run as it is now, and no other
          SELECT count(*) = :known AND count(DISTINCT f.script) FILTER (
                   WHERE h.success AND h.type = 'SQL'
                     AND h.script = format('V%s__%s.sql', h.version, replace(h.description, ' ', '_'))) = :known AS current
            FROM trunkline.flyway_schema_history h
            LEFT JOIN unnest(:scripts, :checksums) AS f (script, checksum)
              ON f.script = h.script AND f.checksum = h.checksum
           WHERE h.type <> 'SCHEMA'
          """,
          CURRENT);

  private CurrentSchema() {}

  /// @param known the migrations of this release; when there is none, nothing is known
  static boolean isOne(Sql sql, List<Known> known) {
    return !known.isEmpty()
        && sql.text(READ)
            .set("known", (long) known.size())
            .all("scripts", CLOB, known, Known::script)
            .all("checksums", INTEGER, known, Known::checksum)
            .single(row -> row.get(CURRENT));
  }
}
