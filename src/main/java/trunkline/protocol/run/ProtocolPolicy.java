package trunkline.protocol.run;

import java.time.Duration;

/// The limits of calls.
///
/// @param upgradeAfter a call not answered by then becomes a stream
/// @param askPatience how long a question to the client stays open
/// @param databasePatience how long a request waits for a database that is away
/// @param sessionQuestionsMax questions of this instance that one session's client may leave
///   unanswered
/// @param sessionCallsMax calls of one session that this instance runs at a time
/// @param principalCallsMax requests without a session, of one principal, that this instance runs
///   at a time
/// @param principalListensMax streams for changes without a session, of one principal, that this
///   instance holds at a time
/// @param callsMax calls that this instance runs at a time, and tasks besides them
public record ProtocolPolicy(
    Duration upgradeAfter,
    Duration askPatience,
    Duration databasePatience,
    int sessionQuestionsMax,
    int sessionCallsMax,
    int principalCallsMax,
    int principalListensMax,
    int callsMax) {

  public ProtocolPolicy {
    if (!upgradeAfter.isPositive() || !askPatience.isPositive() || !databasePatience.isPositive()) {
      throw new IllegalArgumentException(
          "upgradeAfter %s, askPatience %s, databasePatience %s"
              .formatted(upgradeAfter, askPatience, databasePatience));
    }
    if (sessionQuestionsMax < 1
        || sessionCallsMax < 1
        || principalCallsMax < 1
        || principalListensMax < 1
        || callsMax < 1) {
      throw new IllegalArgumentException(
          "sessionQuestionsMax %d, sessionCallsMax %d, principalCallsMax %d, principalListensMax %d, callsMax %d"
              .formatted(
                  sessionQuestionsMax,
                  sessionCallsMax,
                  principalCallsMax,
                  principalListensMax,
                  callsMax));
    }
  }

  /// A call becomes a stream after 2 s; a request waits 30 s for the database.
  public static ProtocolPolicy of(
      Duration askPatience,
      int sessionQuestionsMax,
      int sessionCallsMax,
      int principalCallsMax,
      int principalListensMax,
      int callsMax) {
    return new ProtocolPolicy(
        Duration.ofSeconds(2),
        askPatience,
        Duration.ofSeconds(30),
        sessionQuestionsMax,
        sessionCallsMax,
        principalCallsMax,
        principalListensMax,
        callsMax);
  }
}
