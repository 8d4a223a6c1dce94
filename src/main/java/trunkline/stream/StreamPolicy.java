package trunkline.stream;

import java.time.Duration;

/// The limits of streams.
///
/// @param retry how long a client must wait before it reconnects
/// @param historyMessagesMax messages a stream keeps for replay
/// @param historyAgeMax how long messages are kept at least
/// @param announceConnections whether opened and closed streams are NOTIFYed on
///   `trunkline_connections`
/// @param sessionStreamsMax calls of one session that are streams at a time, in the cluster; calls
///   that become streams in the same moment do not see each other, so a burst may exceed it
/// @param sessionConnectionsMax connections of one session to an instance, of which the newest
///   follows the stream
/// @param messageBytesMax largest message
public record StreamPolicy(
    Duration retry,
    int historyMessagesMax,
    Duration historyAgeMax,
    boolean announceConnections,
    int sessionStreamsMax,
    int sessionConnectionsMax,
    int messageBytesMax) {
  private static final Duration DOUBT_MAX = Duration.ofMinutes(5);

  public StreamPolicy {
    if (historyMessagesMax < 1 || historyAgeMax.toSeconds() < 1 || retry.isNegative()) {
      throw new IllegalArgumentException(
          "history of " + historyMessagesMax + " messages, " + historyAgeMax + ", retry " + retry);
    }
    if (sessionStreamsMax < 1 || sessionConnectionsMax < 2 || messageBytesMax < 4_096) {
      throw new IllegalArgumentException(
          "streams "
              + sessionStreamsMax
              + ", connections "
              + sessionConnectionsMax
              + ", bytes "
              + messageBytesMax);
    }
  }

  /// How long a batch whose answer was lost may be looked for. It is remembered in a slot that was
  /// current at most as long before it was sent, and is kept for seven turns of the slots, of which
  /// six make the history's age: whoever looked later might not find what is stored, and store it
  /// twice.
  Duration doubtMax() {
    var half = historyAgeMax.dividedBy(2);
    return half.compareTo(DOUBT_MAX) < 0 ? half : DOUBT_MAX;
  }

  /// Clients wait a second before they reconnect.
  public static StreamPolicy of(
      int historyMessagesMax,
      Duration historyAgeMax,
      boolean announceConnections,
      int sessionStreamsMax,
      int sessionConnectionsMax,
      int messageBytesMax) {
    return new StreamPolicy(
        Duration.ofSeconds(1),
        historyMessagesMax,
        historyAgeMax,
        announceConnections,
        sessionStreamsMax,
        sessionConnectionsMax,
        messageBytesMax);
  }
}
