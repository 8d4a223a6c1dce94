package trunkline.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.store.StatementRefused;

/// The tables of the delivery core in memory, with what the core relies on: a statement is one
/// transaction, rows are locked until its commit, what it reads is what was committed when it
/// looked, numbers are drawn before the commit and never given back, and a promoted standby may
/// lack the latest commits.
///
/// The statements are written anew after the SQL, one for one; that they do the same is what the
/// contract tests say, which run against both.
public final class MemoryDatabase {
  public static final int SLOTS = 8;
  static final int SEQUENCE_BITS = 47;
  private static final int EPOCH_BITS = 32;
  private static final int WRITER_EPOCH_BITS = 14;
  private static final int TAIL_MAX = 6;

  private final Wire wire;
  private final Consumer<Situation> noted;
  private final LongSupplier nanos;
  private final Set<Quirk> quirks;
  private final Map<Long, Object> locks = new HashMap<>();
  private final Deque<Rows> tail = new ArrayDeque<>();
  private boolean keepsTail;
  private Rows rows = new Rows();
  private long events;
  private long announced;
  private long numbers;
  private int instances;

  /// The way of a statement to the database and of its answer back.
  public interface Wire {
    <T> T send(MemoryDatabase database, Statement<T> statement);
  }

  /// One transaction.
  public interface Statement<T> {
    /// As the heading of the SQL.
    String name();

    /// The streams whose rows it locks, in this order, before anything else.
    default Set<Long> locked() {
      return Set.of();
    }

    /// Runs when it arrives, before its locks are had: the snapshot.
    default void look() {}

    /// Runs under the locks, some time before the commit.
    default void draw() {}

    /// What it changes, all at once.
    T commit();
  }

  /// Whatever is stored: what a promoted standby has is one of the former ones.
  private static final class Rows {
    final TreeMap<Long, Client> sessions = new TreeMap<>();
    final TreeMap<Long, Stream> streams = new TreeMap<>();
    final TreeMap<Long, Call> calls = new TreeMap<>();
    final TreeMap<Integer, Member> members = new TreeMap<>();
    final TreeMap<Long, Message> messages = new TreeMap<>();
    final TreeMap<Long, Notice> notices = new TreeMap<>();
    final Map<Key, Batch> batches = new HashMap<>();
    long base;
    long timeline = 1;
    int slot;
    long slotOpenedNanos = 1;
    long noticeFloor;

    Rows copy() {
      var copy = new Rows();
      sessions.forEach((key, row) -> copy.sessions.put(key, row.copy()));
      streams.forEach((key, row) -> copy.streams.put(key, row.copy()));
      calls.forEach((key, row) -> copy.calls.put(key, row.copy()));
      members.forEach((key, row) -> copy.members.put(key, row.copy()));
      copy.messages.putAll(messages);
      copy.notices.putAll(notices);
      copy.batches.putAll(batches);
      copy.base = base;
      copy.timeline = timeline;
      copy.slot = slot;
      copy.slotOpenedNanos = slotOpenedNanos;
      copy.noticeFloor = noticeFloor;
      return copy;
    }
  }

  /// A row of `sessions`.
  public static final class Client {
    public long key;
    public String id = "";
    public long standalone;
    public boolean ended;
    public long endedNanos;

    private Client copy() {
      var copy = new Client();
      copy.key = key;
      copy.id = id;
      copy.standalone = standalone;
      copy.ended = ended;
      copy.endedNanos = endedNanos;
      return copy;
    }
  }

  /// A row of `streams`.
  public static final class Stream {
    public long id;
    public long session;
    public boolean standalone;
    public @Nullable Integer holder;
    public long holderEpoch;
    public @Nullable Integer writer;
    public int writerEpoch;
    public int handedEpoch;
    public boolean finished;
    public long trimmedThrough;
    public long own;
    public long announcement;
    public long positionEpoch;
    public boolean settled = true;
    public long createdNanos;
    public long closedNanos;
    public @Nullable String closeReason;

    private Stream copy() {
      var copy = new Stream();
      copy.id = id;
      copy.session = session;
      copy.standalone = standalone;
      copy.holder = holder;
      copy.holderEpoch = holderEpoch;
      copy.writer = writer;
      copy.writerEpoch = writerEpoch;
      copy.handedEpoch = handedEpoch;
      copy.finished = finished;
      copy.trimmedThrough = trimmedThrough;
      copy.own = own;
      copy.announcement = announcement;
      copy.positionEpoch = positionEpoch;
      copy.settled = settled;
      copy.createdNanos = createdNanos;
      copy.closedNanos = closedNanos;
      copy.closeReason = closeReason;
      return copy;
    }
  }

