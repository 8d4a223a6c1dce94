package trunkline.doctor;

import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.util.List;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.Record;
import trunkline.store.SqlText;

/// Whether all instances get the connections that they may open, beside what others use.
final class ConnectionBudget {
  private static final String NAME = "connections";

  /// LISTEN and heartbeat.
  private static final int DIRECT = 2;

  /// A start or a migration, an operator, a dashboard.
  private static final int VISITORS = 3;

  private static final Field<Integer> AVAILABLE = column("available", INTEGER);
  private static final Field<Integer> ALLOWED = column("allowed", INTEGER);
  private static final Field<Integer> SETTING = column("setting", INTEGER);
  private static final Field<Integer> OTHERS = column("others", INTEGER);
  private static final Field<Integer> INSTANCES = column("instances", INTEGER);

  /// The application names of others' connections are shown to everybody; who has no user is a
  /// process of the server's.
  private static final SqlText READ =
      SqlText.of(
          """
          -- doctor.connections: what the server, the database and the role allow, and who uses it
          WITH server AS (
                 SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
                        - coalesce(current_setting('reserved_connections', true)::int, 0) AS allows)
          SELECT current_setting('max_connections')::int AS setting, (SELECT allows FROM server) AS allowed,
                 least((SELECT allows FROM server),
                       nullif((SELECT datconnlimit FROM pg_database WHERE datname = current_database()), -1),
                       nullif((SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user), -1))::int AS available,
                 (SELECT count(*) FROM pg_stat_activity
                   WHERE usesysid IS NOT NULL AND NOT (application_name LIKE 'trunkline%' AND datname = current_database()))::int AS others,
                 (SELECT count(*) FROM trunkline.instance_directory WHERE state NOT IN ('left', 'dead'))::int AS instances
          """,
          SETTING, ALLOWED, AVAILABLE, OTHERS, INSTANCES);

  private ConnectionBudget() {}

  /// @param setting `max_connections`
  /// @param allowed of them, to roles that are no superusers
  /// @param available of these, to this role in this database
  /// @param others connections that are not ours
  record Use(int setting, int allowed, int available, int others, int instances) {
    static Use of(Record row) {
      return new Use(
          Objects.requireNonNullElse(row.get(SETTING), 0),
          Objects.requireNonNullElse(row.get(ALLOWED), 0),
          Objects.requireNonNullElse(row.get(AVAILABLE), 0),
          Objects.requireNonNullElse(row.get(OTHERS), 0),
          Objects.requireNonNullElse(row.get(INSTANCES), 0));
    }
  }

  static List<Finding> look(Patient patient) {
    var poolSize = patient.connections().settings().poolSize();
    return List.of(judge(patient.ask(sql -> sql.text(READ).single(Use::of)), poolSize));
  }

  /// @param poolSize taken to be that of all instances
  static Finding judge(Use use, int poolSize) {
    var instances = Math.max(1, use.instances);
    var each = poolSize + DIRECT;
    var wanted = instances * each + use.others + VISITORS;
    var found =
        "%d instances may open %d each (a pool of %d, LISTEN, heartbeat), others use %d; %d of max_connections = %d may be used"
            .formatted(use.instances, each, poolSize, use.others, use.available, use.setting);
    if (wanted > use.available) {
      var pool = (use.available - use.others - VISITORS) / instances - DIRECT;
      var more = use.setting + wanted - use.available;
      return Finding.warning(
          NAME,
          found + ": that is %d too few".formatted(wanted - use.available),
          use.available < use.allowed
              ? "raise the limit of the role or the database (ALTER ROLE or ALTER DATABASE … CONNECTION LIMIT) to %d"
                  .formatted(wanted)
              : "ALTER SYSTEM SET max_connections = %d and restart the server%s"
                  .formatted(
                      more,
                      pool >= 4 ? ", or --database-pool-size %d everywhere".formatted(pool) : ""));
    }
    return wanted + each > use.available
        ? Finding.note(
            NAME,
            found + ": one more instance would not fit",
            "raise max_connections before the next one")
        : Finding.ok(NAME, found);
  }
}
