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
