package trunkline.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Keeps what senders and readers saw and judges it afterwards: per stream, was each acknowledged
/// message delivered there, once, and in order?
///
/// A message is any text that is unique within its stream; one that goes to many streams (a
/// broadcast) is attempted once for each. Readers report what they received in the order in which
/// they received it, across reconnects; two readers of one stream take turns, as its holders do.
/// All methods may be called by many threads at once.
public final class History {
  private final AtomicLong clock = new AtomicLong();
  private final Queue<Sent> attempts = new ConcurrentLinkedQueue<>();
  private final Queue<Sent> acknowledgements = new ConcurrentLinkedQueue<>();
  private final Queue<Received> deliveries = new ConcurrentLinkedQueue<>();

  /// Must be called before the message is sent.
  public void attempted(String stream, String message) {
    attempts.add(new Sent(stream, message, null, clock.incrementAndGet()));
  }

  /// Must be called when the sender knows that the message is committed.
  public void acknowledged(String stream, String message) {
    acknowledged(stream, message, null);
  }

  /// As above, with the id that the sender received.
  public void acknowledged(String stream, String message, @Nullable String eventId) {
    acknowledgements.add(new Sent(stream, message, eventId, clock.incrementAndGet()));
  }

  /// Must be called when a reader has the whole event.
  ///
  /// @param eventId as on the wire, `stream.own.announcement`, or a plain number
  public void delivered(String stream, String message, String eventId, String reader) {
    deliveries.add(new Received(stream, message, eventId, reader, System.nanoTime()));
  }

  /// Judges what has been reported so far, in time linear in its length.
  public Verdict verdict() {
    var streams = new LinkedHashMap<String, Map<String, Fate>>();
    var known = new HashSet<String>();
    for (var sent : attempts) {
      known.add(sent.message);
      streams
          .computeIfAbsent(sent.stream, _ -> new HashMap<>())
          .put(sent.message, new Fate(sent.time));
    }
    var findings = new ArrayList<Finding>();
    for (var sent : acknowledgements) {
      var fate = streams.getOrDefault(sent.stream, Map.of()).get(sent.message);
      if (fate == null) {
        throw new IllegalStateException("acknowledged, never attempted: " + sent);
      }
      fate.acknowledgedAt = Math.min(fate.acknowledgedAt, sent.time);
      fate.acknowledgedId = sent.eventId;
    }
    judgeDeliveries(streams, known, findings);
    var unacknowledged = 0L;
    for (var stream : streams.entrySet()) {
      for (var message : stream.getValue().entrySet()) {
        var fate = message.getValue();
        if (fate.isAcknowledged() && fate.delivered == null) {
          findings.add(
              new Finding(
                  Kind.LOST,
                  stream.getKey(),
                  message.getKey(),
                  "acknowledged"
                      + (fate.acknowledgedId == null ? "" : " as " + fate.acknowledgedId)));
        } else if (!fate.isAcknowledged() && fate.delivered != null) {
          unacknowledged++;
        }
      }
    }
    return new Verdict(
        findings, attempts.size(), acknowledgements.size(), deliveries.size(), unacknowledged);
  }

  private void judgeDeliveries(
      Map<String, Map<String, Fate>> streams, Set<String> known, List<Finding> findings) {
    var inOrder = new HashMap<String, List<Fate>>();
    var latest = new HashMap<String, Received>();
    for (var received : deliveries) {
      var fate = streams.getOrDefault(received.stream, Map.of()).get(received.message);
      if (fate == null) {
        findings.add(received.as(known.contains(received.message) ? Kind.MISROUTED : Kind.PHANTOM));
        continue;
      }
      if (fate.delivered != null) {
        findings.add(received.as(Kind.DUPLICATE, "first " + fate.delivered));
        continue;
      }
      fate.delivered = received;
      if (fate.acknowledgedId != null && !fate.acknowledgedId.equals(received.eventId)) {
        findings.add(received.as(Kind.PHANTOM, "acknowledged as " + fate.acknowledgedId));
      }
      var before = latest.put(received.stream, received);
      if (before != null && !received.isAfter(before)) {
        findings.add(received.as(Kind.INVERTED, "after " + before));
      }
      inOrder.computeIfAbsent(received.stream, _ -> new ArrayList<>()).add(fate);
    }
    inOrder.values().forEach(order -> judgeCausality(order, findings));
  }

