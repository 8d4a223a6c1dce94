package trunkline.stream;

import java.util.List;
import java.util.concurrent.TimeUnit;
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
  private int sweptSlot = ALL;
  private long lookedEverywhereNanos = System.nanoTime();

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
    var requests = followers.all().stream().map(Follower::request).toList();
    if (requests.isEmpty()) {
      return 0;
    }
    var current = slot.refresh();
    var everywhere =
        current != sweptSlot || System.nanoTime() - lookedEverywhereNanos > EVERYWHERE_NANOS;
    var found = 0;
    for (int from = 0; from < requests.size(); from += REQUESTS_MAX) {
      var some = requests.subList(from, Math.min(requests.size(), from + REQUESTS_MAX));
      found += ring(some, everywhere ? ALL : current);
    }
    if (everywhere) {
      sweptSlot = current;
      lookedEverywhereNanos = System.nanoTime();
    }
    return found;
  }

  private int ring(List<ReadRequest> requests, int leaves) {
    var ready = messages.news(leaves, requests);
    ready.forEach(one -> followers.ring(one.stream(), one.epoch()));
    var late = ready.stream().filter(one -> one.waitingMillis() > LATE_MILLIS).toList();
    if (!late.isEmpty()) {
      events.emit(
          new ServerEvent.FoundBySweep(
              late.size(), late.stream().mapToLong(StreamReady::waitingMillis).max().orElse(0)));
    }
    return ready.size();
  }
}
