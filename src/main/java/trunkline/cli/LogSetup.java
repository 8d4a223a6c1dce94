package trunkline.cli;

import java.util.Locale;
import trunkline.config.Logging;

/// Hands format and level to `logback.xml`, which reads them once: before the first logger exists.
final class LogSetup {
  private LogSetup() {}

  static void apply(Logging logging) {
    System.setProperty("trunkline.log.format", logging.format().name().toLowerCase(Locale.ROOT));
    System.setProperty("trunkline.log.level", logging.level().name());
  }
}
