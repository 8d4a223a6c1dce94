package trunkline.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/// Logback as the command line wants it, said in Java: as a file it cost an XML parser, a model and
/// its handlers, 190 of the 1,500 ms that a start spent in `main` (sampled each millisecond).
///
/// Read by SLF4J, once, with the first logger; by its name, so that in other people's programs
/// nothing finds it.
public final class LogProvider implements SLF4JServiceProvider {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg %kvp %mdc%n";

  private final LoggerContext loggers = new LoggerContext();
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final LogbackMDCAdapter context = new LogbackMDCAdapter();

  @Override
  public void initialize() {
    loggers.setName("trunkline");
    loggers.setMDCAdapter(context);
    var root = loggers.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(standardError());
    level("trunkline", Level.toLevel(System.getProperty(LogSetup.LEVEL), Level.INFO));
    // A stack trace for each connection of the pool when the database goes; whoever asked says it
    // once.
    level("com.zaxxer.hikari.pool.ProxyConnection", Level.ERROR);
    level("org.jooq", Level.ERROR);
    loggers.start();
  }

  private void level(String name, Level level) {
    Logger logger = loggers.getLogger(name);
    logger.setLevel(level);
  }

  private ConsoleAppender<ILoggingEvent> standardError() {
    var encoder = encoder();
    encoder.setContext(loggers);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setContext(loggers);
    appender.setName("standard error");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static Encoder<ILoggingEvent> encoder() {
    if ("json".equals(System.getProperty(LogSetup.FORMAT))) {
      return new JsonLines();
    }
    PatternLayoutEncoder lines = new TextLines();
    lines.setPattern(PATTERN);
    return lines;
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return loggers;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99"; // any of 2.0
  }
}