  /// A row of `calls`.
  public static final class Call {
    public long id;
    public long stream;
    public long session;
    public String requestId = "";
    public byte[] request = new byte[0];
    public String principal = "";
    public boolean rerunnable;
    public long opening;
    public int runs = 1;
    public int runEpoch = 1;
    public Map<String, String> steps = new LinkedHashMap<>();
    public boolean finished;
    public @Nullable String cancelled;

    private Call copy() {
      var copy = new Call();
      copy.id = id;
      copy.stream = stream;
      copy.session = session;
      copy.requestId = requestId;
      copy.request = request;
      copy.principal = principal;
      copy.rerunnable = rerunnable;
      copy.opening = opening;
      copy.runs = runs;
      copy.runEpoch = runEpoch;
      copy.steps = new LinkedHashMap<>(steps);
      copy.finished = finished;
      copy.cancelled = cancelled;
      return copy;
    }
  }

  /// A row of `instances`.
  public static final class Member {
    public int id;
    public long leaseUntilNanos;
    public long beatNanos;
    public boolean dead;
    public boolean left;

    /// Neither dead nor gone.
    public boolean isPresent() {
      return !dead && !left;
    }

    private Member copy() {
      var copy = new Member();
      copy.id = id;
      copy.leaseUntilNanos = leaseUntilNanos;
      copy.beatNanos = beatNanos;
      copy.dead = dead;
      copy.left = left;
      return copy;
    }
  }

  /// A row of `outbound_messages`.
  @SuppressWarnings("ArrayRecordComponent")
  public record Message(long id, long stream, int slot, byte[] payload, long nanos) {}

  /// A row of `announcements`.
  @SuppressWarnings("ArrayRecordComponent")
  public record Notice(long id, byte[] payload, long writer, long number) {}

  /// The key of a row of `publish_batches`.
  public record Key(long writer, long number, int slot) {}

  /// A row of `publish_batches`.
  ///
  /// @param taken no attempt will ever store it
  public record Batch(List<Long> ids, Set<Integer> rejected, boolean taken) {}

  /// @param noted hears of each situation that a statement meets
  public MemoryDatabase(
      Wire wire, LongSupplier nanos, Set<Quirk> quirks, Consumer<Situation> noted) {
    this.noted = noted;
    this.wire = wire;
    this.nanos = nanos;
    this.quirks = Set.copyOf(quirks);
  }

  /// A deliberate fault, for tests that want to see it found.
  public boolean has(Quirk quirk) {
    return quirks.contains(quirk);
  }

  public void note(Situation situation) {
    noted.accept(situation);
  }

  public <T> T run(Statement<T> statement) {
    return wire.send(this, statement);
  }

  /// Remembers the latest commits, so that [#promote] may lose them.
  void keepTail() {
    keepsTail = true;
  }

  // What the database's side of a statement does, step by step.

  /// Locks a row, unless somebody else has.
  public synchronized boolean lock(Object owner, long stream) {
    return locks.putIfAbsent(stream, owner) == null || owner.equals(locks.get(stream));
  }

  public synchronized void unlock(Object owner) {
    locks.values().removeIf(owner::equals);
  }

  synchronized void unlockAll() {
    locks.clear();
  }

  synchronized <T> T commit(Statement<T> statement) {
    if (keepsTail) {
      tail.addLast(rows.copy());
      if (tail.size() > TAIL_MAX) {
        tail.removeFirst();
      }
    }
    return statement.commit();
  }

  /// Whether the row is locked by somebody.
  public synchronized boolean isLocked(long stream) {
    return locks.containsKey(stream);
  }

  /// A standby takes over that has not got the latest commits.
  ///
  /// @return the messages that are lost
  synchronized List<String> promote(int lost) {
    var before = new TreeMap<>(rows.messages);
    var former = rows;
    for (var each = 0; each < lost && !tail.isEmpty(); each++) {
      rows = tail.removeLast();
    }
    tail.clear();
    before.keySet().removeAll(rows.messages.keySet());
    var notices = new TreeMap<>(former.notices);
    notices.keySet().removeAll(rows.notices.keySet());
    if (has(Quirk.TIMELINE_FORGOTTEN)) {
      events -= before.size();
    } else {
      rows.timeline = former.timeline + 1;
    }
    return java.util.stream.Stream.concat(
            before.values().stream().map(Message::payload),
            notices.values().stream().map(Notice::payload))
        .map(payload -> new String(payload, StandardCharsets.UTF_8))
        .toList();
  }

