package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.embedded.EmbeddedPostgres;
import trunkline.schema.Migrations;
import trunkline.testing.TestAuthority;

/// Goal: what a URL says about TLS and login holds for the pool, the LISTEN connection and Flyway
/// alike. Method: a PostgreSQL that lets nobody in without TLS and SCRAM, its certificate signed by
/// an authority of our own.
class ConnectionSecurityTest {
  private static final String ENCRYPTED =
      "select ssl from pg_stat_ssl where pid = pg_backend_pid()";

  private static final Field<Boolean> SSL = SqlText.column("ssl", SQLDataType.BOOLEAN);

  @TempDir private static Path files;
  @TempDir private static Path folder;
  private static EmbeddedPostgres server;
  private static TestAuthority authority;
  private static TestAuthority stranger;

  @BeforeAll
  static void start() throws IOException {
    authority = TestAuthority.create(Files.createDirectory(files.resolve("ours")));
    stranger = TestAuthority.create(Files.createDirectory(files.resolve("theirs")));
    // the server may run as a user of its own
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (var fresh = EmbeddedPostgres.join(folder, Map.of("fsync", "off"))) {
      put(fresh.dataFolder(), authority.serverCertificate(), "server.crt");
      put(fresh.dataFolder(), authority.serverKey(), "server.key");
      Files.writeString(
          fresh.dataFolder().resolve("pg_hba.conf"),
          "hostssl all all 127.0.0.1/32 scram-sha-256\n");
    }
    server = EmbeddedPostgres.join(folder, Map.of("fsync", "off", "ssl", "on"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void pool_listener_and_migration_are_encrypted_and_know_the_server() throws SQLException {
    var connections = connections(verifying(authority), server.password());

    try (var database = new Database(connections, "tls-test")) {
      boolean encrypted = database.run(ConnectionSecurityTest::isPoolEncrypted);
      assertThat(encrypted).isTrue();
    }
    try (var listener = connections.direct("tls-test-listen");
        var statement = listener.createStatement()) {
      statement.execute("LISTEN something");
      assertThat(isEncrypted(listener)).isTrue();
    }
    try (var migrating = connections.migration().getConnection()) {
      assertThat(isEncrypted(migrating)).isTrue();
    }
    assertThat(new Migrations(connections).migrateOrValidate()).isPositive();
  }

  @Test
  void without_tls_nobody_gets_in() {
    assertAllRefused(connections("?sslmode=disable", server.password()), "no pg_hba.conf entry");
  }

  @Test
  void a_server_that_a_stranger_vouches_for_is_not_trusted() {
    assertAllRefused(connections(verifying(stranger), server.password()), "SSL error", "PKIX path");
  }

  @Test
  void a_wrong_password_opens_none_of_them() {
    assertAllRefused(connections(verifying(authority), "guess"), "password authentication failed");
  }

  @Test
  void a_new_password_in_the_file_is_used_by_the_next_connection() throws Exception {
    var file = Files.writeString(files.resolve("password"), "not yet\n");
    var connections =
        new Connections(
            DatabaseSettings.of(
                url(verifying(authority)),
                url(verifying(authority)),
                server.user(),
                new Password.FromFile(file),
                10));
    assertThatThrownBy(() -> connections.direct("tls-test")).isInstanceOf(SQLException.class);

    Files.writeString(file, server.password() + "\n");

    connections.direct("tls-test").close();
  }

  private static void assertAllRefused(Connections connections, String... reason) {
    assertRefused(() -> connections.direct("tls-test").close(), reason);
    assertRefused(() -> connections.migration().getConnection().close(), reason);
    assertRefused(() -> new Migrations(connections).migrate(), reason);
    try (var database = new Database(connections, "tls-test")) {
      assertThatThrownBy(() -> database.run(ConnectionSecurityTest::isPoolEncrypted))
          .isInstanceOf(DatabaseUnavailable.class)
          .hasMessageContainingAll(reason)
          .message()
          .doesNotContain("Exception", "not available, request timed out");
    }
  }

  private static void assertRefused(ThrowingCallable open, String... reason) {
    assertThatThrownBy(open)
        .isInstanceOf(Exception.class)
        .satisfies(failure -> assertThat(ConnectionReason.of(failure)).contains(reason));
  }

  private static boolean isEncrypted(Connection connection) throws SQLException {
    try (var statement = connection.createStatement();
        var result = statement.executeQuery(ENCRYPTED)) {
      return result.next() && result.getBoolean(1);
    }
  }

  private static boolean isPoolEncrypted(Sql sql) {
    return sql.text(SqlText.of(ENCRYPTED, SSL)).single(row -> row.get(SSL));
  }

  private static Connections connections(String parameters, String password) {
    return new Connections(
        DatabaseSettings.of(
            url(parameters), url(parameters), server.user(), new Password.Literal(password), 10));
  }

  private static String url(String parameters) {
    return server.jdbcUrl(server.database()) + parameters;
  }

  private static String verifying(TestAuthority trusted) {
    return "?sslmode=verify-full&sslrootcert=" + trusted.certificate();
  }

  /// PostgreSQL reads a key only if it belongs to its own account and nobody else may read it.
  private static void put(Path data, Path file, String name) throws IOException {
    var target = Files.copy(file, data.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rw-------"));
    if (!Files.getOwner(target).equals(Files.getOwner(data))) {
      Files.setOwner(target, Files.getOwner(data));
    }
  }
}
