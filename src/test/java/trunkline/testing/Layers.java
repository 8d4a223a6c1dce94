package trunkline.testing;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.AnnouncementPolicy;
import trunkline.announcement.Announcements;
import trunkline.config.ServerConfig;
import trunkline.memory.MemoryBudget;
import trunkline.session.SessionPolicy;
import trunkline.session.Sessions;
import trunkline.signal.InstanceId;
import trunkline.signal.NotifyMode;
import trunkline.signal.SignalPolicy;
import trunkline.signal.Signals;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.DatabaseSettings;
import trunkline.telemetry.EventSink;

/// The layers of one instance, from the database up to what a test is about, without a server. The
/// one place of the tests that puts them together.
///
/// ```
/// var layers = Layers.of(db.settings()).instance(1).upTo(Layers.Top.SESSIONS);
/// ```
///
/// Nothing of it is started, and it neither listens nor notifies unless the plan says so: every
/// ring of its doorbells was meant for itself.
public final class Layers implements AutoCloseable {
  private final Connections connections;
  private final Database database;
  private final @Nullable Signals signals;
  private final @Nullable Sessions sessions;
  private final @Nullable Announcements announcements;
  private final Deque<Runnable> closing = new ArrayDeque<>();

  /// The uppermost layer; those below it come along.
  public enum Top {
    DATABASE,
    SIGNALS,
    SESSIONS,
    ANNOUNCEMENTS;

    private boolean reaches(Top layer) {
      return compareTo(layer) >= 0;
    }
  }

  /// The plan of what is to be built.
  public static final class Plan {
    private final DatabaseSettings settings;
    private @Nullable InstanceId instance;
    private EventSink events = _ -> {};
    private SignalPolicy signals = SignalPolicy.of(NotifyMode.NEVER);
    private SessionPolicy sessions = ServerConfig.of(Map.of()).policies().sessions();
    private AnnouncementPolicy announcements = AnnouncementPolicy.DEFAULT;
    private MemoryBudget memory = MemoryBudget.share(50, _ -> {});

    private Plan(DatabaseSettings settings) {
      this.settings = settings;
    }

    /// Gives it a number; without one it is an instance that has not registered yet.
    public Plan instance(int number) {
      instance = new InstanceId(number);
      return this;
    }

    public Plan telling(EventSink sink) {
      events = sink;
      return this;
    }

    public Plan with(SignalPolicy policy) {
      signals = policy;
      return this;
    }

    public Plan with(SessionPolicy policy) {
      sessions = policy;
      return this;
    }

    public Plan with(AnnouncementPolicy policy) {
      announcements = policy;
      return this;
    }

    public Layers upTo(Top top) {
      return new Layers(this, top);
    }
  }

  public static Plan of(DatabaseSettings settings) {
    return new Plan(settings);
  }

  private Layers(Plan plan, Top top) {
    connections = new Connections(plan.settings);
    database = new Database(connections, "trunkline-layers");
    closing.push(database::close);
    signals = top.reaches(Top.SIGNALS) ? signals(plan) : null;
    sessions = top.reaches(Top.SESSIONS) ? sessions(plan) : null;
    announcements = top.reaches(Top.ANNOUNCEMENTS) ? announcements(plan) : null;
  }

  private Signals signals(Plan plan) {
    var made = new Signals(connections, database, plan.signals, plan.events);
    closing.push(made::close);
    if (plan.instance != null) {
      made.moveTo(plan.instance);
    }
    return made;
  }

  private Sessions sessions(Plan plan) {
    var made = new Sessions(database, plan.sessions, signals().waker(), plan.events);
    closing.push(made::close);
    return made;
  }

  /// Announcements begin with the newest.
  private Announcements announcements(Plan plan) {
    var instance = Objects.requireNonNull(plan.instance, "who announces has a number");
    var made =
        new Announcements(
            database,
            () -> instance,
            sessions(),
            signals(),
            plan.announcements,
            plan.memory,
            plan.events);
    closing.push(made::close);
    made.readOnce();
    return made;
  }

  public Connections connections() {
    return connections;
  }

  public Database database() {
    return database;
  }

  public Signals signals() {
    return Objects.requireNonNull(signals, "not built up to the signals");
  }

  public Sessions sessions() {
    return Objects.requireNonNull(sessions, "not built up to the sessions");
  }

  public Announcements announcements() {
    return Objects.requireNonNull(announcements, "not built up to the announcements");
  }

  /// Stops without a goodbye, the uppermost layer first.
  @Override
  public void close() {
    closing.forEach(Runnable::run);
    closing.clear();
  }
}
