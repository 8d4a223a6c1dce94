package trunkline.stream;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;

/// The followers of this process, and the superseded connections that are parked.
final class Followers {
  private final int parkedMax;
  private final Map<Key, Follower> followers = new ConcurrentHashMap<>();
  private final Map<SessionKey, Deque<Parked>> parked = new ConcurrentHashMap<>();
  private final Queue<Follower> leaving = new ConcurrentLinkedQueue<>();
  private volatile int crowd;
  private volatile Predicate<StreamId> closing = _ -> false;

  private record Key(StreamId stream, long epoch) {}

  /// A superseded connection: kept open with comments, because closing it would make the client
  /// reconnect and supersede its own newer one, for ever (delivery: S5).
  static final class Parked {
    private final StreamStore.Holding former;
    private final WakeFlags bell;
    private volatile boolean evicted;
    private volatile long heldEpoch;

    Parked(StreamStore.Holding former, WakeFlags bell) {
      this.former = former;
      this.bell = bell;
    }

    /// Under which it held the stream.
    StreamStore.Holding former() {
      return former;
    }

    /// The stream is nobody's any more; this was the latest holder's epoch.
    void offer(long epoch) {
      heldEpoch = epoch;
      bell.ring(WakeFlags.FREE);
    }

    long heldEpoch() {
      return heldEpoch;
    }

    boolean isEvicted() {
      return evicted;
    }
  }

  /// @param connectionsMax of one session: beyond it the oldest is closed
  Followers(int connectionsMax) {
    this.parkedMax = connectionsMax - 1;
  }

  void add(Follower follower) {
    followers.put(key(follower.claimed()), follower);
    if (closing.test(follower.claimed().stream())) { // read after adding: a later leave rings it
      follower.ring(WakeFlags.CLOSE);
    }
  }

  void remove(Follower follower) {
    followers.remove(key(follower.claimed()), follower);
  }

  private static Key key(ClaimedStream claimed) {
    return new Key(claimed.stream(), claimed.epoch());
  }

  int count() {
    return followers.size();
  }

  List<Follower> all() {
    return new ArrayList<>(followers.values());
  }

  void ring(StreamId stream, long epoch) {
    var follower = followers.get(new Key(stream, epoch));
    if (follower != null) {
      follower.news();
    }
  }

  /// Sends the client of this holding to another instance.
  ///
  /// @return false: it is not here, or was sent before
  boolean move(StreamStore.Move move) {
    var follower = followers.get(new Key(move.stream(), move.epoch()));
    return follower != null && follower.move(move.to());
  }

  void ring(StreamId stream, long epoch, int button) {
    var follower = followers.get(new Key(stream, epoch));
    if (follower != null) {
      follower.ring(button);
    }
  }

  /// Ends every connection, the parked ones too.
  void closeAll() {
    crowd = followers.size();
    ringAll(WakeFlags.CLOSE, _ -> true);
  }

  /// Those that the condition names are to end: the parked ones now, those that come later when
  /// they come, and those that are here with [#closeNext] or [#closeRest].
  ///
  /// @return how many are here
  int leave(Predicate<StreamId> which) {
    closing = which;
    var here = leaving();
    Collections.shuffle(here); // so that no session's two are told together, nor all of a moment
    leaving.clear();
    leaving.addAll(here);
    crowd = here.size();
    ringParked(WakeFlags.CLOSE);
    return here.size();
  }

  /// Those that are to end and are still here.
  List<Follower> leaving() {
    return new ArrayList<>(
        followers.values().stream()
            .filter(follower -> closing.test(follower.claimed().stream()))
            .toList());
  }

  /// Ends so many of them.
  void closeNext(int atMost) {
    for (int i = 0; i < atMost; i++) {
      var next = leaving.poll();
      if (next == null) {
        return;
      }
      next.ring(WakeFlags.CLOSE);
    }
  }

  /// Ends all of them that are left.
  void closeRest() {
    leaving.clear();
    leaving().forEach(follower -> follower.ring(WakeFlags.CLOSE));
  }

  /// Nobody is to end any more, except those that were told.
  void stay() {
    closing = _ -> false;
    leaving.clear();
  }

  /// Ends what is to end without waiting for the database.
  void cutRest() {
    leaving()
        .forEach(follower -> {
          follower.ring(WakeFlags.CLOSE);
          follower.ring(WakeFlags.CUT);
        });
  }

  /// Ends all without waiting for the database, also those that are being closed.
  void cutAll() {
    closing = _ -> true;
    ringAll(WakeFlags.CLOSE, closing);
    ringAll(WakeFlags.CUT, closing);
  }

  private void ringAll(int button, Predicate<StreamId> which) {
    followers.values().stream()
        .filter(follower -> which.test(follower.claimed().stream()))
        .forEach(follower -> follower.ring(button));
    ringParked(button);
  }

  private void ringParked(int button) {
    parked.values().forEach(all -> List.copyOf(all).forEach(p -> p.bell.ring(button)));
  }

  /// How many connections were closed in the same moment, whose clients come back together.
  int crowd() {
    return crowd;
  }

  void park(SessionKey session, Parked connection) {
    parked.compute(
        session,
        (_, before) -> {
          var all = before == null ? new ConcurrentLinkedDeque<Parked>() : before;
          all.addLast(connection);
          if (closing.test(connection.former.stream())) {
            connection.bell.ring(WakeFlags.CLOSE);
          }
          if (all.size() > parkedMax) {
            var oldest = all.removeFirst();
            oldest.evicted = true;
            oldest.bell.ring(WakeFlags.NEWS);
          }
          return all;
        });
  }

  List<Parked> parked() {
    return parked.values().stream().flatMap(Deque::stream).toList();
  }

  void unpark(SessionKey session, Parked connection) {
    parked.computeIfPresent(
        session,
        (_, all) -> {
          all.remove(connection);
          return all.isEmpty() ? null : all;
        });
  }

  /// The session changed, perhaps ended: its parked connections check whether it still lives.
  void ringParked(SessionKey session) {
    var all = parked.get(session);
    if (all != null) {
      List.copyOf(all).forEach(connection -> connection.bell.ring(WakeFlags.NEWS));
    }
  }
}
