package trunkline.protocol;

import java.time.Duration;

/// The limits of calls.
///
/// @param upgradeAfter a call that is not answered by then becomes a stream
/// @param askPatience how long a question to the client stays open
/// @param databasePatience how long a request waits for a database that is away
public record ProtocolPolicy(
    Duration upgradeAfter, Duration askPatience, Duration databasePatience) {
  public static final ProtocolPolicy DEFAULT =
      new ProtocolPolicy(Duration.ofSeconds(2), Duration.ofMinutes(5), Duration.ofSeconds(30));
}
