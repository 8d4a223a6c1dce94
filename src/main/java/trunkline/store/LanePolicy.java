package trunkline.store;

import java.time.Duration;

/// The limits of a [Lane].
///
/// @param batchMax questions in one statement
/// @param queueMax questions that may wait; beyond that the caller blocks
/// @param patience limit of repeating a question while the database is away
public record LanePolicy(int batchMax, int queueMax, Duration patience) {
  public LanePolicy {
    if (batchMax < 1 || queueMax < batchMax || patience.isNegative()) {
      throw new IllegalArgumentException(
          "batchMax " + batchMax + ", queueMax " + queueMax + ", patience " + patience);
    }
  }
}
