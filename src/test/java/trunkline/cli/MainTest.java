package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.config.Option;

class MainTest {
  @TempDir private Path folder;

  /// What a command printed and how it ended.
  private record Ran(int code, String out, String err) {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          srve                      | unknown command srve: did you mean serve?
          --prot 1                  | unknown option --prot: did you mean --port?
          --something-else-entirely | unknown option --something-else-entirely
          serve now                 | serve does not take 'now': see ./trunkline serve --help
          --port                    | --port needs a value
          --port --host             | --port needs a value
          sql --port 1              | sql has no option --port: see ./trunkline sql --help
          sql a b                   | sql takes one -c QUERY or one FILE
          sql no-such-file          | cannot read no-such-file: there is no such file
          --config no-such-file     | cannot read the configuration file no-such-file: there is no such file
          doctor --jsn              | unknown option --jsn: did you mean --json?
          migrate --print --dry-run | migrate takes one of --print, --dry-run
          --set                     | --set needs a value
          --set url                 | --set: 'url' is not a catalog's setting such as shop.url=https://shop.example
          doctor now                | doctor does not take 'now': see ./trunkline doctor --help
          sql --json                | unknown option --json
          migrate --log-level loud  | --log-level: 'loud' is not one of error, warn, info, debug, trace
          """)
  void a_wrong_command_line_is_one_line_and_code_2(String line, String message) {
    var ran = run(line.split(" ", -1));

    assertThat(ran).isEqualTo(new Ran(2, "", "trunkline: " + message + "\n"));
  }

  @Test
  void a_query_in_the_place_of_a_file_is_told_where_it_belongs() {
    assertThat(run("sql", "--data", "X", "select 1").err())
        .isEqualTo(
            "trunkline: cannot read select 1: there is no such file; a query is given as -c QUERY\n");
  }

  /// Of all commands, and in both places where an option may be written.
  @ParameterizedTest
  @EnumSource(Option.class)
  void a_file_or_folder_that_cannot_be_used_is_a_sentence_without_a_class(Option option)
      throws IOException {
    if (!List.of("FILE", "FOLDER").contains(option.placeholder())) {
      return;
    }
    var file = Files.writeString(folder.resolve("a file"), "x").toString();
    for (var wrong : List.of(file + "/below", folder + "/no such", folder.toString(), file, "\0")) {
      for (var command : Command.values()) {
        var starts = command == Command.SERVE || command == Command.MIGRATE;
        if (command.options().contains(option) && !(option == Option.DATA && starts)) {
          var line = new ArrayList<>(List.of(command.word(), option.flag(), wrong));
          if (command == Command.SQL) {
            line.addAll(List.of("-c", "select 1"));
          }
          if (option != Option.DATA && command != Command.STOP) {
            line.addAll(List.of("--database-url", "jdbc:postgresql://127.0.0.1:1/gone"));
          }
          var ran = run(line.toArray(String[]::new));
          assertThat(ran.err() + ran.out())
              .as("%s %s %s", command, option, wrong)
              .doesNotContain("java.", "Exception", "unexpected failure");
        }
      }
    }
  }

  @Test
  void a_database_that_is_away_is_one_line_and_code_1() {
    var url = "jdbc:postgresql://127.0.0.1:1/gone";

    for (var command : List.of("serve", "migrate", "sql -c x")) {
      var line = command + " --database-password hush --database-url " + url;
      var ran = run(line.split(" ", -1));

      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err())
          .hasLineCount(1)
          .startsWith("trunkline: cannot use the database " + url + " as trunkline: ")
          .contains("refused")
          .doesNotContain("hush");
    }
  }

  @Test
  void a_connection_that_fails_says_why_once() {
    var ran = run("migrate", "--database-url", "postgres://me:hush@no-such-host.invalid/gone");

    assertThat(ran)
        .isEqualTo(
            new Ran(
                1,
                "",
                "trunkline: cannot use the database jdbc:postgresql://no-such-host.invalid/gone as me:"
                    + " unknown host no-such-host.invalid\n"));
  }

  @Test
  void print_config_says_each_value_and_where_it_came_from() throws IOException {
    var file = Files.writeString(folder.resolve("own.properties"), "port=1\nlease=3s\nhost=h\n");
    var environment =
        Map.of(
            "TRUNKLINE_LEASE", "4s",
            "TRUNKLINE_HOST", "i",
            "TRUNKLINE_DATABASE_URL", "postgres://me:hush@db/shop?sslpassword=hush&sslmode=require",
            "TRUNKLINE_DATABASE_PASSWORD_FILE", file.toString());

    var ran =
        run(
            environment,
            "--print-config",
            "--config",
            file.toString(),
            "--host",
            "j",
            "--database-password",
            "hush");

    assertThat(ran.code()).isZero();
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .hasSize(Option.values().length)
        .contains(
            "host | j | --host",
            "port | 1 | port in " + file,
            "lease | 4s | TRUNKLINE_LEASE",
            "keep-alive | 15s | default",
            "advertise",
            "database-url | postgres://me:***@db/shop?sslpassword=***&sslmode=require"
                + " | TRUNKLINE_DATABASE_URL",
            "database-user | me | the database's URL",
            "database-password | (hidden) | --database-password",
            "database-password-file | overruled by --database-password",
            "drain-delay | 5s | default",
            "config | " + file + " | --config");
    assertThat(ran.out()).doesNotContain("hush");
  }

  /// Among them one that is on when nobody says anything, which its help says as well.
  @Test
  void a_switch_may_be_turned_on_and_off() {
    var line = "--print-config --session-cache off --poll-only on --api-keys --require-notify=off";
    var ran = run(line.split(" ", -1));

    assertThat(ran.code()).isZero();
    assertThat(ran.out().lines().map(each -> each.replaceAll(" {2,}", " | ")))
        .contains(
            "session-cache | off | --session-cache",
            "poll-only | on | --poll-only",
            "api-keys | true | --api-keys",
            "require-notify | off | --require-notify",
            "management-tls | false | default");
    assertThat(run("--print-config").out()).containsPattern("session-cache +true +default");
    assertThat(run("serve", "--help").out().replaceAll("\\s+", " "))
        .contains("Off: --session-cache=off. Default: true.");
    assertThat(run("--poll-only", "maybe").err()).contains("does not take 'maybe'");
  }

  /// A value that is wrong is shown with its origin, and refused.
  @ParameterizedTest
  @EnumSource(
      value = Command.class,
      names = {"SERVE", "MIGRATE", "SQL", "DOCTOR", "STATUS", "STOP"})
  void print_config_of_each_command_has_its_options(Command command) {
    var ran = run(command.word(), "--print-config");

    assertThat(ran.code()).isZero();
    assertThat(ran.out().lines().map(line -> line.split(" ", 2)[0]))
        .containsExactlyInAnyOrderElementsOf(command.options().stream().map(Option::key).toList());
    if (command == Command.SERVE) {
      var wrong = run("--print-config", "--port", "http");
      assertThat(wrong.code()).isEqualTo(2);
      assertThat(wrong.out()).containsPattern("port +http +--port");
      assertThat(wrong.err()).contains("--port: 'http' is not a number");
    }
  }

  @Test
  void what_only_looks_makes_no_database() {
    var data = folder.resolve("none").toString();

    assertThat(run("stop", "--data", data).out()).startsWith("No embedded PostgreSQL is running");
    assertThat(run("sql", "--data", data, "-c", "select 1").err())
        .contains("there is no embedded PostgreSQL");
    for (var looking : List.of("--print", "--dry-run")) {
      assertThat(run("migrate", looking, "--data", data).err())
          .contains("there is no embedded PostgreSQL");
    }
    assertThat(run("doctor", "--data", data))
        .satisfies(ran -> assertThat(ran.code()).isEqualTo(2))
        .satisfies(ran -> assertThat(ran.out()).contains("./trunkline serve makes one"));
    assertThat(Files.exists(Path.of(data))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"migrate --restored=false", "migrate --dry-run=no", "doctor --json=x"})
  void a_switch_takes_no_value(String line) {
    var ran = run(line.split(" ", -1));

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).hasLineCount(1).contains("takes no value", "--help");
  }

  @Test
  void help_is_there_for_all_and_for_each() {
    assertThat(run("--help").out())
        .contains(
            "serve", "migrate", "sql", "doctor", "status", "stop", "test", "demo", "chaos",
            "bench");
    assertThat(run("help", "sql")).isEqualTo(run("sql", "--help"));
    assertThat(run("--version").out()).startsWith("Trunkline ");
  }

  @ParameterizedTest
  @EnumSource(Option.class)
  void every_option_says_what_it_does(Option option) {
    var help = run("serve", "--help").out();

    assertThat(help).contains("\n  " + option.flag());
    assertThat(option.help()).endsWith(".").hasSizeGreaterThan(15);
    assertThat(help.lines()).allMatch(line -> line.length() <= 90);
  }

  private static Ran run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private static Ran run(Map<String, String> environment, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var code =
        Main.run(
            List.of(arguments),
            environment,
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
