package trunkline.cli;

import java.util.Locale;
import trunkline.config.Logging;

/// The logging of the command line; a program that embeds Trunkline has its own.
///
/// Everything is said by system properties, which are read once, with the first logger: so nothing
/// may log before.
final class LogSetup {
  static final String FORMAT = "trunkline.log.format";
  static final String LEVEL = "trunkline.log.level";

  private LogSetup() {}

  /// [LogProvider], unless the user names a file of logback's, or another logging.
  static void choose() {
    var properties = System.getProperties();
    if (!properties.containsKey("logback.configurationFile")
        && properties.putIfAbsent("slf4j.provider", LogProvider.class.getName()) == null) {
      // SLF4J would say on the standard error that it was given one.
      properties.putIfAbsent("slf4j.internal.verbosity", "WARN");
    }
  }

  /// Hands it format and level.
  static void apply(Logging logging) {
    System.setProperty(FORMAT, logging.format().name().toLowerCase(Locale.ROOT));
    System.setProperty(LEVEL, logging.level().name());
  }
}
