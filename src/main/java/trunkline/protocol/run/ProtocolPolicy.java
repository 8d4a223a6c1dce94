package trunkline.protocol.run;

import java.time.Duration;

/// The limits of calls.
///
/// @param upgradeAfter a call that is not answered by then becomes a stream
/// @param askPatience how long a question to the client stays open
/// @param databasePatience how long a request waits for a database that is away
/// @param sessionCallsMax calls of one session that this instance runs at a time
/// @param callsMax calls that this instance runs at a time, and tasks besides them
public record ProtocolPolicy(
    Duration upgradeAfter,
    Duration askPatience,
    Duration databasePatience,
    int sessionCallsMax,
    int callsMax) {
  public static final ProtocolPolicy DEFAULT =
      new ProtocolPolicy(
          Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofSeconds(30), 256, 10_000);
}
