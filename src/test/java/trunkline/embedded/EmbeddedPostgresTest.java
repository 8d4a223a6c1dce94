package trunkline.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.store.DatabaseUnavailable;

class EmbeddedPostgresTest {
  private static final Map<String, String> QUICK = Map.of("fsync", "off");

  private final List<Process> processes = new ArrayList<>();
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    // JUnit's @TempDir is closed to the account that runs PostgreSQL when the tests run as root.
    folder = Files.createTempDirectory("trunkline-embedded");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @AfterEach
  void removeFolder() throws IOException, InterruptedException {
    for (var process : processes) {
      process.destroyForcibly().waitFor();
    }
    EmbeddedPostgres.stop(folder);
    Folders.delete(folder);
  }

  @Test
  void the_last_one_to_leave_stops_the_server() throws SQLException {
    var first = EmbeddedPostgres.join(folder, QUICK);
    var second = EmbeddedPostgres.join(folder);
    assertThat(second.port()).isEqualTo(first.port());

    first.close();
    first.close();
    assertThat(ask(second, "SHOW server_version")).startsWith("18.");

    second.close();
    assertThatThrownBy(() -> ask(second, "SELECT 1")).isInstanceOf(SQLException.class);
  }

  @Test
  void a_restarted_server_has_its_data_port_and_password() throws SQLException {
    int port;
    try (var server = EmbeddedPostgres.join(folder, QUICK)) {
      port = server.port();
      ask(server, "CREATE TABLE kept AS SELECT 42 AS answer; SELECT 1");
    }

    try (var server = EmbeddedPostgres.join(folder, QUICK)) {
      assertThat(ask(server, "SELECT answer FROM kept")).isEqualTo("42");
      assertThat(server.port()).isEqualTo(port);
    }
  }

  @Test
  void settings_encoding_locale_and_login_are_as_asked() throws SQLException {
    var settings = Map.of("fsync", "off", "application_name", "it's ours");

    try (var server = EmbeddedPostgres.join(folder, settings)) {
      assertThat(ask(server, "SHOW fsync")).isEqualTo("off");
      assertThat(ask(server, "SELECT boot_val || reset_val FROM pg_settings WHERE name = 'port'"))
          .endsWith(Integer.toString(server.port()));
      assertThat(ask(server, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(ask(server, "SHOW server_encoding")).isEqualTo("UTF8");
      assertThat(ask(server, "SELECT datcollate FROM pg_database WHERE datname = 'trunkline'"))
          .isEqualTo("C");
      assertThat(ask(server, "SELECT rolpassword FROM pg_authid WHERE rolname = 'trunkline'"))
          .startsWith("SCRAM-SHA-256$");
      assertThatThrownBy(
              () -> DriverManager.getConnection(server.jdbcUrl("trunkline"), "trunkline", "guess"))
          .hasMessageContaining("password authentication failed");
    }
  }

  @Test
  void many_may_join_at_once_and_one_server_serves_them()
      throws InterruptedException, ExecutionException, IOException {
    var ports = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<EmbeddedPostgres>> joins =
          List.of(
              () -> EmbeddedPostgres.join(folder, QUICK),
              () -> EmbeddedPostgres.join(folder, QUICK));
      Future<Integer> elsewhere = threads.submit(() -> portOf(start()));
      for (var joined : threads.invokeAll(joins)) {
        ports.add(joined.get().port());
        joined.get().close();
      }
      ports.add(elsewhere.get());
    }

    assertThat(ports).hasSize(3).containsOnly(ports.getFirst());
  }

  @Test
  void a_process_that_leaves_in_peace_last_stops_the_server_it_did_not_start() throws Exception {
    var here = EmbeddedPostgres.join(folder, QUICK);
    var process = start();
    assertThat(portOf(process)).isEqualTo(here.port());

    here.close();
    assertThat(ask(here, "SELECT 1")).isEqualTo("1");

    process.getOutputStream().close();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> ask(here, "SELECT 1")).isInstanceOf(SQLException.class);
  }

  @Test
  void a_killed_process_leaves_a_server_that_is_joined_or_stopped() throws Exception {
    var process = start();
    var port = portOf(process);
    assertThatThrownBy(() -> EmbeddedPostgres.stop(folder))
        .isInstanceOf(DatabaseUnavailable.class)
        .hasMessageEndingWith(" " + process.pid());

    process.destroyForcibly().waitFor();

    try (var joined = EmbeddedPostgres.join(folder)) {
      assertThat(joined.port()).isEqualTo(port);
    }
    assertThat(EmbeddedPostgres.stop(folder)).as("the last one has stopped it").isFalse();

    var other = start();
    portOf(other);
    other.destroyForcibly().waitFor();
    assertThat(EmbeddedPostgres.stop(folder)).as("left behind").isTrue();
    assertThat(EmbeddedPostgres.stop(folder)).isFalse();
  }

  @Test
  void a_pid_file_of_somebody_else_does_not_stop_the_start() throws Exception {
    EmbeddedPostgres.join(folder, QUICK).close();
    var own = ProcessHandle.current().pid();
    var text = own + "\n" + folder.resolve("data") + "\n0\n1\n\n127.0.0.1\n0 0\nready\n";
    Files.writeString(folder.resolve("data").resolve("postmaster.pid"), text);

    try (var server = EmbeddedPostgres.join(folder, QUICK)) {
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    }
  }

  @Test
  void a_folder_that_nobody_else_can_reach_works_for_root_too_or_says_why_not()
      throws IOException, SQLException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));

    try (var server = EmbeddedPostgres.join(folder.resolve("deep"), QUICK)) {
      assertThat(ask(server, "SELECT 1")).isEqualTo("1");
    } catch (DatabaseUnavailable e) {
      // Root in a container that forbids user namespaces.
      assertThat(e).hasMessageContaining("choose a --data folder");
    }
  }

  private Process start() throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var process =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                JoiningProcess.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    processes.add(process);
    return process;
  }

  private static int portOf(Process process) throws IOException {
    return Integer.parseInt(firstLine(process.inputReader()));
  }

  private static String firstLine(BufferedReader reader) throws IOException {
    var line = reader.readLine();
    return line == null ? "" : line;
  }

  private static String ask(EmbeddedPostgres server, String query) throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                server.jdbcUrl(server.database()), server.user(), server.password());
        var statement = connection.createStatement()) {
      var rows = statement.execute(query);
      while (!rows) {
        rows = statement.getMoreResults();
      }
      try (var result = statement.getResultSet()) {
        return result.next() ? result.getString(1) : "";
      }
    }
  }
}
