package trunkline.schema;

import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.CLOB;
import static trunkline.store.SqlText.column;

import java.time.Duration;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import trunkline.store.Connections;
import trunkline.store.DirectConnection;
import trunkline.store.Rights;
import trunkline.store.SqlText;

/// What there is before a migration, in words: the schema `trunkline`, whose it is, and what the
/// role may do about it.
///
/// @param standby whether the server takes no writes, being in recovery
/// @param readOnly whether it takes none because it was told so
/// @param owner of the schema; empty when there is no schema
/// @param stranger something in the schema, when it has no history of migrations; else empty
/// @param history whether it has one
/// @param readable whether the role may read the history
record SchemaFound(
    String database,
    String role,
    boolean standby,
    boolean readOnly,
    String owner,
    String stranger,
    boolean history,
    boolean usable,
    boolean creatable,
    boolean readable) {

  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);
  private static final String UNCHANGED = "; nothing was changed";

  private static final Field<String> DATABASE = column("database", CLOB);
  private static final Field<String> ROLE = column("role", CLOB);
  private static final Field<Boolean> STANDBY = column("standby", BOOLEAN);
  private static final Field<Boolean> READ_ONLY = column("read_only", BOOLEAN);
  private static final Field<String> OWNER = column("owner", CLOB);
  private static final Field<String> STRANGER = column("stranger", CLOB);
  private static final Field<Boolean> HISTORY = column("history", BOOLEAN);
  private static final Field<Boolean> USABLE = column("usable", BOOLEAN);
  private static final Field<Boolean> CREATABLE = column("creatable", BOOLEAN);
  private static final Field<Boolean> READABLE = column("readable", BOOLEAN);

  private static final SqlText READ =
      SqlText.of(
          """
          -- pg_namespace.found: whether the schema is ours, from the catalogues, which everybody may read
          SELECT current_database()::text AS database, current_user::text AS role, pg_is_in_recovery() AS standby,
                 current_setting('transaction_read_only')::boolean AS read_only,
                 coalesce(pg_get_userbyid(n.nspowner)::text, '') AS owner,
                 CASE WHEN h.oid IS NULL THEN coalesce(
                   (SELECT min(c.relname::text) FROM pg_class c WHERE c.relnamespace = n.oid),
                   (SELECT min(p.proname::text) FROM pg_proc p WHERE p.pronamespace = n.oid),
                   (SELECT min(t.typname::text) FROM pg_type t WHERE t.typnamespace = n.oid), '') ELSE '' END AS stranger,
                 h.oid IS NOT NULL AS history,
                 coalesce(has_schema_privilege(n.oid, 'USAGE'), true) AS usable,
                 coalesce(has_schema_privilege(n.oid, 'CREATE'),
                          has_database_privilege(current_database(), 'CREATE')) AS creatable,
                 coalesce(has_table_privilege(h.oid, 'SELECT'), true) AS readable
            FROM (SELECT) one
            LEFT JOIN pg_namespace n ON n.nspname = 'trunkline'
            LEFT JOIN pg_class h ON h.relnamespace = n.oid AND h.relname = 'flyway_schema_history'
          """,
          DATABASE,
          ROLE,
          STANDBY,
          READ_ONLY,
          OWNER,
          STRANGER,
          HISTORY,
          USABLE,
          CREATABLE,
          READABLE);

  private static final Field<Boolean> OURS = column("ours", BOOLEAN);
  private static final Field<String> UNFINISHED = column("unfinished", CLOB);

  private static final SqlText HISTORY_READ =
      SqlText.of(
          """
          -- flyway_schema_history.found: an application that migrates has a history of its own
          SELECT count(*) = 0 OR coalesce(bool_or(script = 'V001__tables.sql'), false) AS ours,
                 coalesce(min(script) FILTER (WHERE NOT success), '') AS unfinished
            FROM trunkline.flyway_schema_history WHERE version IS NOT NULL
          """,
          OURS,
          UNFINISHED);

  /// Looks.
  ///
  /// @param migrates whether the role has to be one that may migrate
  /// @throws MigrationNeeded when it is not ours, or cannot be worked with: what was found, and
  ///   what to do
  static SchemaFound require(Connections connections, boolean migrates) {
    try (var line = line(connections)) {
      return require(line, migrates);
    }
  }

  /// A connection to look around with.
  static DirectConnection line(Connections connections) {
    return new DirectConnection(connections, "trunkline-migrate", ANSWER_MAX);
  }

  /// The same on a connection that goes on.
  static SchemaFound require(DirectConnection line, boolean migrates) {
    var found = line.run(sql -> sql.text(READ).single(SchemaFound::of));
    found.fault().ifPresent(SchemaFound::refuse);
    if (migrates) {
      found.lacking().ifPresent(SchemaFound::refuse);
    }
    if (!found.usable() || !found.readable()) {
      line.run(Rights::lacking).ifPresent(SchemaFound::refuse);
    }
    if (found.history()) {
      line.run(sql ->
              sql.text(HISTORY_READ).single(row -> found.fault(row.get(OURS), row.get(UNFINISHED))))
          .ifPresent(SchemaFound::refuse);
    }
    return found;
  }

  private static final Field<String> THING = column("thing", CLOB);

  /// A relation is altered by its owner alone, whatever is granted.
  private static final SqlText OTHERS_READ =
      SqlText.of(
          """
          -- pg_class.others: what in the schema is not the role's, which a migration may have to alter
          SELECT current_user::text AS role, format('%s %s', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
                   format('trunkline.%I', c.relname)) AS thing, pg_get_userbyid(c.relowner)::text AS owner
            FROM pg_class c
           WHERE c.relnamespace = to_regnamespace('trunkline') AND c.relkind IN ('r', 'p', 'v', 'S')
             AND NOT pg_has_role(c.relowner, 'USAGE')
           ORDER BY c.relkind DESC, c.relname LIMIT 1
          """,
          ROLE, THING, OWNER);

  /// Which role may migrate, when one was refused.
  static String owners(Connections connections) {
    try (var line = line(connections)) {
      return line.run(sql ->
          sql.text(OTHERS_READ)
              .optional(row ->
                  "run ./trunkline migrate --database-user %1$s, or give %3$s what is %1$s's: as %1$s ALTER %2$s OWNER TO \"%3$s\", and so on"
                      .formatted(row.get(OWNER), row.get(THING), row.get(ROLE)))
              .orElse("migrate as the role that owns the schema (--database-user)"));
    }
  }

  private static void refuse(String fault) {
    throw new MigrationNeeded(fault + UNCHANGED);
  }

  private static SchemaFound of(Record row) {
    return new SchemaFound(
        row.get(DATABASE),
        row.get(ROLE),
        row.get(STANDBY),
        row.get(READ_ONLY),
        row.get(OWNER),
        row.get(STRANGER),
        row.get(HISTORY),
        row.get(USABLE),
        row.get(CREATABLE),
        row.get(READABLE));
  }

  /// Why nothing can be done here, whoever asks.
  Optional<String> fault() {
    if (standby) {
      return Optional.of(
          "the server of database %s is in recovery: it is a standby, or restores a backup; connect to the primary (--database-url), or wait until it is promoted"
              .formatted(database));
    }
    if (readOnly) {
      return Optional.of(
          "database %s is read-only for %s (default_transaction_read_only is on); set it to off for the role and the database"
              .formatted(database, role));
    }
    if (!stranger.isEmpty()) {
      return Optional.of(somebodyElses("it has '" + stranger + "' and no history of migrations"));
    }
    return Optional.empty();
  }

  private Optional<String> fault(boolean ours, String unfinished) {
    if (!ours) {
      return Optional.of(somebodyElses("its history of migrations is another application's"));
    }
    return unfinished.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ("the migration %1$s was begun and did not finish; as %2$s undo by hand what it did, then DELETE FROM"
                    + " trunkline.flyway_schema_history WHERE script = '%1$s' AND NOT success, and run ./trunkline migrate again")
                .formatted(unfinished, owner));
  }

  private String somebodyElses(String evidence) {
    return ("the schema trunkline of database %s, owned by %s, is somebody else's: %s; no option chooses another schema, so give Trunkline"
            + " a database of its own (--database-url), or rename the schema: ALTER SCHEMA trunkline RENAME TO …")
        .formatted(database, owner, evidence);
  }

  /// What a role lacks that is to migrate; empty when it may.
  private Optional<String> lacking() {
    if (creatable) {
      return Optional.empty();
    }
    return Optional.of(
        owner.isEmpty()
            ? "role %1$s may not create the schema trunkline; as the owner of database %2$s run db/role/owner.sql and migrate as trunkline_owner, or: GRANT CREATE ON DATABASE \"%2$s\" TO \"%1$s\""
                .formatted(role, database)
            : "role %s may not migrate the schema trunkline, which is %s's; run ./trunkline migrate --database-user %s"
                .formatted(role, owner, owner));
  }
}
