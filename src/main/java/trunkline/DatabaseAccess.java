package trunkline;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.config.DatabaseChoice;
import trunkline.embedded.EmbeddedPostgres;
import trunkline.schema.MigrationPatience;
import trunkline.schema.Migrations;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.Password;
import trunkline.telemetry.EventLogger;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The chosen database: joined if embedded, else asked for its version.
public final class DatabaseAccess implements AutoCloseable {
  private static final int VERSION_MIN = 15;

  /// A start that waits longer for a table fails, so that whoever supervises it notices.
  private static final Duration MIGRATION_MAX = Duration.ofMinutes(5);

  private final Connections connections;
  private final String version;
  private final @Nullable EmbeddedPostgres embedded;

  private DatabaseAccess(
      Connections connections, String version, @Nullable EmbeddedPostgres embedded) {
    this.connections = connections;
    this.version = version;
    this.embedded = embedded;
  }

  /// Reaches the database, and waits for one that is slow or starts up.
  ///
  /// @throws DatabaseUnavailable when it cannot be reached, or is too old
  public static DatabaseAccess open(DatabaseChoice choice) {
    return open(choice, FirstContact.PATIENT);
  }

  private static DatabaseAccess open(DatabaseChoice choice, FirstContact contact) {
    return switch (choice) {
      case DatabaseChoice.External(var settings) -> reach(new Connections(settings), null, contact);
      case DatabaseChoice.Embedded(var folder, var poolSize) -> {
        var embedded = EmbeddedPostgres.join(folder);
        try {
          yield reach(new Connections(settings(embedded, poolSize)), embedded, contact);
        } catch (RuntimeException e) {
          embedded.close();
          throw e;
        }
      }
    };
  }

  /// Reaches the database of a program's own `DataSource`.
  ///
  /// @throws DatabaseUnavailable when it cannot be reached, is too old or none of PostgreSQL
  static DatabaseAccess lent(Embedding.Database lent, int poolSize) {
    try {
      return reach(
          Connections.lent(lent.pool(), lent.direct(), poolSize), null, FirstContact.PATIENT);
    } catch (SQLException e) {
      throw DatabaseUnavailable.unreached("cannot use the program's DataSource", e);
    }
  }

  /// Reaches the database, and makes none where there is none.
  ///
  /// @throws DatabaseUnavailable when it cannot be reached, is too old or was never made
  public static DatabaseAccess openExisting(DatabaseChoice choice) {
    if (choice instanceof DatabaseChoice.Embedded(var folder, _)
        && !Files.exists(folder.resolve("data"))) {
      throw new DatabaseUnavailable(
          "there is no embedded PostgreSQL in " + folder + " yet: ./trunkline serve makes one");
    }
    return open(choice, FirstContact.AT_ONCE);
  }

  public Connections connections() {
    return connections;
  }

  /// Brings the schema up to date where the role may, else checks it; what it waits for is a
  /// warning.
  void migrate(EventSink observer) {
    var events = EventSink.fanOut(new EventLogger(), observer);
    var patience =
        new MigrationPatience(
            MIGRATION_MAX, wait -> events.emit(new ServerEvent.DatabaseDoubtful(wait)));
    new Migrations(connections, patience).migrateOrValidate();
  }

  /// The server's version, such as `18.6`.
  public String version() {
    return version;
  }

  /// The file of the password, when Trunkline made it.
  public Optional<Path> passwordFile() {
    return Optional.ofNullable(embedded).map(EmbeddedPostgres::passwordFile);
  }

  /// Leaves the embedded server; an external one keeps running.
  @Override
  public void close() {
    if (embedded != null) {
      embedded.close();
    }
  }

  private static DatabaseSettings settings(EmbeddedPostgres embedded, int poolSize) {
    var url = embedded.jdbcUrl(embedded.database());
    return DatabaseSettings.of(
        url, url, embedded.user(), new Password.FromFile(embedded.passwordFile()), poolSize);
  }

  private static DatabaseAccess reach(
      Connections connections, @Nullable EmbeddedPostgres embedded, FirstContact contact) {
    var settings = connections.settings();
    try (var connection = contact.with(connections)) {
      var server = connection.getMetaData();
      var version = server.getDatabaseProductVersion().split(" ", 2)[0];
      if (server.getDatabaseMajorVersion() < VERSION_MIN) {
        throw new DatabaseUnavailable(
            "PostgreSQL " + version + " is too old: " + VERSION_MIN + " or newer is needed");
      }
      return new DatabaseAccess(connections, version, embedded);
    } catch (SQLException e) {
      throw DatabaseUnavailable.unreached(
          "cannot use the database " + settings.shownUrl() + " as " + settings.user(), e);
    }
  }
}
