package trunkline.store;

import java.time.Duration;

/// The limits of a [Lane].
///
/// @param batchMax questions in one statement
/// @param queueMax questions that may wait; more make the asker wait
/// @param patience how long a question is repeated while the database is away
public record LanePolicy(int batchMax, int queueMax, Duration patience) {
  public LanePolicy {
    if (batchMax < 1 || queueMax < batchMax || patience.isNegative()) {
      throw new IllegalArgumentException(
          "batchMax " + batchMax + ", queueMax " + queueMax + ", patience " + patience);
    }
  }
}