  /// A message acknowledged before another was even attempted comes before it, whatever the ids.
  private static void judgeCausality(List<Fate> order, List<Finding> findings) {
    var earliest = Long.MAX_VALUE;
    for (var fate : order.reversed()) {
      if (earliest < fate.attemptedAt && fate.delivered != null) {
        findings.add(
            fate.delivered.as(
                Kind.INVERTED, "before one that was acknowledged before this was attempted"));
      }
      earliest = Math.min(earliest, fate.acknowledgedAt);
    }
  }

  public enum Kind {
    /// Acknowledged, and not delivered.
    LOST,
    /// Delivered again.
    DUPLICATE,
    /// Its id does not exceed the one before it, or it overtook what must come first.
    INVERTED,
    /// Delivered on a stream it was not sent to.
    MISROUTED,
    /// Delivered, but never sent, or under another id than its sender got.
    PHANTOM
  }

  public record Finding(Kind kind, String stream, String message, String detail) {
    @Override
    public String toString() {
      return kind + " on stream " + stream + ": " + message + " (" + detail + ")";
    }
  }

  /// The verdict on the history.
  ///
  /// @param unacknowledged delivered although the sender never learned of the commit: allowed
  public record Verdict(
      List<Finding> findings,
      long attempted,
      long acknowledged,
      long delivered,
      long unacknowledged) {
    private static final int SHOWN_MAX = 8;

    public List<Finding> of(Kind kind) {
      return findings.stream().filter(finding -> finding.kind == kind).toList();
    }

    /// Fails with the first few findings of each kind.
    public void requireClean() {
      if (!findings.isEmpty()) {
        throw new AssertionError(this);
      }
    }

    @Override
    public String toString() {
      var text =
          new StringBuilder(
              "%,d attempted, %,d acknowledged, %,d delivered, %,d of them unacknowledged"
                  .formatted(attempted, acknowledged, delivered, unacknowledged));
      for (var kind : Kind.values()) {
        var found = of(kind);
        if (!found.isEmpty()) {
          text.append("\n").append(found.size()).append(" ").append(kind);
          found.stream().limit(SHOWN_MAX).forEach(one -> text.append("\n  ").append(one));
        }
      }
      return text.toString();
    }
  }

  private record Sent(String stream, String message, @Nullable String eventId, long time) {}

  private record Received(
      String stream, String message, String eventId, String reader, long nanoTime) {
    /// Of the numbers after the stream's, none may fall and one must rise.
    boolean isAfter(Received before) {
      var mine = numbers(eventId);
      var others = numbers(before.eventId);
      var rises = false;
      for (var i = 0; i < Math.min(mine.length, others.length); i++) {
        if (mine[i] < others[i]) {
          return false;
        }
        rises |= mine[i] > others[i];
      }
      return rises;
    }

    private static long[] numbers(String eventId) {
      var parts = eventId.split("\\.");
      return Arrays.stream(parts)
          .skip(parts.length > 1 ? 1 : 0)
          .limit(2)
          .mapToLong(Long::parseLong)
          .toArray();
    }

    Finding as(Kind kind, String... detail) {
      var by = "id " + eventId + ", reader " + reader;
      return new Finding(
          kind, stream, message, detail.length == 0 ? by : by + ", " + String.join(", ", detail));
    }

    @Override
    public String toString() {
      return eventId + " \"" + message + "\" by " + reader;
    }
  }

  private static final class Fate {
    private final long attemptedAt;
    private long acknowledgedAt = Long.MAX_VALUE;
    private @Nullable String acknowledgedId;
    private @Nullable Received delivered;

    private Fate(long attemptedAt) {
      this.attemptedAt = attemptedAt;
    }

    private boolean isAcknowledged() {
      return acknowledgedAt != Long.MAX_VALUE;
    }
  }
}
