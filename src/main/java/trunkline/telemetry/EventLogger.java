package trunkline.telemetry;

import java.lang.reflect.RecordComponent;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;
import trunkline.telemetry.ServerEvent.*;

/// Events as log lines: the event's name in words, its values as key-value pairs, and which
/// instance says it. What happens with every message or every second is in the meters, not here.
public final class EventLogger implements EventSink {
  private static final Logger LOG = LoggerFactory.getLogger("trunkline.events");
  private static final String INSTANCE = "instance";

  /// For events that do not say it themselves; 0 until this process has a number.
  private volatile int instance;

  @Override
  public void emit(ServerEvent event) {
    if (event instanceof InstanceRegistered(var id, _)) {
      instance = id;
    }
    var level = level(event);
    if (LOG.isEnabledForLevel(level)) {
      log(LOG.atLevel(level), event);
    }
  }

  private static Level level(ServerEvent event) {
    return switch (event) {
      case ListenerLost _,
          CanaryMissed _,
          WakesDropped _,
          HeartbeatFailed _,
          InstanceFenced _,
          TenureEnded _,
          InstanceDeclaredDead _,
          SweepFailed _,
          DatabaseDoubtful _,
          IdBaseRaised _,
          SessionRefused _,
          AnnouncementsMissed _,
          AnnouncementsUnread _,
          OutboxStuck _,
          HandlerFailed _,
          ConnectionCut _,
          GapTold _,
          SlotBlocked _,
          CallOrphaned _,
          TaskOrphaned _,
          QuestionsAbandoned _,
          CallFailed _ ->
          Level.WARN;
      case ListenerConnected _,
          WakeModeChanged _,
          InstanceRegistered _,
          InstanceLeft _,
          SessionOpened _,
          SessionEnded _,
          StreamOpened _,
          StreamClosed _,
          CallCancelled _,
          TaskStarted _,
          TaskEnded _ ->
          Level.INFO;
      case Swept _,
          SlotAdvanced _,
          Announced _,
          OutboxMoved _,
          LimitReached _, // a client that does not stop must not fill the log
          RequestRefused _,
          RequestFailed _, // logged with its cause by whoever saw it
          FoundBySweep _, // ordinary when polling
          ClientAsked _,
          ClientAnswered _,
          AnswerUnwanted _,
          QuestionVoided _ ->
          Level.DEBUG;
      case CanaryReturned _,
          WakesSent _,
          WakesHeard _,
          WakesRungHere _,
          InstanceBeat _,
          SessionLookedUp _,
          SessionsCounted _,
          InstancesSeen _,
          AnnouncementsHeard _,
          MessagesPublished _,
          MessagesDelivered _ ->
          Level.TRACE;
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
