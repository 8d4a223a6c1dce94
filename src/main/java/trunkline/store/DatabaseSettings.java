package trunkline.store;

import java.time.Duration;
import java.util.Objects;

/// The database's address and login, the same for every kind of connection.
///
/// Prints itself without what is secret in the URLs.
///
/// @param url JDBC URL of the pool, for instance
///   `jdbc:postgresql://db/trunkline?sslmode=verify-full`; may lead through PgBouncer in
///   transaction mode
/// @param directUrl JDBC URL of the connections that a transaction pooler cannot carry: LISTEN,
///   heartbeat and migration
/// @param user database role
/// @param password read anew for every connection, so that a rotated one is picked up
/// @param poolSize connections of the pool, at least 4
/// @param connectTimeout how long to wait for a new connection
/// @param socketTimeout silence after which a statement's outcome counts as unknown
public record DatabaseSettings(
    String url,
    String directUrl,
    String user,
    Password password,
    int poolSize,
    Duration connectTimeout,
    Duration socketTimeout) {

  private static final int POOL_SIZE_MIN = 4;

  public DatabaseSettings {
    Objects.requireNonNull(password);
    requireJdbc(url);
    requireJdbc(directUrl);
    if (poolSize < POOL_SIZE_MIN) {
      throw new IllegalArgumentException(
          "the database pool needs at least " + POOL_SIZE_MIN + " connections, not " + poolSize);
    }
  }

  /// The usual time-outs: 3 s to connect, 8 s of silence.
  public static DatabaseSettings of(
      String url, String directUrl, String user, Password password, int poolSize) {
    return new DatabaseSettings(
        url, directUrl, user, password, poolSize, Duration.ofSeconds(3), Duration.ofSeconds(8));
  }

  private static void requireJdbc(String url) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new IllegalArgumentException(
          "a database URL looks like jdbc:postgresql://host:5432/name, not "
              + PostgresUrl.masked(url));
    }
  }

  /// The direct URL as it may be printed.
  public String shownUrl() {
    return PostgresUrl.masked(directUrl);
  }

  @Override
  public String toString() {
    return "DatabaseSettings[%s, direct %s, as %s, %d connections]"
        .formatted(PostgresUrl.masked(url), shownUrl(), user, poolSize);
  }
}
