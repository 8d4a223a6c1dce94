package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import trunkline.config.Logging;
import trunkline.jsonrpc.Codec;
import trunkline.telemetry.LogText;

/// Goal: the command line's own logging writes what a person, or a machine, can read. Method: a
/// context of its own, since the tests' logback-test.xml hides it.
@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class LogFormatTest {
  private static final String CONFIGURATION = "logback.configurationFile";
  private static final String PROVIDER = "slf4j.provider";
  private static final String VERBOSITY = "slf4j.internal.verbosity";

  @AfterEach
  void forget() {
    System.clearProperty("trunkline.log.format");
    System.clearProperty("trunkline.log.level");
    System.clearProperty(CONFIGURATION);
    System.clearProperty(PROVIDER);
    System.clearProperty(VERBOSITY);
  }

  /// Whoever embeds us has a configuration of his own, in the place where everybody's stands.
  @Test
  void the_command_line_alone_names_it_unless_the_user_names_another() {
    assertThat(LogFormatTest.class.getResource("/logback.xml")).isNull();

    LogSetup.choose();
    assertThat(System.getProperty(PROVIDER)).isEqualTo(LogProvider.class.getName());
    assertThat(System.getProperty(VERBOSITY)).isEqualTo("WARN");

    System.setProperty(PROVIDER, "another.Provider");
    LogSetup.choose();
    assertThat(System.getProperty(PROVIDER)).isEqualTo("another.Provider");

    forget();
    System.setProperty(CONFIGURATION, "mine.xml");
    LogSetup.choose();
    assertThat(System.getProperty(PROVIDER)).isNull();
  }

  @Test
  void json_is_one_object_a_line_with_the_keys_as_fields() throws Exception {
    var lines = logged(new Logging(Logging.Format.JSON, Logging.Level.INFO)).lines().toList();

    assertThat(lines).hasSize(2);
    var first = Codec.mapper().readTree(lines.getFirst());
    assertThat(first.path("level").asString()).isEqualTo("INFO");
    assertThat(first.path("timestamp").asString()).matches("20..-..-..T..:..:..(\\.\\d+)?Z");
    assertThat(first.path("message").asString()).isEqualTo("a stream\nopened");
    assertThat(first.path("fields").path("session").asString()).isEqualTo("s1");
    assertThat(Codec.mapper().readTree(lines.getLast()).path("exception").path("type").asString())
        .isEqualTo("java.lang.IllegalStateException");
  }

  /// Goal: whoever collects the log finds each name on the page, and no other in it.
  @Test
  void the_names_are_those_of_the_page() throws Exception {
    var page = Files.readString(Path.of("src/main/docs/log.md"));
    var names = page.substring(0, page.indexOf("On the thread of a handler"));
    var line =
        logged(
            new Logging(Logging.Format.JSON, Logging.Level.INFO),
            log -> {
              ((ch.qos.logback.classic.Logger) log)
                  .getLoggerContext()
                  .getMDCAdapter()
                  .put("tenant", "t1");
              log.atWarn()
                  .addKeyValue("session", "s1")
                  .setCause(new IllegalStateException("why"))
                  .log("it failed");
            });

    var written = Codec.mapper().readTree(line);

    assertThat(written.propertyNames())
        .containsExactlyElementsOf(
            Pattern.compile("(?m)^\\| `([a-z]+)` \\|")
                .matcher(names)
                .results()
                .map(row -> row.group(1))
                .toList());
    assertThat(written.path("context").path("tenant").asString()).isEqualTo("t1");
    assertThat(written.path("exception").propertyNames())
        .containsExactly("type", "message", "trace")
        .allMatch(name -> page.contains("`" + name + "`"));
  }

  @Test
  void text_is_a_line_with_the_keys_after_the_message() throws Exception {
    var lines = logged(new Logging(Logging.Format.TEXT, Logging.Level.DEBUG));

    assertThat(lines).contains("INFO  Streams a stream\\nopened session=\"s1\"");
    assertThat(lines).contains("DEBUG Streams details").doesNotContain("chatter");
  }

  /// Goal: nothing that a client, a row or an exception says forges a line or speaks to a terminal.
  @ParameterizedTest
  @EnumSource
  void whatever_is_said_stays_one_line_of_bounded_length(Logging.Format format) throws Exception {
    var unfit =
        IntStream.rangeClosed(0, 0x10FFFF)
            .filter(c ->
                Character.isISOControl(c)
                    || c == 0x2028
                    || c == 0x2029
                    || c == 0x61C
                    || (c >= 0x200E && c <= 0x200F)
                    || (c >= 0x202A && c <= 0x202E)
                    || (c >= 0x2066 && c <= 0x2069)
                    || (c >= 0xD800 && c <= 0xDFFF))
            .boxed()
            .toList();
    var endless = "x".repeat(100_000);

    var written =
        logged(
            new Logging(format, Logging.Level.INFO),
            log -> {
              for (var c : unfit) {
                var said = "before" + Character.toString(c) + "after";
                log.atInfo().addKeyValue("reason", said).log(said);
              }
              log.atInfo().addKeyValue("reason", endless).log(endless);
              log.warn("failed", new IllegalStateException("one\ntwo" + endless));
            });

    var lines = written.split("\n", -1);
    var events = unfit.size() + 1;
    assertThat(lines).hasSizeGreaterThan(events);
    assertThat(List.of(lines).subList(0, events))
        .allMatch(line -> line.contains(format == Logging.Format.JSON ? "\"INFO\"" : " INFO "))
        .allMatch(line -> line.length() < 4 * LogText.LENGTH_MAX);
    assertThat(written.replace("\n", "").replace("\tat ", "").codePoints())
        .noneMatch(unfit::contains);
    assertThat(written).doesNotContain("\ntwo");
    assertThat(lines).allMatch(line -> line.length() < 20 * LogText.LENGTH_MAX);
  }

  private static String logged(Logging logging) {
    return logged(
        logging,
        log -> {
          log.atInfo().addKeyValue("session", "s1").log("a stream\nopened");
          log.atDebug().log("details");
          log.warn("it failed", new IllegalStateException("why"));
        });
  }

  private static String logged(Logging logging, Consumer<Logger> events) {
    LogSetup.apply(logging);
    var printed = new ByteArrayOutputStream();
    var err = System.err;
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      var provider = new LogProvider();
      provider.initialize();
      var context = (LoggerContext) provider.getLoggerFactory();
      events.accept(context.getLogger("trunkline.stream.Streams"));
      context.getLogger("com.zaxxer.hikari.HikariDataSource").info("chatter");
      context.stop();
    } finally {
      System.setErr(err);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
