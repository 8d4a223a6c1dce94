package trunkline.stream;

import java.util.List;
import java.util.concurrent.TimeUnit;
import trunkline.store.Database;
import trunkline.stream.MessageStore.ReadRequest;
import trunkline.stream.MessageStore.StreamReady;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// What makes streams right without any NOTIFY and after any death: bounded steps for the sweeper.
public final class StreamSweeps {
  private static final int LOOKS_MAX = 2_000;
  private static final int ALL = -1;

  /// News that waited longer than this were not announced in time: counted, 0 in health.
  private static final long LATE_MILLIS = 500;

  private static final long EVERYWHERE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Database database;
  private final StreamStore store;
  private final MessageStore messages;
  private final Followers followers;
  private final Positions positions;
  private final CurrentSlot slot;
  private final Slots slots;
  private final EventSink events;
  private int sweptSlot = ALL;
  private long lookedEverywhereNanos = System.nanoTime();

  StreamSweeps(
      Streams.Below below,
      StreamStore store,
      MessageStore messages,
      Followers followers,
      Positions positions,
      CurrentSlot slot,
      Slots slots) {
    this.database = below.database();
    this.messages = messages;
    this.followers = followers;
    this.positions = positions;
    this.slot = slot;
    this.slots = slots;
    this.events = below.events();
    this.store = store;
  }

  /// Rings the followers that have something to look at; one statement for all of them.
  ///
  /// Looks into the leaf being written and the one before; into all of them once a minute and after
  /// each rotation, which nobody else would notice for streams that are only polled.
  ///
  /// @return how many were rung
  public int news() {
    var looks = followers.all().stream().map(Follower::look).toList();
    if (looks.isEmpty()) {
      return 0;
    }
    var current = database.call(messages::currentSlot);
    slot.saw(current);
    var everywhere =
        current != sweptSlot || System.nanoTime() - lookedEverywhereNanos > EVERYWHERE_NANOS;
    var found = 0;
    for (int from = 0; from < looks.size(); from += LOOKS_MAX) {
      var some = looks.subList(from, Math.min(looks.size(), from + LOOKS_MAX));
      found += ring(some, everywhere ? ALL : current);
    }
    if (everywhere) {
      sweptSlot = current;
      lookedEverywhereNanos = System.nanoTime();
    }
    return found;
  }

  private int ring(List<ReadRequest> looks, int leaves) {
    var news = database.call(c -> messages.news(c, leaves, looks));
    news.forEach(one -> followers.ring(one.stream(), one.epoch()));
    var late = news.stream().filter(one -> one.waitingMillis() > LATE_MILLIS).toList();
    if (!late.isEmpty()) {
      events.emit(
          new ServerEvent.FoundBySweep(
              late.size(), late.stream().mapToLong(StreamReady::waitingMillis).max().orElse(0)));
    }
    return news.size();
  }

  /// Writes how far the connections of this instance have come.
  public int positions() {
    slot.saw(database.call(messages::currentSlot)); // for lanes that have been idle
    return positions.sweep(followers.all());
  }

  /// Releases what dead instances held.
  public int releaseDead(int rowsMax) {
    return database.call(c -> store.releaseDead(c, rowsMax)).size();
  }

  /// Moves the writing to the next slot when it is time.
  public int rotate() {
    return slots.rotate();
  }

  /// Removes finished calls that nobody can resume any more.
  public int forget(int rowsMax) {
    return slots.forget(rowsMax);
  }
}
