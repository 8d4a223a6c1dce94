package trunkline.doctor;

import static org.jooq.impl.SQLDataType.CLOB;
import static trunkline.store.SqlText.column;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jooq.Field;
import trunkline.store.SqlText;

/// Behind a pooler the settings of a connection have to be the role's: what a connection SETs may
/// be another client's a moment later, or nobody's.
final class PoolerSettings {
  private static final String NAME = "pooler";

  /// As in `db/role/pooler.sql`.
  static final List<Map.Entry<String, String>> NEEDED =
      List.of(
          Map.entry("search_path", "pg_catalog, pg_temp"),
          Map.entry("lock_timeout", "'200ms'"),
          Map.entry("statement_timeout", "0"),
          Map.entry("idle_in_transaction_session_timeout", "'5s'"),
          Map.entry("idle_session_timeout", "0"),
          Map.entry("enable_seqscan", "off"),
          Map.entry("jit", "off"),
          Map.entry("timezone", "'UTC'"));

  private static final Field<String> ROLE = column("role", CLOB);
  private static final Field<String> SETTINGS = column("settings", CLOB);

  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.role_settings: what each new connection of the role begins with here
          SELECT current_user::text AS role, coalesce(string_agg(lower(split_part(one, '=', 1)), ' '), '') AS settings
            FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) one
           WHERE s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user))
             AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
          """,
          ROLE,
          SETTINGS);

  private PoolerSettings() {}

  static List<Finding> look(Patient patient) {
    var settings = patient.connections().settings();
    if (settings.url().equals(settings.directUrl())) {
      return List.of(Finding.ok(NAME, "none is named: there is no --database-direct-url"));
    }
    var finding =
        patient.ask(sql -> sql.text(READ).single(row -> judge(row.get(ROLE), row.get(SETTINGS))));
    return List.of(finding);
  }

  private static Finding judge(String role, String settings) {
    var known = List.of(settings.split(" ", -1));
    var lacking = new ArrayList<String>();
    for (var needed : NEEDED) {
      if (!known.contains(needed.getKey().toLowerCase(Locale.ROOT))) {
        lacking.add(
            "ALTER ROLE \"%s\" SET %s = %s;"
                .formatted(role.replace("\"", "\"\""), needed.getKey(), needed.getValue()));
      }
    }
    return lacking.isEmpty()
        ? Finding.ok(NAME, "role %s brings the settings that a pooler loses".formatted(role))
        : Finding.warning(
            NAME,
            "behind a transaction pooler role %s lacks settings".formatted(role),
            "as an administrator run db/role/pooler.sql, or: " + String.join(" ", lacking));
  }
}
