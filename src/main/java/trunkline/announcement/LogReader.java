package trunkline.announcement;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import trunkline.session.SessionKey;
import trunkline.signal.Doorbells;
import trunkline.signal.Pace;
import trunkline.store.Database;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The one reader of the log in this instance: it keeps the newest entries for followers and tells
/// the listeners of every one.
///
/// A cursor above the head is either ahead, since another instance has read further, or of a log
/// that is no more: restored, rewound, deleted. A look that begins after the question tells which,
/// and no follower waits for it: it is rung when the look is over.
final class LogReader {
  private final Log log;
  private final Addressees subscribers;
  private final Addressees ofPrincipals;
  private final Doorbells doorbells;
  private final Pace pace;
  private final AnnouncementPolicy policy;
  private final EventSink events;
  private final Map<AnnouncementKind, List<Consumer<Announcement>>> listeners =
      new EnumMap<>(AnnouncementKind.class);
  private final List<Runnable> gapListeners = new CopyOnWriteArrayList<>();
  private final List<LongConsumer> headListeners = new CopyOnWriteArrayList<>();
  private final SkippedAnnouncements skipped;
  private final ReentrantLock reading = new ReentrantLock();
  private final AtomicReference<@Nullable AnnouncementBuffer> buffer = new AtomicReference<>();

  /// Cursors above the head, by the number of the question that first had them.
  private final Map<Long, Long> doubted = new ConcurrentHashMap<>();

  private final AtomicLong doubts = new AtomicLong();

  /// The doubts that the last look has settled: up to this number.
  private volatile long settled;

  /// The log as it is read. Its one product implementation is [AnnouncementRows].
  interface Log {
    /// The id of the newest, 0 when there is none.
    long newest();

    /// The page after the cursor, without subscribers yet.
    LogPage after(long cursor, int rowsMax);

    /// The page of one session after the cursor and up to an id.
    CompletableFuture<LogPage> concerning(SessionKey session, long cursor, long upTo, int rowsMax);
  }

  /// The sessions that announcements concern now, by what those are about.
  @FunctionalInterface
  interface Addressees {
    Map<String, Set<SessionKey>> of(Collection<String> abouts);
  }

  /// @param subscribers of resources, by their URIs
  /// @param ofPrincipals the living sessions of principals, by their names
  LogReader(
      Log log,
      Addressees subscribers,
      Addressees ofPrincipals,
      Doorbells doorbells,
      Pace pace,
      AnnouncementPolicy policy,
      EventSink events) {
    this.log = log;
    this.subscribers = subscribers;
    this.ofPrincipals = ofPrincipals;
    this.doorbells = doorbells;
    this.pace = pace;
    this.policy = policy;
    this.events = events;
    this.skipped = new SkippedAnnouncements(events);
    for (var kind : AnnouncementKind.values()) {
      listeners.put(kind, new CopyOnWriteArrayList<>());
    }
  }

  void on(AnnouncementKind kind, Consumer<Announcement> listener) {
    Objects.requireNonNull(listeners.get(kind)).add(listener);
  }

  void onGap(Runnable listener) {
    gapListeners.add(listener);
  }

  void onHead(LongConsumer listener) {
    headListeners.add(listener);
  }

  long head() {
    return current().head();
  }

  /// Somebody has seen how far the log goes.
  ///
  /// @return whether there may be something to read
  boolean isBehind(long newest) {
    var now = buffer.get();
    return now == null || now.head() != newest;
  }

  AnnouncementPage after(long cursor, SessionKey session, int max) {
    var settledBefore = settled; // noted before the buffer, which is then at least as new
    var now = current();
    if (cursor > now.head()) {
      return ahead(cursor, now.head(), settledBefore);
    }
    if (now.reachesBackTo(cursor)) {
      return now.after(cursor, session, max);
    }
    var rowsMax = Math.min(max, AnnouncementPolicy.PAGE_ROWS_MAX);
    // the head was noted before the log is read: the rest is in this buffer
    var page = Database.await(log.concerning(session, cursor, now.head(), rowsMax));
    skipped.note(page.skipped());
    return new AnnouncementPage(
        page.entries(),
        page.more() ? page.through() : now.head(),
        page.more(),
        cursor < page.floor());
  }

  private AnnouncementPage ahead(long cursor, long head, long settledBefore) {
    var number = doubted.computeIfAbsent(cursor, _ -> doubts.incrementAndGet());
    if (number <= settledBefore) {
      return new AnnouncementPage(List.of(), head, false, true);
    }
    doorbells.ring(Announcements.LOG_GREW);
    return new AnnouncementPage(List.of(), cursor, false, false);
  }

  /// Forgets all that it has read, as if the instance had just started: the database may be another
  /// one. What its followers have not read they get from the log.
  void restart() {
    // without the lock, which a stalled look may hold: what that finds is thrown away
    buffer.set(null);
    doorbells.ring(Announcements.LOG_GREW);
    doorbells.ring(Announcements.BUFFER_GREW);
  }

