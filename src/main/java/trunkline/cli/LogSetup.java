package trunkline.cli;

import java.util.Locale;
import trunkline.config.Logging;

/// The logging of the command line; a program that embeds Trunkline has its own.
///
/// Everything is said by system properties, which logback reads once, with the first logger: so
/// nothing may log before.
final class LogSetup {
  private LogSetup() {}

  /// Our `logback.xml`, which stands beside this class, unless the user names one of his own.
  static void choose() {
    System.getProperties().putIfAbsent("logback.configurationFile", "trunkline/cli/logback.xml");
  }

  /// Hands it format and level.
  static void apply(Logging logging) {
    System.setProperty("trunkline.log.format", logging.format().name().toLowerCase(Locale.ROOT));
    System.setProperty("trunkline.log.level", logging.level().name());
  }
}
