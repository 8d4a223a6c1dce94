package trunkline.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import trunkline.session.StreamId;
import trunkline.store.Clockwork;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.stream.PublishLane.Handed;

/// Streams that have to wait, each with its messages in order, so that the streams beside them do
/// not (delivery: S15): their row is locked elsewhere, or a batch of theirs is in doubt. Belongs to
/// one lane's thread.
final class WaitingStreams {
  private static final int MESSAGES_MAX = 1_000;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long PAUSE_MAX_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Map<StreamId, Deque<Handed>> waiting = new LinkedHashMap<>();
  private final Set<StreamId> inDoubt = new HashSet<>();
  private final List<Doubt> doubts = new ArrayList<>();

  /// A batch whose answer was lost. A stream is in one at most, since it waits from then on.
  ///
  /// @param why the answer was lost
  /// @param sinceNanos begin of the attempt
  /// @param dueNanos when to look for it next
  record Doubt(
      BatchKey key,
      List<Handed> batch,
      Exception why,
      long sinceNanos,
      long dueNanos,
      long pauseNanos) {

    static Doubt begun(BatchKey key, List<Handed> batch, Exception why, long sinceNanos) {
      return new Doubt(key, List.copyOf(batch), why, sinceNanos, Clockwork.nanos(), PAUSE_NANOS);
    }

    private Doubt later() {
      var next = Math.min(2 * pauseNanos, PAUSE_MAX_NANOS);
      return new Doubt(key, batch, why, sinceNanos, Clockwork.nanos() + pauseNanos, next);
    }

    List<StreamWrite> messages() {
      return batch.stream().map(Handed::message).toList();
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  boolean hasDoubts() {
    return !doubts.isEmpty();
  }

  /// The streams that wait for their row.
  List<StreamId> locked() {
    return waiting.keySet().stream().filter(stream -> !inDoubt.contains(stream)).toList();
  }

  /// Queues a message behind its stream; false when the stream does not wait.
  boolean add(Handed handed) {
    var queue = waiting.get(handed.message().stream());
    if (queue == null) {
      return false;
    }
    if (queue.size() >= MESSAGES_MAX) {
      handed
          .outcome()
          .completeExceptionally(
              new IllegalStateException(
                  "stream "
                      + handed.message().stream().value()
                      + " waits for another transaction, and "
                      + MESSAGES_MAX
                      + " messages wait for it already"));
    } else {
      queue.addLast(handed);
    }
    return true;
  }

  /// Puts the messages of the locked streams back in front of what waits there; returns the rest.
  List<Handed> setAside(List<Handed> batch, Collection<StreamId> locked) {
    var rest = new ArrayList<Handed>();
    var back = new HashMap<StreamId, Deque<Handed>>();
    for (var handed : batch) {
      var stream = handed.message().stream();
      if (locked.contains(stream)) {
        back.computeIfAbsent(stream, _ -> new ArrayDeque<>()).addLast(handed);
      } else {
        rest.add(handed);
      }
    }
    back.forEach(this::putInFront);
    return rest;
  }

  private void putInFront(StreamId stream, Collection<Handed> messages) {
    var queue = new ArrayDeque<>(messages);
    var behind = waiting.put(stream, queue);
    if (behind != null) {
      queue.addAll(behind);
    }
  }

  /// Whether the message waits: as the next one of its stream, or in a batch in doubt.
  boolean holds(Handed handed) {
    var queue = waiting.get(handed.message().stream());
    return (queue != null && handed.equals(queue.peekFirst()))
        || doubts.stream().anyMatch(doubt -> doubt.batch().contains(handed));
  }

  /// Puts messages behind one that waits, and before whatever else does.
  void putBehind(Handed first, List<Handed> next) {
    var stream = first.message().stream();
    var queue = waiting.get(stream);
    if (queue != null && first.equals(queue.peekFirst())) {
      queue.removeFirst();
      putInFront(stream, next);
      putInFront(stream, List.of(first));
    } else {
      putInFront(stream, next);
    }
  }

  /// Takes up to `max` messages of streams that need not wait any more, and no further one when
  /// there are so many bytes: what has waited is a batch as any other.
  List<Handed> release(Collection<StreamId> stillLocked, int max, int bytesMax) {
    var free = new ArrayList<Handed>();
    var bytes = 0L;
    for (var entries = waiting.entrySet().iterator();
        entries.hasNext() && free.size() < max && bytes < bytesMax; ) {
      var entry = entries.next();
      if (!stillLocked.contains(entry.getKey()) && !inDoubt.contains(entry.getKey())) {
        while (free.size() < max && bytes < bytesMax && !entry.getValue().isEmpty()) {
          var next = entry.getValue().removeFirst();
          bytes += next.message().bytes();
          free.add(next);
        }
        if (entry.getValue().isEmpty()) {
          entries.remove();
        }
      }
    }
    return free;
  }

  /// Its streams wait until it is settled.
  void begin(Doubt doubt) {
    doubts.add(doubt);
    for (var handed : doubt.batch()) {
      inDoubt.add(handed.message().stream());
      waiting.computeIfAbsent(handed.message().stream(), _ -> new ArrayDeque<>());
    }
  }

  /// The one to look for now.
  Optional<Doubt> due() {
    var now = Clockwork.nanos();
    return doubts.stream().filter(doubt -> doubt.dueNanos() - now <= 0).findFirst();
  }

  void postpone(Doubt doubt) {
    doubts.set(doubts.indexOf(doubt), doubt.later());
  }

  /// Known at last: what waits behind it may go on.
  void end(Doubt doubt) {
    doubts.remove(doubt);
    for (var handed : doubt.batch()) {
      var stream = handed.message().stream();
      var queue = waiting.get(stream);
      if (inDoubt.remove(stream) && queue != null && queue.isEmpty()) {
        waiting.remove(stream);
      }
    }
  }

  /// Nothing of it is stored: its messages are to be sent again, first of all.
  void sendAgain(Doubt doubt) {
    end(doubt);
    var streams = doubt.batch().stream().map(h -> h.message().stream()).toList();
    var _ = setAside(doubt.batch(), streams);
  }

  /// Everything that waits.
  List<Handed> drain() {
    var all = new ArrayList<Handed>();
    doubts.forEach(doubt -> all.addAll(doubt.batch()));
    waiting.values().forEach(all::addAll);
    doubts.clear();
    inDoubt.clear();
    waiting.clear();
    return all;
  }
}
