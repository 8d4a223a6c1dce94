package trunkline.stream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import trunkline.session.StreamId;
import trunkline.store.Clockwork;
import trunkline.stream.MessageStore.ReadRequest;
import trunkline.stream.MessageStore.StreamReady;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Finds what no wake-up reported to this instance's followers. For one thread.
final class MissedNews {
  private static final int REQUESTS_MAX = 2_000;
  private static final int ALL = -1;

  /// Messages that waited longer than this were found too late: counted, 0 in health.
  private static final long LATE_MILLIS = 500;

  private static final long EVERYWHERE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final MessageStore messages;
  private final CurrentSlot slot;
  private final Followers followers;
  private final EventSink events;
  private volatile List<Waiting> waiting = List.of();
  private int sweptSlot = ALL;
  private long lookedEverywhereNanos = Clockwork.nanos();

  private record Key(StreamId stream, long epoch) {}

  /// A message that the latest look has found unread, at this place of its reader.
  private record Waiting(Follower follower, long after, long storedNanos) {
    boolean lasts() {
      return follower.cursor().own() == after;
    }
  }

  MissedNews(MessageStore messages, CurrentSlot slot, Followers followers, EventSink events) {
    this.messages = messages;
    this.slot = slot;
    this.followers = followers;
    this.events = events;
  }

  /// Rings the followers that have something to read; one statement for all of them.
  ///
  /// Reads the leaf being written and the one before; all of them once a minute and after each
  /// rotation, which nothing else notices for streams that are only polled.
  ///
  /// @return how many were rung
  int poll() {
    var readers = followers.all();
    var requests = readers.stream().map(Follower::request).toList();
    if (requests.isEmpty()) {
      waiting = List.of();
      return 0;
    }
    var current = slot.refresh();
    var everywhere =
        current != sweptSlot || Clockwork.nanos() - lookedEverywhereNanos > EVERYWHERE_NANOS;
    var ready = new ArrayList<StreamReady>();
    for (int from = 0; from < requests.size(); from += REQUESTS_MAX) {
      var some = requests.subList(from, Math.min(requests.size(), from + REQUESTS_MAX));
      ready.addAll(ring(some, everywhere ? ALL : current));
    }
    waiting = waiting(readers, requests, ready);
    if (everywhere) {
      sweptSlot = current;
      lookedEverywhereNanos = Clockwork.nanos();
    }
    return ready.size();
  }

  private List<StreamReady> ring(List<ReadRequest> requests, int leaves) {
    var ready = messages.news(leaves, requests);
    ready.forEach(one -> followers.ring(one.stream(), one.epoch()));
    var late = ready.stream().filter(one -> one.waitingMillis() > LATE_MILLIS).toList();
    if (!late.isEmpty()) {
      events.emit(
          new ServerEvent.FoundBySweep(
              late.size(), late.stream().mapToLong(StreamReady::waitingMillis).max().orElse(0)));
    }
    return ready;
  }

  private static List<Waiting> waiting(
      List<Follower> readers, List<ReadRequest> requests, List<StreamReady> ready) {
    var now = Clockwork.nanos();
    var millis =
        ready.stream()
            .filter(one -> one.waitingMillis() > 0)
            .collect(
                Collectors.toMap(
                    one -> new Key(one.stream(), one.epoch()), StreamReady::waitingMillis));
    var found = new ArrayList<Waiting>();
    for (int i = 0; i < readers.size(); i++) {
      var request = requests.get(i);
      var age = millis.get(new Key(request.stream(), request.epoch()));
      if (age != null) {
        var stored = now - TimeUnit.MILLISECONDS.toNanos(age);
        found.add(new Waiting(readers.get(i), request.after(), stored));
      }
    }
    return found;
  }

  /// For how long the oldest message waits that the latest look has found and that has not been
  /// written to its connection since; it grows until then, looks or not. 0 when there is none.
  double oldestSeconds() {
    var found = waiting;
    if (found.isEmpty()) {
      return 0;
    }
    var held = new HashSet<>(followers.all());
    var now = Clockwork.nanos();
    return found.stream()
            .filter(one -> one.lasts() && held.contains(one.follower()))
            .mapToLong(one -> now - one.storedNanos())
            .max()
            .orElse(0)
        / 1e9;
  }
}
