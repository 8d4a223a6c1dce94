package trunkline.config;

/// The form of the log.
public record Logging(Format format, Level level) {
  /// A line for people or for machines.
  public enum Format {
    TEXT,
    JSON
  }

  /// The lowest severity that is logged.
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  public static Logging read(Options options) {
    return read(new OptionParser(options));
  }

  static Logging read(OptionParser values) {
    return new Logging(
        values.choice(Option.LOG_FORMAT, Format.class),
        values.choice(Option.LOG_LEVEL, Level.class));
  }

  /// For commands whose output is for people: only failures, unless a level is set.
  public Logging quiet() {
    return level == Level.INFO ? new Logging(format, Level.WARN) : this;
  }
}
