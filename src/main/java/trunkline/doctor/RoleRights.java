package trunkline.doctor;

import static org.jooq.impl.SQLDataType.BOOLEAN;
import static trunkline.store.SqlText.column;

import java.util.List;
import org.jooq.Field;
import trunkline.store.Rights;
import trunkline.store.SqlText;

/// Whether the role may do all that an instance does; what it lacks, as statements.
final class RoleRights {
  private static final String NAME = "rights";

  private static final Field<Boolean> MISLED = column("misled", BOOLEAN);

  /// Ours names each schema, and is not misled; in a database of ours alone there is nobody else.
  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.namesake: whether others here, as the role that is called like the schema, would be led into it
          SELECT current_user = 'trunkline'
                 AND EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                              WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('trunkline', 'information_schema')
                                AND n.nspname NOT LIKE 'pg\\_%')
                 AND NOT EXISTS (SELECT FROM pg_db_role_setting s CROSS JOIN unnest(s.setconfig) one
                                  WHERE s.setrole IN (0, (SELECT oid FROM pg_roles WHERE rolname = current_user))
                                    AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
                                    AND lower(one) LIKE 'search\\_path=%' AND one NOT LIKE '%$user%') AS misled
          """,
          MISLED);

  private static final Finding NAMESAKE =
      Finding.note(
          "role's name",
          "the role is called like the schema, where \"$user\" leads by default, and others have tables"
              + " in this database: whoever else logs in as it finds Trunkline's tables first and"
              + " creates its own among them",
          "let other programs log in as a role of another name, or"
              + " ALTER ROLE trunkline SET search_path = public");

  private RoleRights() {}

  static List<Finding> look(Patient patient) {
    var role = patient.connections().settings().user();
    var rights =
        patient
            .ask(Rights::lacking)
            .map(lacking -> Finding.said(NAME, Verdict.FAULT, lacking))
            .orElseGet(
                () -> Finding.ok(NAME, "role %s may do all that an instance does".formatted(role)));
    var misled = patient.ask(sql -> sql.text(READ).single(row -> row.get(MISLED)));
    return misled ? List.of(rights, NAMESAKE) : List.of(rights);
  }
}
