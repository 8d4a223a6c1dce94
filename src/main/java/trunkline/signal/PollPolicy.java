package trunkline.signal;

import java.time.Duration;

/// The poll intervals without rings.
///
/// @param hearing while NOTIFY is proven to arrive: how long a lost one may go unnoticed
/// @param busy without NOTIFY, while things change
/// @param idleMin without NOTIFY, while idle, at least
/// @param idleMax without NOTIFY, while idle, at most
public record PollPolicy(Duration hearing, Duration busy, Duration idleMin, Duration idleMax) {
  public static final PollPolicy DEFAULT =
      new PollPolicy(
          Duration.ofSeconds(1),
          Duration.ofMillis(50),
          Duration.ofMillis(250),
          Duration.ofMillis(400));

  public PollPolicy {
    if (!busy.isPositive() || idleMin.compareTo(busy) < 0 || idleMax.compareTo(idleMin) < 0) {
      throw new IllegalArgumentException(
          "expected 0 < busy <= idleMin <= idleMax, got " + busy + ", " + idleMin + ", " + idleMax);
    }
    if (!hearing.isPositive()) {
      throw new IllegalArgumentException("hearing must be positive, is " + hearing);
    }
  }
}
