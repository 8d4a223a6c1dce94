package trunkline.stream;

import java.util.Optional;
import java.util.regex.Pattern;
import trunkline.session.StreamId;

/// The content of `Last-Event-ID`: a place in a stream's own messages and in the announcements.
///
/// On the wire `stream.own.announcement`; priming and keep-alive events add `.epoch.n`, which makes
/// them unique in the session (MCP 2025-11-25, Transports §Resumability) and is ignored when a
/// client resumes. `own` and `announcement` are the newest ids that the client has, 0 for none; a
/// call's stream has no announcements.
public record EventId(StreamId stream, long own, long announcement) {
  private static final Pattern SHAPE =
      Pattern.compile("(\\d{1,18})\\.(\\d{1,19})\\.(\\d{1,19})(?:\\.\\d{1,19}\\.\\d{1,19})?");

  /// No id is as high: bases and timelines together end below (delivery: S17).
  private static final long NEVER_ISSUED = 1L << 62;

  /// Parses an untrusted header; any other shape, and what was never issued anywhere, is empty.
  public static Optional<EventId> parse(String header) {
    var parts = SHAPE.matcher(header);
    if (!parts.matches()) {
      return Optional.empty();
    }
    try {
      var own = Long.parseLong(parts.group(2));
      var announcement = Long.parseLong(parts.group(3));
      return own < NEVER_ISSUED && announcement < NEVER_ISSUED
          ? Optional.of(
              new EventId(new StreamId(Long.parseLong(parts.group(1))), own, announcement))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty(); // above 2^63: nothing we ever issued
    }
  }

  EventId withOwn(long newest) {
    return new EventId(stream, newest, announcement);
  }

  EventId withAnnouncement(long newest) {
    return new EventId(stream, own, newest);
  }

  /// What both places have behind them, of one stream.
  EventId orLater(EventId other) {
    return new EventId(
        stream, Math.max(own, other.own), Math.max(announcement, other.announcement));
  }

  /// The id of a message.
  public String text() {
    return stream.value() + "." + own + "." + announcement;
  }

  /// The id of an event that carries no message but the place.
  public String text(long epoch, long number) {
    return text() + "." + epoch + "." + number;
  }
}
