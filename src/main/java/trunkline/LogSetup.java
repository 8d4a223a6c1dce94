package trunkline;

import java.util.Locale;

/// Hands format and level to `logback.xml`, which reads them once: before the first logger exists.
final class LogSetup {
  private LogSetup() {}

  static void apply(ServerConfig.Logging logging) {
    System.setProperty("trunkline.log.format", logging.format().name().toLowerCase(Locale.ROOT));
    System.setProperty("trunkline.log.level", logging.level().name());
  }

  /// For commands whose output is for people: only what goes wrong, unless a level is asked for.
  static void quiet(OptionParser values) {
    var logging = ServerConfig.logging(values);
    var level =
        logging.level() == ServerConfig.Logging.Level.INFO
            ? ServerConfig.Logging.Level.WARN
            : logging.level();
    apply(new ServerConfig.Logging(logging.format(), level));
  }
}
