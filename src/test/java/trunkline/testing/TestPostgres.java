package trunkline.testing;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Deque;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import trunkline.embedded.EmbeddedPostgres;

/// The PostgreSQL server of this JVM's tests, found or started once: the one that
/// `TRUNKLINE_TEST_DATABASE_URL` names, else a container when a Docker engine answers, else the
/// embedded one. It runs without fsync where it is ours: tests crash processes, not machines.
record TestPostgres(String url, String user, String password) {
  private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/]+/)([^?]*)(\\?.*)?");

  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "off",
          "full_page_writes", "off",
          "max_connections", "300",
          "shared_buffers", "64MB",
          "shared_preload_libraries", preloaded(),
          "pg_stat_statements.track_planning", "on");

  /// The work left for the end of the JVM, the latest first.
  private static final Deque<Runnable> AT_EXIT = new ConcurrentLinkedDeque<>();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform().unstarted(() -> AT_EXIT.reversed().forEach(Runnable::run)));
  }

  /// A measure of what recurs asks the server for its account of statements.
  private static String preloaded() {
    return System.getProperty("trunkline.rest.seconds") == null ? "" : "pg_stat_statements";
  }

  static TestPostgres shared() {
    return Shared.SERVER;
  }

  /// The name of the migrated database from which the tests' own are cloned.
  static String migrated() {
    return Template.NAME;
  }

  String url(String database) {
    var parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new IllegalArgumentException("not a PostgreSQL JDBC URL: " + url);
    }
    return parts.group(1) + database + (parts.group(3) == null ? "" : parts.group(3));
  }

  Properties credentials() {
    var properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    return properties;
  }

  /// Runs one statement in the server's maintenance database.
  TestDatabase.Answer administer(String statement, @Nullable Object... arguments) {
    try (var connection = DriverManager.getConnection(url, credentials())) {
      return TestDatabase.run(connection, statement, arguments);
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage() + "\nin: " + statement, e);
    }
  }

  private static TestPostgres find() {
    var url = System.getenv("TRUNKLINE_TEST_DATABASE_URL");
    if (url != null && !url.isBlank()) {
      return announced("TRUNKLINE_TEST_DATABASE_URL", named(url));
    }
    if (DockerClientFactory.instance().isDockerAvailable()) {
      return announced("Testcontainers postgres:18", container());
    }
    return announced("the embedded one", embedded());
  }

  private static TestPostgres named(String url) {
    var properties = org.postgresql.Driver.parseURL(url, new Properties());
    if (properties == null) {
      throw new IllegalArgumentException("not a PostgreSQL JDBC URL: " + url);
    }
    return new TestPostgres(
        url, properties.getProperty("user", "postgres"), properties.getProperty("password", ""));
  }

  @SuppressWarnings("resource") // lives as long as the JVM; Testcontainers removes it
  private static TestPostgres container() {
    var container =
        new PostgreSQLContainer("postgres:18")
            .withCommand(
                Stream.concat(
                        Stream.of("postgres"),
                        SETTINGS.entrySet().stream()
                            .flatMap(s -> Stream.of("-c", s.getKey() + "=" + s.getValue())))
                    .toArray(String[]::new));
    container.start();
    return new TestPostgres(
        container.getJdbcUrl(), container.getUsername(), container.getPassword());
  }

  /// In a folder of the build, so that a run that was killed is joined by the next one; another
  /// version has one of its own.
  private static TestPostgres embedded() {
    var version = System.getProperty("postgres-binaries.version");
    var folder = version == null ? "test-postgres" : "test-postgres-" + version;
    var joined = EmbeddedPostgres.join(Path.of("target", folder), SETTINGS);
    AT_EXIT.add(joined::close);
    return new TestPostgres(joined.jdbcUrl(joined.database()), joined.user(), joined.password());
  }

  private static TestPostgres announced(String origin, TestPostgres server) {
    var version = server.administer("show server_version").text();
    System.out.println("Tests run on PostgreSQL " + version + ": " + origin);
    AT_EXIT.add(new TransactionWatch(server)::close);
    return server;
  }

  private static final class Shared {
    private static final TestPostgres SERVER = find();
  }

  private static final class Template {
    private static final String NAME = migrate();

    private static String migrate() {
      var server = shared();
      var name = "trunkline_template_" + ProcessHandle.current().pid();
      server.administer("drop database if exists " + name);
      server.administer("create database " + name);
      Flyway.configure()
          .dataSource(server.url(name), server.user(), server.password())
          .schemas("trunkline")
          .locations("classpath:trunkline/migration")
          .load()
          .migrate();
      new TestDatabase(server, name)
          .sql(
              "update trunkline.control set system_id = null, database_id = null"); // a clone is no
      // copy
      AT_EXIT.add(() -> server.administer("drop database if exists " + name));
      return name;
    }
  }
}
