package trunkline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.store.Password;

class ServerConfigTest {
  @TempDir private Path folder;

  @Test
  void without_a_word_it_is_an_embedded_database_and_a_loopback_listener() {
    var config = ServerConfig.of(Map.of());

    assertThat(config.listening().host()).isEqualTo("localhost");
    assertThat(config.listening().port()).isEqualTo(8080);
    assertThat(config.listening().allowedHosts()).containsExactly("localhost");
    assertThat(config.listening().bodyBytesMax()).isEqualTo(4 << 20);
    assertThat(config.database())
        .isEqualTo(new DatabaseChoice.Embedded(Path.of(".trunkline", "postgres"), 10));
    assertThat(config.features()).containsExactly("sample");
    assertThat(config.history())
        .isEqualTo(new ServerConfig.HistoryLimits(1000, Duration.ofHours(1)));
    assertThat(config.limits())
        .isEqualTo(
            new ServerConfig.Limits(
                50_000, 1_000, 256, 256, 3, 64, 10_000, 100, Duration.ofDays(1), 4 * 1024 * 1024));
    assertThat(config.lease()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void the_command_line_wins_over_the_environment_and_that_over_the_file() throws IOException {
    var file = Files.writeString(folder.resolve("own.properties"), "port=1\nlease=3s\nhost=f\n");
    var environment = Map.of("TRUNKLINE_PORT", "2", "TRUNKLINE_LEASE", "4s", "HOME", "/");

    var config =
        parse(environment, "--config", file.toString(), "--port=3", "--poll-only", "--data", "d");

    assertThat(config.listening().port()).isEqualTo(3);
    assertThat(config.lease()).isEqualTo(Duration.ofSeconds(4));
    assertThat(config.listening().host()).isEqualTo("f");
    assertThat(config.wakeUps().pollOnly()).isTrue();
  }

  @Test
  void an_unknown_name_is_refused_wherever_it_stands() throws IOException {
    var file = Files.writeString(folder.resolve("own.properties"), "databse-url=x\n");

    assertRefused(() -> parse(Map.of(), "--prot", "1"))
        .isEqualTo("unknown option --prot: did you mean --port?");
    assertRefused(() -> parse(Map.of("TRUNKLINE_LEESE", "1s")))
        .isEqualTo(
            "unknown option TRUNKLINE_LEESE in the environment: did you mean TRUNKLINE_LEASE?");
    assertRefused(() -> parse(Map.of(), "--config", file.toString()))
        .isEqualTo("unknown option databse-url in " + file + ": did you mean database-url?");
    assertRefused(() -> parse(Map.of(), "--something-else-entirely"))
        .isEqualTo("unknown option --something-else-entirely");
  }

  @Test
  void what_kubernetes_says_of_a_service_of_that_name_is_no_option() {
    var environment =
        Map.of(
            "TRUNKLINE_SERVICE_HOST", "10.0.0.1",
            "TRUNKLINE_PORT", "tcp://10.0.0.1:80",
            "TRUNKLINE_PORT_80_TCP_ADDR", "10.0.0.1");

    assertThat(parse(environment).listening().port()).isEqualTo(8080);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          port                     | 65536           | 'a number from 0 to 65535'
          port                     | http            | 'a number from 0 to 65535'
          lease                    | 10              | 'a duration from 1s to 1h'
          lease                    | 2h              | 'a duration from 1s to 1h'
          keep-alive               | 5min            | 'a duration from 100ms to 1h'
          body-bytes-max           | 4g              | 'a size from 1024 to 268435456 bytes'
          poll-only                | maybe           | 'true or false'
          log-level                | loud            | 'one of error, warn, info, debug, trace'
          advertise                | 10.0.0.1:80     | 'a URL such as'
          database-url             | postgres://x/y  | '''embedded'' or a URL'
          database-pool-size       | 3               | 'a number from 4 to 200'
          allowed-hosts            | https://a.org   | 'names such as mcp.example'
          allowed-hosts            | 'a.org,b c'     | 'names such as mcp.example'
          allowed-origins          | a.org           | 'origins such as https://app.example'
          trusted-proxies          | 10.0.0.0/33     | 'addresses or networks'
          trusted-proxies          | proxy.example   | 'addresses or networks'
          bearer-tokens-file       | /does/not/exist | 'a file that can be read'
          sessions-max             | 0               | 'a number from 1 to 10000000'
          principal-sessions-max   | 1000001         | 'a number from 1 to 1000000'
          session-calls-max        | 0               | 'a number from 1 to 100000'
          session-streams-max      | none            | 'a number from 1 to 100000'
          session-connections-max  | 1               | 'a number from 2 to 100'
          session-questions-max    | -1              | 'a number from 1 to 10000'
          calls-max                | 1e3             | 'a number from 1 to 1000000'
          session-tasks-max        | 0               | 'a number from 1 to 100000'
          task-ttl-max             | 31d             | 'a duration from 1s to 30d'
          message-bytes-max        | 4095            | 'a size from 4096 to 67108864 bytes'
          """)
  void a_wrong_value_is_refused_with_its_limits(String option, String value, String limits) {
    assertRefused(() -> ServerConfig.of(Map.of(option, value)))
        .startsWith(option + ": '" + value + "' is not ")
        .contains(limits);
  }

  @Test
  void options_that_contradict_each_other_are_refused() {
    assertRefused(() -> ServerConfig.of(Map.of("poll-only", "true", "require-notify", "true")))
        .contains("--poll-only and --require-notify");
    assertRefused(() -> ServerConfig.of(Map.of("trusted-principal-header", "X-User")))
        .contains("--trusted-proxies");
    assertRefused(() -> ServerConfig.of(Map.of("database-user", "me")))
        .isEqualTo("database-user needs a --database-url of a PostgreSQL of your own");
    assertRefused(() ->
            ServerConfig.of(
                Map.of(
                    "database-url", "jdbc:postgresql://db/x",
                    "database-password", "a",
                    "database-password-file", "b")))
        .contains("not both");
  }

  @Test
  void user_and_password_leave_the_url_and_the_rest_stays() {
    var config =
        ServerConfig.of(
            Map.of(
                "database-url",
                "jdbc:postgresql://db/x?user=u&sslmode=verify-full&password=p%2Bq",
                "database-direct-url",
                "jdbc:postgresql://direct/x?password=p"));

    var settings = ((DatabaseChoice.External) config.database()).settings();

    assertThat(settings.url()).isEqualTo("jdbc:postgresql://db/x?sslmode=verify-full");
    assertThat(settings.directUrl()).isEqualTo("jdbc:postgresql://direct/x");
    assertThat(settings.user()).isEqualTo("u");
    assertThat(settings.password().reveal()).isEqualTo("p+q");
    assertThat(config.toString()).doesNotContain("p+q", "p%2Bq");
  }

  @Test
  void a_password_file_is_read_anew_each_time() throws IOException {
    var file = Files.writeString(folder.resolve("password"), "first\n");
    var config =
        ServerConfig.of(
            Map.of(
                "database-url",
                "jdbc:postgresql://db/x",
                "database-password-file",
                file.toString()));

    Password password = ((DatabaseChoice.External) config.database()).settings().password();
    assertThat(password.reveal()).isEqualTo("first");
    Files.writeString(file, "second\n");
    assertThat(password.reveal()).isEqualTo("second");
  }

  @Test
  void hosts_follow_from_where_it_listens_and_what_it_advertises() {
    var listening =
        ServerConfig.of(Map.of("host", "fd00::5", "advertise", "https://MCP.example/mcp"))
            .listening();
    var everywhere = ServerConfig.of(Map.of("host", "0.0.0.0")).listening();
    var named = ServerConfig.of(Map.of("allowed-hosts", "a.example, b.example")).listening();

    assertThat(listening.allowedHosts()).containsExactlyInAnyOrder("[fd00::5]", "MCP.example");
    assertThat(everywhere.allowedHosts()).isEmpty();
    assertThat(named.allowedHosts())
        .containsExactlyInAnyOrder("a.example", "b.example", "localhost");
  }

  private static ServerConfig parse(Map<String, String> environment, String... arguments) {
    return switch (CommandLine.parse(List.of(arguments))) {
      case CommandLine.Run run -> ServerConfig.read(Options.resolve(run.options(), environment));
      case CommandLine.Help _, CommandLine.Version _ -> throw new AssertionError("no command");
    };
  }

  private static AbstractStringAssert<?> assertRefused(ThrowingCallable read) {
    return assertThatThrownBy(read).isInstanceOf(Refusal.class).message();
  }
}
