package trunkline.store;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;

/// The schema's versions: `db/migration` compared with the database.
///
/// Several instances may migrate at once; Flyway's lock in the database lets one work and the
/// others find it done. A schema newer than this release is fine: migrations are rolling.
///
/// **A migration never stands in anybody's way.** What alters a table waits for its readers (an
/// hour of `pg_dump`), and whoever comes after it would queue behind it. So it gives up sooner than
/// any statement of a running instance does, pauses, and is run again ([MigrationPatience]).
public final class Migrations {
  /// Below the `lock_timeout` of the instances (200 ms): what queues behind a migration waits, and
  /// does not fail.
  private static final String LOCKS_BRIEFLY = "SET lock_timeout = '100ms'";

  /// One attempt to be the one that migrates; how often to try is our patience's business.
  private static final int LOCK_RETRIES = 1;

  private static final String HOW =
      "run ./trunkline migrate with a role that may create tables (--database-user)";

  private static final Duration ANSWER_MAX = Duration.ofSeconds(10);

  private static final Field<Boolean> MAY_CREATE =
      SqlText.column("may_create", SQLDataType.BOOLEAN);

  private static final SqlText MAY_MIGRATE =
      SqlText.of(
          """
          -- pg_namespace.may_create: without the schema the database's own right decides
          SELECT CASE
                   WHEN to_regnamespace('trunkline') IS NULL
                   THEN has_database_privilege(current_database(), 'CREATE')
                   ELSE has_schema_privilege('trunkline', 'CREATE')
                 END AS may_create
          """,
          MAY_CREATE);

  private final Connections connections;
  private final MigrationPatience patience;
  private final String[] locations;

  /// Waits for locks without a limit, and without a word.
  public Migrations(Connections connections) {
    this(connections, MigrationPatience.endless(_ -> {}));
  }

  public Migrations(Connections connections, MigrationPatience patience) {
    this(connections, patience, "classpath:db/migration");
  }

  Migrations(Connections connections, MigrationPatience patience, String... locations) {
    this.connections = connections;
    this.patience = patience;
    this.locations = locations;
  }

  /// Migrates the schema where the role may, else only checks it.
  ///
  /// @return how many migrations ran
  public int migrateOrValidate() {
    if (mayMigrate()) {
      return migrate();
    }
    validate();
    return 0;
  }

  /// Brings the schema up to date.
  ///
  /// @return how many migrations ran
  public int migrate() {
    try {
      var ran = new AtomicInteger();
      patience.call(connections, () -> ran.addAndGet(attempt(ran)));
      return ran.get();
    } catch (FlywayException e) {
      throw new MigrationNeeded("the database schema cannot be migrated: " + oneLine(e));
    }
  }

  /// What ran before one met a lock is done: each migration is a transaction of its own.
  private int attempt(AtomicInteger ran) {
    try {
      return flyway().migrate().migrationsExecuted;
    } catch (FlywayMigrateException e) {
      ran.addAndGet(e.getErrorResult().getSuccessfulMigrations().size());
      throw e;
    }
  }

  /// Checks that every migration of this release has run, unchanged.
  ///
  /// @throws MigrationNeeded when not; the message names the versions and the command
  public void validate() {
    try {
      var pending = patience.call(connections, () -> flyway().info().pending());
      if (pending.length > 0) {
        throw new MigrationNeeded(
            "the database schema lacks "
                + Arrays.stream(pending).map(Migrations::named).collect(Collectors.joining(", "))
                + ": "
                + HOW);
      }
      var invalid =
          patience.call(connections, () -> flyway().validateWithResult().invalidMigrations);
      if (!invalid.isEmpty()) {
        throw new MigrationNeeded(
            "the database schema is not the one of this release: "
                + invalid.stream().map(Migrations::named).collect(Collectors.joining("; ")));
      }
    } catch (FlywayException e) {
      throw new MigrationNeeded("the database schema cannot be checked: " + oneLine(e));
    }
  }

  private boolean mayMigrate() {
    try (var line = new DirectConnection(connections, "trunkline-migrate", ANSWER_MAX)) {
      return line.run(sql -> sql.text(MAY_MIGRATE).single(row -> row.get(MAY_CREATE)));
    }
  }

  private Flyway flyway() {
    return Flyway.configure()
        .dataSource(connections.migration())
        .initSql(LOCKS_BRIEFLY)
        .lockRetryCount(LOCK_RETRIES)
        .schemas("trunkline")
        .locations(locations)
        .load();
  }

  private static String named(MigrationInfo migration) {
    return migration.getVersion() + " (" + migration.getDescription() + ")";
  }

  private static String named(ValidateOutput migration) {
    var error = migration.errorDetails == null ? "invalid" : migration.errorDetails.errorMessage;
    return migration.version + ": " + error.lines().findFirst().orElse("invalid");
  }

  private static String oneLine(FlywayException e) {
    return String.valueOf(e.getMessage()).strip().replaceAll("\\s*\\R\\s*", " | ");
  }
}
