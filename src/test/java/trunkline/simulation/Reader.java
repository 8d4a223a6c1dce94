package trunkline.simulation;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import trunkline.session.Session;
import trunkline.session.StreamId;
import trunkline.stream.EventId;

/// A client's end of one stream, over all its connections: it remembers the newest id that it has,
/// unless it is one of those that forget it, and knows which copies it has itself to blame for.
final class Reader {
  static final String GAP = "gap";
  private final World world;
  final Session session;
  final StreamId stream;
  final boolean standalone;
  final List<Connection> connections = new ArrayList<>();
  private final Map<String, First> firsts = new HashMap<>();
  private final Set<String> heard = new HashSet<>();
  private boolean toldOfAGap;
  private final Set<String> lostOnTheWay = new HashSet<>();
  @Nullable EventId last;
  private @Nullable Connection latest;
  private long latestOwn;
  private long latestNanos;
  long gapThrough;
  boolean forgot;
  boolean over;

  /// Where a message came first.
  private record First(Connection connection, long nanos) {}

  Reader(World world, Session session, StreamId stream, boolean standalone) {
    this.world = world;
    this.session = session;
    this.stream = stream;
    this.standalone = standalone;
  }

  /// Written to the socket of a client that had gone.
  void swallowed(byte @Nullable [] payload) {
    if (payload != null) {
      lostOnTheWay.add(new String(payload, StandardCharsets.UTF_8));
    }
  }

  void received(Connection connection, String id, byte @Nullable [] payload) {
    var place = EventId.parse(id).orElseThrow();
    var newest = last;
    last = newest == null ? place : furthest(newest, place);
    if (payload == null) {
      return;
    }
    var text = new String(payload, StandardCharsets.UTF_8);
    world.trace(() -> connection + " receives " + text + " at " + place.own());
    if (text.equals(GAP)) {
      toldOfAGap = true;
      gapThrough = Math.max(gapThrough, place.own());
      if (newest != null && timeline(newest) <= timeline(place)) {
        last = place; // which is before one of a lost future
      }
      world.reached(Situation.S11);
      return;
    }
    if (text.startsWith("{")) {
      return; // the error of a call whose instance was lost, which nobody here has sent
    }
    if (world.witness.isNotice(text)) {
      hear(text, place.announcement(), connection);
      return;
    }
    var first = firsts.putIfAbsent(text, new First(connection, world.schedule.nanos()));
    if (first != null && isItsOwnFault(first, connection, place.own())) {
      return;
    }
    if (first == null && overtakes(connection, place.own())) {
      world.witness.excuse(text);
      return;
    }
    latest = connection;
    latestOwn = place.own();
    latestNanos = world.schedule.nanos();
    world.witness.delivered(this, text, place.own(), connection);
  }

  /// Announcements come in the order of their ids to one connection, and once.
  private void hear(String text, long id, Connection connection) {
    if (id <= connection.heardThrough) {
      world.witness.found(connection + " hears " + text + " after a later one");
    }
    connection.heardThrough = id;
    heard.add(text);
  }

  private static EventId furthest(EventId one, EventId other) {
    return new EventId(
        one.stream(),
        Math.max(one.own(), other.own()),
        Math.max(one.announcement(), other.announcement()));
  }

  private static long timeline(EventId place) {
    return place.own() >> MemoryDatabase.SEQUENCE_BITS;
  }

  boolean hasHeard(String text) {
    return heard.contains(text);
  }

  /// As for messages.
  boolean mayMissNotice(String text) {
    return toldOfAGap || (lostOnTheWay.contains(text) && (forgot || connections.size() > 1));
  }

  /// Two connections at a time have no order between them, and who asks again gets again.
  private boolean overtakes(Connection connection, long own) {
    var before = latest;
    return before != null
        && before != connection
        && own < latestOwn
        && (connection.openedNanos < before.openedNanos
            || !before.closed
            || isAskedAgain(latestNanos, own));
  }

  /// Whoever names a place asks for what comes after it, though another connection of its has had
  /// it; and whoever names none gets again what was not yet written down when its holder died.
  private boolean isItsOwnFault(First first, Connection again, long own) {
    var one = first.connection();
    if (one == again) {
      return false;
    }
    return (asked(again, own) && first.nanos() >= again.openedNanos)
        || (asked(one, own) && one.openedNanos >= again.openedNanos)
        || (again.from == null && isAskedAgain(first.nanos(), own))
        || ((again.from == null || again.openedNanos < one.openedNanos)
            && world.mayHaveLostItsWord(one.node, first.nanos(), again));
  }

  /// A request of its that came late, which it no longer waits for, has named an earlier place.
  private boolean isAskedAgain(long sinceNanos, long own) {
    return connections.stream()
        .anyMatch(other -> other.granted && other.grantedNanos >= sinceNanos && asked(other, own));
  }

  private static boolean asked(Connection connection, long own) {
    return connection.from != null && connection.from.own() < own;
  }

  /// Whether it may miss this one: told of a gap, or written to the socket it had left, which
  /// counts as delivered where no id says otherwise.
  boolean mayMiss(String text, long own) {
    return own <= gapThrough || (lostOnTheWay.contains(text) && (forgot || connections.size() > 1));
  }

  boolean has(String text) {
    return firsts.containsKey(text);
  }

  @Override
  public String toString() {
    return "stream " + stream.value();
  }
}
