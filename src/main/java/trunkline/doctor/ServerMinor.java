package trunkline.doctor;

import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.util.List;
import java.util.Map;
import org.jooq.Field;
import trunkline.store.SqlText;

/// Whether the server has the mends that came out before this release.
final class ServerMinor {
  private static final String NAME = "server minor";

  /// The newest minor releases of each major one, as known on 2026-11-29.
  static final Map<Integer, Integer> NEWEST = Map.of(15, 20, 16, 16, 17, 12, 18, 6);

  private static final Field<Integer> VERSION = column("version", INTEGER);

  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.minor: the server's version
          SELECT current_setting('server_version_num')::int AS version
          """,
          VERSION);

  private ServerMinor() {}

  static List<Finding> look(Patient patient) {
    return List.of(judge(patient.ask(sql -> sql.text(READ).single(row -> row.get(VERSION)))));
  }

  /// @param version as `server_version_num` has it
  static Finding judge(int version) {
    var major = version / 10_000;
    var minor = version % 10_000;
    var newest = NEWEST.get(major);
    if (newest == null) {
      return Finding.note(
          NAME, "PostgreSQL %d was not tested with this release".formatted(major), "");
    }
    return minor < newest
        ? Finding.warning(
            NAME,
            "PostgreSQL %1$d.%2$d lacks the mends of %1$d.%3$d".formatted(major, minor, newest),
            "install %d.%d or newer and restart the server; no dump is needed"
                .formatted(major, newest))
        : Finding.ok(NAME, "PostgreSQL %d.%d".formatted(major, minor));
  }
}
