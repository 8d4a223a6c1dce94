package trunkline.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import trunkline.session.StreamId;
import trunkline.stream.PublishLane.Handed;

/// Streams whose row is locked elsewhere, each with its messages in order, so that one locked row
/// does not delay the streams beside it (delivery: S15). Belongs to one lane's thread.
final class LockedStreams {
  private static final int MESSAGES_MAX = 1_000;

  private final Map<StreamId, Deque<Handed>> waiting = new LinkedHashMap<>();

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  List<StreamId> streams() {
    return List.copyOf(waiting.keySet());
  }

  /// Queues a message behind its busy stream; false when the stream is not busy.
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
                      + " is locked by another transaction and "
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
    back.forEach((stream, queue) -> {
      var behind = waiting.put(stream, queue);
      if (behind != null) {
        queue.addAll(behind);
      }
    });
    return rest;
  }

  /// Whether the message is the next one of a stream that waits.
  boolean isFirst(Handed handed) {
    var queue = waiting.get(handed.message().stream());
    return queue != null && handed.equals(queue.peekFirst());
  }

  /// Puts messages in the place of the first one that waits.
  void replaceFirst(StreamId stream, List<Handed> messages) {
    var queue = waiting.get(stream);
    if (queue != null) {
      queue.removeFirst();
      messages.reversed().forEach(queue::addFirst);
    }
  }

  /// Takes up to `max` messages of streams that are not locked any more.
  List<Handed> release(Collection<StreamId> stillLocked, int max) {
    var free = new ArrayList<Handed>();
    for (var entries = waiting.entrySet().iterator(); entries.hasNext() && free.size() < max; ) {
      var entry = entries.next();
      if (!stillLocked.contains(entry.getKey())) {
        while (free.size() < max && !entry.getValue().isEmpty()) {
          free.add(entry.getValue().removeFirst());
        }
        if (entry.getValue().isEmpty()) {
          entries.remove();
        }
      }
    }
    return free;
  }

  List<Handed> drain() {
    var all = new ArrayList<Handed>();
    waiting.values().forEach(all::addAll);
    waiting.clear();
    return all;
  }
}
