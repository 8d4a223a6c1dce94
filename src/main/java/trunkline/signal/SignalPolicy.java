package trunkline.signal;

import java.time.Duration;

/// How wake-ups travel, and when the path they take counts as broken.
///
/// @param listening whether to listen and notify at all
/// @param canaryInterval pause between two proofs that NOTIFY arrives
/// @param canaryPatience how long a canary may take before it counts as missed
/// @param canariesMissedMax misses in a row after which the path is broken
/// @param retryMin first pause before connecting again
/// @param retryMax longest pause before connecting again
/// @param wakesMax wake-ups waiting for one instance; more become one for the whole topic
/// @param polling how often to poll without being rung
public record SignalPolicy(
    NotifyMode listening,
    Duration canaryInterval,
    Duration canaryPatience,
    int canariesMissedMax,
    Duration retryMin,
    Duration retryMax,
    int wakesMax,
    PollPolicy polling) {

  public SignalPolicy {
    if (!canaryInterval.isPositive() || !canaryPatience.isPositive() || canariesMissedMax < 1) {
      throw new IllegalArgumentException(
          "canary: interval %s, patience %s, missed %d"
              .formatted(canaryInterval, canaryPatience, canariesMissedMax));
    }
    if (!retryMin.isPositive() || retryMax.compareTo(retryMin) < 0 || wakesMax < 1) {
      throw new IllegalArgumentException(
          "retry from %s to %s, wakes %d".formatted(retryMin, retryMax, wakesMax));
    }
  }

  /// A canary every 2 s with 1 s to return; the second miss in a row means broken.
  public static SignalPolicy of(NotifyMode listening) {
    return new SignalPolicy(
        listening,
        Duration.ofSeconds(2),
        Duration.ofSeconds(1),
        2,
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        5_000,
        PollPolicy.DEFAULT);
  }
}
