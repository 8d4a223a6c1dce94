package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.embedded.EmbeddedPostgres;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: who starts an instance or a migration on a database that cannot be worked with reads one
/// line: what was found and what to do. Method: each such database, through the command line.
class FoundDatabaseTest {
  private static final String APP = "trunkline_app";

  /// @param made the statements that make it; `me` is the role that serves
  /// @param serve what `serve` says
  /// @param migrate what `migrate` says
  record Found(
      String name, boolean migrated, List<String> made, List<String> serve, List<String> migrate) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Ran(int code, String out, String err) {}

  private static Stream<Found> found() {
    return Stream.of(
        both(
            "somebody else's schema",
            false,
            List.of("create schema trunkline", "create table trunkline.trains (id int)"),
            List.of("somebody else's", "'trains'", "--database-url")),
        both(
            "a migration that is half done",
            true,
            List.of(
                "update trunkline.flyway_schema_history set success = false where version = '058'",
                "grant all on schema trunkline to me"),
            List.of("V058__slots_that_exist.sql", "did not finish", "migrate again")),
        both(
            "a role that may not write",
            true,
            List.of("alter role me set default_transaction_read_only = on"),
            List.of("standby", "read-only", "default_transaction_read_only", "--database-url")),
        new Found(
            "missing rights",
            true,
            List.of(
                "revoke insert on trunkline.tasks from me",
                "revoke usage on sequence trunkline.event_seq from me"),
            List.of(
                "db/role/app.sql",
                "GRANT USAGE ON SEQUENCE trunkline.event_seq TO",
                "GRANT INSERT ON trunkline.tasks TO"),
            List.of("may not migrate the schema trunkline", "--database-user")),
        new Found(
            "no schema, and no right to create one",
            false,
            List.of(),
            List.of("001 (tables)", "./trunkline migrate"),
            List.of("GRANT CREATE ON DATABASE", "db/role/owner.sql")));
  }

  private static Found both(String name, boolean migrated, List<String> made, List<String> said) {
    return new Found(name, migrated, made, said, said);
  }

  @ParameterizedTest
  @MethodSource("found")
  void it_is_one_line_with_what_to_do(Found found) {
    try (var db = found.migrated() ? TestDatabase.create() : TestDatabase.createEmpty();
        var roles = new TestRoles(db)) {
      if (found.migrated()) {
        roles.applyNeeds();
      } else {
        db.sql("create role " + roles.name(APP) + " login password '" + roles.password() + "'");
      }
      found.made().forEach(made -> db.sql(made.replaceAll("\\bme\\b", roles.name(APP))));
      var before = objects(db);

      for (var command : List.of("serve", "migrate")) {
        var said = command.equals("serve") ? found.serve() : found.migrate();
        requireSaid(run(command, db.url(), roles.name(APP), roles.password()), said);
      }
      assertThat(objects(db)).isEqualTo(before);
    }
  }

  @Test
  void a_standby_is_one_line_with_what_to_do() throws IOException {
    // JUnit's @TempDir is closed to the account that runs PostgreSQL when the tests run as root.
    var folder = Files.createTempDirectory("trunkline-standby");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    EmbeddedPostgres.join(folder, Map.of("fsync", "off")).close();
    Files.createFile(folder.resolve("data/standby.signal"));

    try (var standby = EmbeddedPostgres.join(folder, Map.of("fsync", "off"))) {
      var password = Files.readString(standby.passwordFile()).strip();
      for (var command : List.of("serve", "migrate")) {
        requireSaid(
            run(command, standby.jdbcUrl(standby.database()), standby.user(), password),
            List.of("standby", "recovery", "connect to the primary", "--database-url"));
      }
    } finally {
      EmbeddedPostgres.stop(folder);
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void requireSaid(Ran ran, List<String> said) {
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err())
        .hasLineCount(1)
        .startsWith("trunkline: ")
        .contains(said)
        .doesNotContain("Exception", "\tat ", "flyway.", "unexpected failure");
  }

  private static List<String> objects(TestDatabase db) {
    return db.sql(
            """
            select oid::text || relname || coalesce(relacl::text, '') from pg_class
             where relnamespace = to_regnamespace('trunkline') order by oid
            """)
        .column();
  }

  private static Ran run(String command, String url, String user, String password) {
    var line =
        new ArrayList<>(
            Arrays.asList(
                command,
                "--database-url",
                url,
                "--database-user",
                user,
                "--database-password",
                password));
    if (command.equals("serve")) {
      line.addAll(List.of("--port", "0"));
    }
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var code =
        Main.run(
            line,
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
