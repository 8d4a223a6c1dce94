package trunkline.schema;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.internal.exception.FlywayMigrateException;
import org.jspecify.annotations.Nullable;
import trunkline.store.Connections;
import trunkline.store.DirectConnection;
import trunkline.store.FailureKind;
import trunkline.store.Rights;
import trunkline.store.SqlFailures;

/// The schema's versions: `db/migration`, which stands in the jar as `trunkline/migration`,
/// compared with the database.
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

  /// pg_catalog, then pg_temp: nothing that others created in `public` is meant by an owner's name
  /// of a function. pg_catalog itself goes unnamed, because Flyway puts the schema in front.
  private static final String NO_STRANGERS = "SET search_path = pg_temp";

  /// One attempt to be the one that migrates; how often to try is our patience's business.
  private static final int LOCK_RETRIES = 1;

  private static final String HOW =
      "run ./trunkline migrate with a role that may create tables (--database-user)";

  /// Advice about the library's own commands and options, none of which we have.
  private static final Pattern FLYWAYS_WORDS =
      Pattern.compile(
          "(?i)\\b(baseline\\w*|repair|ignoreMigrationPatterns|flyway|validation rules)\\b");

  private static final String[] OURS = {MigrationFiles.LOCATION};

  private final Connections connections;
  private final MigrationPatience patience;
  private final String[] locations;

  /// Waits for locks without a limit, and without a word.
  public Migrations(Connections connections) {
    this(connections, MigrationPatience.endless(_ -> {}));
  }

  public Migrations(Connections connections, MigrationPatience patience) {
    this(connections, patience, OURS);
  }

  Migrations(Connections connections, MigrationPatience patience, String... locations) {
    this.connections = connections;
    this.patience = patience;
    this.locations = locations;
  }

  /// Migrates the schema where the role may, else only checks it: what an instance does before it
  /// serves.
  ///
  /// @return how many migrations ran
  ///
  /// @throws MigrationNeeded when it cannot be; the message says what was found and what to do
  /// @throws DatabaseUnavailable when the database serves nobody, or has no connection left
  /// @throws RightMissing when the role may not do what an instance does
  public int migrateOrValidate() {
    SchemaFound found;
    try (var line = SchemaFound.line(connections)) {
      found = SchemaFound.require(line, false);
      if (found.history() && isCurrent(line)) {
        Rights.require(line);
        return 0;
      }
    }
    var ran = 0;
    if (found.creatable()) {
      ran = migrateFound();
    } else {
      validateFound();
    }
    Rights.require(connections);
    return ran;
  }

  /// Only where there are no other migrations than ours to look for.
  private boolean isCurrent(DirectConnection line) {
    return Arrays.equals(locations, OURS)
        && line.run(sql -> CurrentSchema.isOne(sql, MigrationFiles.known()));
  }

  /// Brings the schema up to date.
  ///
  /// @return how many migrations ran
  ///
  /// @throws MigrationNeeded when it cannot be; the message says what was found and what to do
  public int migrate() {
    var _ = SchemaFound.require(connections, true);
    return migrateFound();
  }

  private int migrateFound() {
    try {
      var ran = new AtomicInteger();
      patience.call(connections, () -> ran.addAndGet(attempt(ran)));
      return ran.get();
    } catch (FlywayException e) {
      throw failed("migrated", e);
    }
  }

  /// What ran before one met a lock is done: each migration is a transaction of its own.
  private int attempt(AtomicInteger ran) {
    try {
      return FlywayLog.silent(flyway(), Flyway::migrate).migrationsExecuted;
    } catch (FlywayMigrateException e) {
      ran.addAndGet(e.getErrorResult().getSuccessfulMigrations().size());
      throw e;
    }
  }

  /// Checks that every migration of this release has run, unchanged.
  ///
  /// @throws MigrationNeeded when not; the message names the versions and the command
  public void validate() {
    var _ = SchemaFound.require(connections, false);
    validateFound();
  }

  /// What [#migrate] would do. Nothing is run.
  ///
  /// @throws MigrationNeeded when the schema cannot be worked with
  public MigrationPlan plan() {
    var found = SchemaFound.require(connections, false);
    try {
      var info = patience.call(connections, this::info);
      return MigrationPlan.of(found.database(), found.history(), info);
    } catch (FlywayException e) {
      throw failed("checked", e);
    }
  }

  private void validateFound() {
    try {
      var pending = patience.call(connections, () -> info().pending());
      if (pending.length > 0) {
        throw new MigrationNeeded(
            "the database schema lacks "
                + Arrays.stream(pending).map(Migrations::named).collect(Collectors.joining(", "))
                + ": "
                + HOW);
      }
      var invalid =
          patience.call(
              connections,
              () -> FlywayLog.silent(flyway(), Flyway::validateWithResult).invalidMigrations);
      if (!invalid.isEmpty()) {
        throw new MigrationNeeded(
            "the database schema is not the one of this release: "
                + invalid.stream().map(Migrations::named).collect(Collectors.joining("; ")));
      }
    } catch (FlywayException e) {
      throw failed("checked", e);
    }
  }

  private MigrationInfoService info() {
    return FlywayLog.silent(flyway(), Flyway::info);
  }

  private Flyway flyway() {
    return Flyway.configure(MigrationFiles.classPath())
        .dataSource(connections.migration())
        .initSql(LOCKS_BRIEFLY + "; " + NO_STRANGERS)
        .lockRetryCount(LOCK_RETRIES)
        .schemas("trunkline")
        .defaultSchema("trunkline")
        .locations(locations)
        .failOnMissingLocations(true)
        .skipDefaultCallbacks(true)
        .load();
  }

  private static String named(MigrationInfo migration) {
    return migration.getVersion() + " (" + migration.getDescription() + ")";
  }

  private static String named(ValidateOutput migration) {
    var error = migration.errorDetails == null ? "invalid" : migration.errorDetails.errorMessage;
    return migration.version + ": " + error.lines().findFirst().orElse("invalid");
  }

  /// A database that serves nobody now, or has no connection left, says nothing of the schema.
  private RuntimeException failed(String what, FlywayException failure) {
    var refused = refusal(failure);
    return refused != null && FailureKind.of(refused) == FailureKind.AWAY
        ? SqlFailures.translated("the schema is being " + what, refused)
        : new MigrationNeeded(
            "the database schema cannot be " + what + ": " + why(failure), failure);
  }

  private static @Nullable SQLException refusal(FlywayException failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException refused) {
        return refused;
      }
    }
    return null;
  }

  /// The server's words where they are the reason; a migration that failed was rolled back.
  private String why(FlywayException failure) {
    var refused = refusal(failure);
    if (refused != null) {
      return SqlFailures.sentence(refused)
          + " (SQLSTATE "
          + refused.getSQLState()
          + ")"
          + (SqlFailures.DENIED.equals(refused.getSQLState())
              ? ": " + SchemaFound.owners(connections)
              : "")
          + "; what failed was rolled back, the migrations before it stay";
    }
    return String.valueOf(failure.getMessage())
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !FLYWAYS_WORDS.matcher(line).find())
        .collect(Collectors.joining(" | "));
  }
}