  // What the statements read and write.

  public long nanos() {
    return nanos.getAsLong();
  }

  public long prefix() {
    return (rows.base + rows.timeline) << SEQUENCE_BITS;
  }

  /// A promoted standby may lack claims: epochs of holders go on above those of its past.
  public long epochFloor() {
    return has(Quirk.EPOCHS_OF_THE_PAST) ? 0 : (rows.base + rows.timeline - 1) << EPOCH_BITS;
  }

  /// The same of take-overs, for epochs of writers.
  public int writerEpochFloor() {
    return has(Quirk.WRITERS_OF_THE_PAST)
        ? 0
        : (int) (rows.base + rows.timeline - 1) << WRITER_EPOCH_BITS;
  }

  public long timeline() {
    return rows.timeline;
  }

  public void raiseBase() {
    rows.base++;
  }

  public long nextEvent() {
    return prefix() | ++events;
  }

  public long lastEvent() {
    return prefix() | events;
  }

  public long nextNotice() {
    return prefix() | ++announced;
  }

  public long lastNotice() {
    return prefix() | announced;
  }

  public long nextNumber() {
    return ++numbers;
  }

  public int nextInstance() {
    return ++instances;
  }

  public int slot() {
    return rows.slot;
  }

  public long slotOpenedNanos() {
    return rows.slotOpenedNanos;
  }

  public void moveTo(int slot) {
    rows.slot = slot;
    rows.slotOpenedNanos = nanos();
  }

  public long noticeFloor() {
    return rows.noticeFloor;
  }

  public Map<Long, Client> sessions() {
    return rows.sessions;
  }

  public Map<Long, Stream> streams() {
    return rows.streams;
  }

  public Map<Long, Call> calls() {
    return rows.calls;
  }

  public Map<Integer, Member> members() {
    return rows.members;
  }

  public NavigableMap<Long, Message> messages() {
    return rows.messages;
  }

  public NavigableMap<Long, Notice> notices() {
    return rows.notices;
  }

  public Map<Key, Batch> batches() {
    return rows.batches;
  }

  public @Nullable Stream stream(long id) {
    return rows.streams.get(id);
  }

  /// A stream's messages after an id, in the order of their ids.
  public List<Message> messages(long stream, long after) {
    var found = new ArrayList<Message>();
    for (var message : rows.messages.tailMap(after, false).values()) {
      if (message.stream() == stream) {
        found.add(message);
      }
    }
    return found;
  }

  /// Whether an instance may be expected to answer.
  public boolean isAlive(Member member) {
    return member.isPresent() && member.leaseUntilNanos > nanos();
  }

  /// A session with its standalone stream.
  public Client open(String id) {
    var client = new Client();
    client.key = nextNumber();
    client.id = id;
    client.standalone = open(client.key, true, 0).id;
    rows.sessions.put(client.key, client);
    return client;
  }

  /// A stream that nobody holds.
  public Stream open(long session, boolean standalone, int writerEpoch) {
    var stream = new Stream();
    stream.id = nextNumber();
    stream.session = session;
    stream.standalone = standalone;
    stream.writerEpoch = writerEpoch;
    stream.createdNanos = nanos();
    rows.streams.put(stream.id, stream);
    return stream;
  }

  /// An instance with a lease.
  public Member enter(long leaseNanos) {
    var member = new Member();
    member.id = nextInstance();
    member.beatNanos = nanos();
    member.leaseUntilNanos = nanos() + leaseNanos;
    rows.members.put(member.id, member);
    return member;
  }

  /// Ends a session: its streams are finished, its calls over. Who holds one reads its end by
  /// itself.
  public void end(long session) {
    var client = rows.sessions.get(session);
    if (client == null || client.ended) {
      return;
    }
    client.ended = true;
    client.endedNanos = nanos();
    for (var stream : rows.streams.values()) {
      if (stream.session == session) {
        stream.finished = true;
      }
    }
    for (var call : rows.calls.values()) {
      if (call.session == session) {
        call.finished = true;
      }
    }
  }

  public static StatementRefused refused(String why) {
    return new StatementRefused(why, new IllegalArgumentException(why));
  }

  /// The streams of these, for a statement's locks.
  public static Set<Long> ascending(Iterable<Long> streams) {
    var all = new TreeSet<Long>();
    streams.forEach(all::add);
    return all;
  }
}
