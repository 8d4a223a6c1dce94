package trunkline.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggerContextVO;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;

/// A log event whose texts were cleaned: message, values, context, the messages of exceptions, and
/// the thread's name, which has the method that a client called. Names of loggers and keys are
/// ours.
final class CleanEvent implements ILoggingEvent {
  private final ILoggingEvent event;
  private final UnaryOperator<String> clean;

  CleanEvent(ILoggingEvent event, UnaryOperator<String> clean) {
    this.event = event;
    this.clean = clean;
  }

  private @Nullable String cleaned(@Nullable String text) {
    return text == null ? null : clean.apply(text);
  }

  @Override
  public @Nullable String getMessage() {
    return cleaned(event.getMessage());
  }

  @Override
  public @Nullable String getFormattedMessage() {
    return cleaned(event.getFormattedMessage());
  }

  @Override
  public @Nullable List<KeyValuePair> getKeyValuePairs() {
    var pairs = event.getKeyValuePairs();
    return pairs == null
        ? null
        : pairs.stream()
            .map(pair -> new KeyValuePair(pair.key, cleaned(String.valueOf(pair.value))))
            .toList();
  }

  @Override
  public Map<String, String> getMDCPropertyMap() {
    return event.getMDCPropertyMap().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> clean.apply(entry.getValue())));
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester")
  public Map<String, String> getMdc() {
    return getMDCPropertyMap();
  }

  @Override
  public @Nullable IThrowableProxy getThrowableProxy() {
    return cleaned(event.getThrowableProxy());
  }

  private @Nullable IThrowableProxy cleaned(@Nullable IThrowableProxy thrown) {
    return thrown == null ? null : new CleanThrowable(thrown);
  }

  /// An exception whose message may quote what a client sent.
  private final class CleanThrowable implements IThrowableProxy {
    private final IThrowableProxy thrown;

    CleanThrowable(IThrowableProxy thrown) {
      this.thrown = thrown;
    }

    @Override
    public @Nullable String getMessage() {
      return cleaned(thrown.getMessage());
    }

    @Override
    public @Nullable String getOverridingMessage() {
      return cleaned(thrown.getOverridingMessage());
    }

    @Override
    public String getClassName() {
      return thrown.getClassName();
    }

    @Override
    public StackTraceElementProxy[] getStackTraceElementProxyArray() {
      return thrown.getStackTraceElementProxyArray();
    }

    @Override
    public int getCommonFrames() {
      return thrown.getCommonFrames();
    }

    @Override
    public @Nullable IThrowableProxy getCause() {
      return cleaned(thrown.getCause());
    }

    @Override
    public IThrowableProxy[] getSuppressed() {
      var suppressed = thrown.getSuppressed();
      return suppressed == null
          ? new IThrowableProxy[0]
          : Stream.of(suppressed).map(CleanThrowable::new).toArray(IThrowableProxy[]::new);
    }

    @Override
    public boolean isCyclic() {
      return thrown.isCyclic();
    }
  }

  @Override
  public String getThreadName() {
    return clean.apply(event.getThreadName());
  }

  @Override
  public Level getLevel() {
    return event.getLevel();
  }

  @Override
  public Object @Nullable [] getArgumentArray() {
    return null; // they are in the formatted message
  }

  @Override
  public String getLoggerName() {
    return event.getLoggerName();
  }

  @Override
  public LoggerContextVO getLoggerContextVO() {
    return event.getLoggerContextVO();
  }

  @Override
  public StackTraceElement[] getCallerData() {
    return event.getCallerData();
  }

  @Override
  public boolean hasCallerData() {
    return event.hasCallerData();
  }

  @Override
  public List<Marker> getMarkerList() {
    return event.getMarkerList();
  }

  @Override
  public long getTimeStamp() {
    return event.getTimeStamp();
  }

  @Override
  public int getNanoseconds() {
    return event.getNanoseconds();
  }

  @Override
  public Instant getInstant() {
    return event.getInstant();
  }

  @Override
  public long getSequenceNumber() {
    return event.getSequenceNumber();
  }

  @Override
  public void prepareForDeferredProcessing() {
    event.prepareForDeferredProcessing();
  }
}
