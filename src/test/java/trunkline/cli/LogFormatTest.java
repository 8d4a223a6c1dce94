package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import trunkline.config.Logging;
import trunkline.jsonrpc.Codec;

/// Goal: the product's own `logback.xml` writes what a person, or a machine, can read. Method: it
/// configures a context of its own, since the tests' logback-test.xml hides it.
@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class LogFormatTest {
  @AfterEach
  void forget() {
    System.clearProperty("trunkline.log.format");
    System.clearProperty("trunkline.log.level");
  }

  @Test
  void json_is_one_object_a_line_with_the_keys_as_fields() throws Exception {
    var lines = logged(new Logging(Logging.Format.JSON, Logging.Level.INFO)).lines().toList();

    assertThat(lines).hasSize(2);
    var first = Codec.mapper().readTree(lines.getFirst());
    assertThat(first.path("level").asString()).isEqualTo("INFO");
    assertThat(first.path("formattedMessage").asString()).isEqualTo("a stream\nopened");
    assertThat(first.path("kvpList").path(0).path("session").asString()).isEqualTo("s1");
    assertThat(lines.getLast()).contains("IllegalStateException");
  }

  @Test
  void text_is_a_line_with_the_keys_after_the_message() throws Exception {
    var lines = logged(new Logging(Logging.Format.TEXT, Logging.Level.DEBUG));

    assertThat(lines).contains("INFO  Streams a stream\nopened session=\"s1\"");
    assertThat(lines).contains("DEBUG Streams details").doesNotContain("chatter");
  }

  private static String logged(Logging logging) throws JoranException {
    LogSetup.apply(logging);
    var printed = new ByteArrayOutputStream();
    var err = System.err;
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      var context = new LoggerContext();
      context.setMDCAdapter(new LogbackMDCAdapter());
      var configurator = new JoranConfigurator();
      configurator.setContext(context);
      configurator.doConfigure(LogFormatTest.class.getResource("/logback.xml"));
      var log = context.getLogger("trunkline.stream.Streams");
      log.atInfo().addKeyValue("session", "s1").log("a stream\nopened");
      log.atDebug().log("details");
      log.warn("it failed", new IllegalStateException("why"));
      context.getLogger("com.zaxxer.hikari.HikariDataSource").info("chatter");
      context.stop();
    } finally {
      System.setErr(err);
    }
    return printed.toString(StandardCharsets.UTF_8);
  }
}
