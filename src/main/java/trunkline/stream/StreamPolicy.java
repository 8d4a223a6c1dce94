package trunkline.stream;

import java.time.Duration;

/// The limits of streams.
///
/// @param retry what a client is told to wait before it reconnects
/// @param historyMessagesMax messages a stream keeps for replay
/// @param historyAgeMax how long messages are kept at least
/// @param announceConnections whether opened and closed streams are NOTIFYed on
///   `trunkline_connections`
public record StreamPolicy(
    Duration retry, int historyMessagesMax, Duration historyAgeMax, boolean announceConnections) {
  public static final StreamPolicy DEFAULT =
      new StreamPolicy(Duration.ofSeconds(1), 1_000, Duration.ofHours(1), false);

  public StreamPolicy {
    if (historyMessagesMax < 1 || historyAgeMax.toSeconds() < 1 || retry.isNegative()) {
      throw new IllegalArgumentException(
          "history of " + historyMessagesMax + " messages, " + historyAgeMax + ", retry " + retry);
    }
  }
}
