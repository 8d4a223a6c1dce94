package trunkline.doctor;

import static org.jooq.impl.SQLDataType.CLOB;
import static trunkline.store.SqlText.column;

import java.util.List;
import java.util.stream.Collectors;
import org.jooq.Field;
import trunkline.store.SqlText;

/// Whether each function of the schema still has the `search_path` under which no name of a
/// stranger is meant: some of them run with their owner's rights.
final class FunctionPaths {
  private static final String NAME = "functions";

  private static final Field<String> FUNCTION = column("function", CLOB);

  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.functions: those whose search_path somebody changed
          SELECT p.oid::regprocedure::text AS function
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
           WHERE n.nspname = 'trunkline' AND p.prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')
             AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (p.proconfig), false)
           ORDER BY function
          """,
          FUNCTION);

  private FunctionPaths() {}

  static List<Finding> look(Patient patient) {
    var changed = patient.ask(sql -> sql.text(READ).fetch(row -> row.get(FUNCTION)));
    return List.of(
        changed.isEmpty()
            ? Finding.ok(NAME, "each has its search_path")
            : Finding.warning(
                NAME,
                "the search_path of %s was changed, so names of strangers may be meant"
                    .formatted(String.join(", ", changed)),
                changed.stream()
                    .map("ALTER FUNCTION %s SET search_path = pg_catalog, pg_temp;"::formatted)
                    .collect(Collectors.joining(" "))));
  }
}
