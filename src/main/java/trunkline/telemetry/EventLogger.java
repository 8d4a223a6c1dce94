package trunkline.telemetry;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import trunkline.telemetry.ServerEvent.*;

/// Events as log lines: the event's name in words, its values as key-value pairs, and the instance
/// it comes from. `Traffic` is in the meters, not here, and of a `Failure` that repeats only some
/// are.
public final class EventLogger implements EventSink {
  private static final Logger LOG = LoggerFactory.getLogger("trunkline.events");
  private static final String INSTANCE = "instance";

  /// The instance of events without one; 0 until this process has a number.
  private volatile int instance;

  private final Repetitions repetitions;

  public EventLogger() {
    this(System::nanoTime);
  }

  EventLogger(LongSupplier nanos) {
    this.repetitions = new Repetitions(nanos);
  }

  @Override
  public void emit(ServerEvent event) {
    if (event instanceof InstanceRegistered(var id, _)) {
      instance = id;
    }
    var level = level(event);
    if (!LOG.isEnabledForLevel(level)) {
      return;
    }
    var untold = event instanceof Failure failure ? repetitions.tell(failure) : 0;
    if (untold == 0) {
      log(LOG.atLevel(level), event);
    } else if (untold > 0) {
      log(LOG.atLevel(level).addKeyValue("untold", untold), event);
    }
  }

  private static Level level(ServerEvent event) {
    return switch (event) {
      case Warning _ -> Level.WARN;
      case Notice _ -> Level.INFO;
      case Routine _ -> Level.DEBUG;
      case Traffic _ -> Level.TRACE;
    };
  }

  private void log(LoggingEventBuilder line, ServerEvent event) {
    var complete = line;
    var named = false;
    for (var component : event.getClass().getRecordComponents()) {
      complete = complete.addKeyValue(component.getName(), value(event, component));
      named |= component.getName().equals(INSTANCE);
    }
    if (!named) {
      complete = complete.addKeyValue(INSTANCE, instance);
    }
    complete.log(words(event.getClass().getSimpleName()));
  }

  private static Object value(ServerEvent event, RecordComponent component) {
    try {
      return component.getAccessor().invoke(event);
    } catch (ReflectiveOperationException e) {
      return "unreadable"; // cannot be: records of a public interface
    }
  }

  /// `StreamOpened` reads `stream opened`.
  private static String words(String name) {
    return name.replaceAll("(?<=.)([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }
}