  boolean readOnce() {
    reading.lock();
    try {
      var begun = doubts.get();
      var grew = readAll();
      settle(begun);
      return grew;
    } finally {
      reading.unlock();
    }
  }

  private boolean readAll() {
    var before = buffer.get();
    if (before == null) {
      var newest = log.newest();
      if (buffer.compareAndSet(null, AnnouncementBuffer.startingAt(newest))) {
        notifyOfGap(); // after the look: what is older is missed, what is newer will be read
        notifyOfHead(newest);
      }
      return false;
    }
    var former = before;
    while (former != null) {
      former = read(former);
    }
    var after = buffer.get();
    return after != null && after.head() > before.head();
  }

  /// Those that doubted before this look began get their answer, those of the look before had
  /// theirs.
  private void settle(long begun) {
    var former = settled;
    if (begun == former) {
      return;
    }
    doubted.values().removeIf(number -> number <= former);
    settled = begun;
    doorbells.ring(Announcements.BUFFER_GREW);
  }

  /// Reads one page.
  ///
  /// @return what to go on from at once, null when there is no more
  private @Nullable AnnouncementBuffer read(AnnouncementBuffer former) {
    var page = log.after(former.head(), AnnouncementPolicy.PAGE_ROWS_MAX);
    skipped.note(page.skipped());
    if (page.newest() < former.head()) {
      rewind(former, page.newest());
      return null;
    }
    if (page.through() == former.head()) {
      return null;
    }
    var entries = addressed(page.entries());
    var next = grown(former, page, entries);
    if (!buffer.compareAndSet(former, next)) {
      return null; // restarted meanwhile
    }
    if (page.floor() > former.head()) {
      events.emit(new ServerEvent.AnnouncementsMissed(former.head(), page.floor()));
    }
    pace.reset();
    events.emit(new ServerEvent.AnnouncementsHeard(entries.size()));
    entries.forEach(this::notifyListeners);
    if (page.floor() > former.head()
        || page.skipped().stream().anyMatch(SkippedAnnouncement::isMissed)) {
      notifyOfGap();
    }
    notifyOfHead(next.head());
    doorbells.ring(Announcements.BUFFER_GREW);
    return page.more() ? next : null;
  }

  private AnnouncementBuffer grown(
      AnnouncementBuffer former, LogPage page, List<Announcement> entries) {
    var floor = page.floor();
    if (floor <= former.head()) {
      return former.plus(entries, page.through(), policy);
    }
    var kept = entries.stream().filter(entry -> entry.id() > floor).toList();
    return AnnouncementBuffer.startingAt(floor).plus(kept, Math.max(page.through(), floor), policy);
  }

  /// The newest is never trimmed, so a log that ends below what was read is another one, or was put
  /// back. What was read of the former is forgotten; its followers are told of a gap.
  private void rewind(AnnouncementBuffer former, long newest) {
    if (buffer.compareAndSet(former, AnnouncementBuffer.startingAt(newest))) {
      events.emit(new ServerEvent.AnnouncementsRewound(former.head(), newest));
      notifyOfGap();
      notifyOfHead(newest);
      doorbells.ring(Announcements.BUFFER_GREW);
    }
  }

  /// Whom they concern is read after the log: those from before the change are among them.
  private List<Announcement> addressed(List<Announcement> entries) {
    return addressed(
        addressed(entries, AnnouncementKind.Audience.SUBSCRIBERS, subscribers),
        AnnouncementKind.Audience.SESSIONS_OF_PRINCIPAL,
        ofPrincipals);
  }

  private static List<Announcement> addressed(
      List<Announcement> entries, AnnouncementKind.Audience audience, Addressees addressees) {
    var abouts = new HashSet<String>();
    for (var entry : entries) {
      if (entry.kind().audience() == audience && !entry.about().isEmpty()) {
        abouts.add(entry.about());
      }
    }
    if (abouts.isEmpty()) {
      return entries;
    }
    var found = addressees.of(abouts);
    var addressed = new ArrayList<Announcement>(entries.size());
    for (var entry : entries) {
      addressed.add(
          entry.kind().audience() == audience
              ? entry.to(found.getOrDefault(entry.about(), Set.of()))
              : entry);
    }
    return addressed;
  }

  private void notifyListeners(Announcement announcement) {
    for (var listener : Objects.requireNonNull(listeners.get(announcement.kind()))) {
      guarded(() -> listener.accept(announcement));
    }
  }

  private void notifyOfGap() {
    gapListeners.forEach(this::guarded);
  }

  private void notifyOfHead(long head) {
    headListeners.forEach(listener -> guarded(() -> listener.accept(head)));
  }

  /// One listener's defect must not keep the others, or the followers, from hearing.
  private void guarded(Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      events.emit(new ServerEvent.AnnouncementsUnread("a listener failed: " + e));
    }
  }

  private AnnouncementBuffer current() {
    while (true) {
      var now = buffer.get();
      if (now != null) {
        return now;
      }
      readOnce();
    }
  }
}
