package trunkline.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import trunkline.session.SessionKey;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.signal.Pace;
import trunkline.signal.Wake;
import trunkline.signal.Waking;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.MemoryDatabase.Notice;
import trunkline.simulation.MemoryDatabase.Statement;
import trunkline.simulation.Quirk;
import trunkline.simulation.Situation;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.telemetry.EventSink;

/// The product's reader of the log over a log in memory, and a writer of that log: like
/// [AnnouncementRows] it draws ids under one lock, and repeats what it does not know.
public final class SimulatedAnnouncements {
  /// What nobody else locks.
  private static final long LOCK = -1;

  private static final LanePolicy POLICY = new LanePolicy(4, 1_000, Duration.ofSeconds(60));

  /// Few, so that followers fall behind what is kept in memory.
  private static final AnnouncementPolicy LIMITS =
      new AnnouncementPolicy(Duration.ofHours(1), 3, 1 << 20);

  private final MemoryDatabase database;
  private final Supplier<InstanceId> instance;
  private final Waking waking;
  private final LogReader reader;
  private final Lane<Line, Long> appends;
  private long number;

  /// A broadcast with its key.
  record Line(String text, long writer, long number) {}

  public SimulatedAnnouncements(
      MemoryDatabase database,
      Supplier<InstanceId> instance,
      Doorbells doorbells,
      Waking waking,
      EventSink events) {
    this.database = database;
    this.instance = instance;
    this.waking = waking;
    this.reader =
        new LogReader(
            new MemoryLog(database),
            _ -> Map.of(),
            _ -> Map.of(),
            doorbells,
            new Steady(),
            LIMITS,
            events);
    this.appends = new Lane<>("trunkline-announce", POLICY, this::append);
  }

  /// Tells every session.
  public CompletableFuture<Long> broadcast(String text) {
    return appends.submit(new Line(text, instance.get().value(), ++number));
  }

  public AnnouncementPage after(long cursor, SessionKey session, int max) {
    return reader.after(cursor, session, max);
  }

  /// What wakes the reader.
  public static Wake grew() {
    return Announcements.LOG_GREW;
  }

  public void readOnce() {
    var _ = reader.readOnce();
  }

  public void restart() {
    reader.restart();
  }

  private List<Long> append(List<Line> lines) {
    var ids = database.run(new Append(database, lines));
    waking.wakeAll(Announcements.LOG_GREW);
    return ids;
  }

  private static final class Steady implements Pace {
    @Override
    public Duration interval() {
      return Duration.ofMillis(100);
    }

    @Override
    public void reset() {}
  }

  static final class Append implements Statement<List<Long>> {
    private final MemoryDatabase database;
    private final List<Line> lines;
    private final List<Long> drawn = new ArrayList<>();

    Append(MemoryDatabase database, List<Line> lines) {
      this.database = database;
      this.lines = lines;
    }

    @Override
    public String name() {
      return "announcements.append";
    }

    @Override
    public Set<Long> locked() {
      return Set.of(LOCK);
    }

    @Override
    public void look() {
      if (database.isLocked(LOCK)) {
        database.note(Situation.S2);
      }
      if (database.has(Quirk.ANNOUNCED_BEFORE_THE_LOCK)) {
        lines.forEach(_ -> drawn.add(database.nextNotice()));
      }
    }

    @Override
    public void draw() {
      if (drawn.isEmpty()) {
        lines.forEach(_ -> drawn.add(database.nextNotice()));
      }
    }

    @Override
    public List<Long> commit() {
      var ids = new ArrayList<Long>();
      for (int each = 0; each < lines.size(); each++) {
        ids.add(stored(lines.get(each), drawn.get(each)));
      }
      return ids;
    }

    private long stored(Line line, long id) {
      return database.notices().values().stream()
          .filter(row -> row.writer() == line.writer() && row.number() == line.number())
          .map(Notice::id)
          .findFirst()
          .orElseGet(() -> {
            database
                .notices()
                .put(id, new Notice(id, bytes(line.text()), line.writer(), line.number()));
            return id;
          });
    }

    private static byte[] bytes(String text) {
      return text.getBytes(UTF_8);
    }
  }
}
