package trunkline.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The limits of tasks.
///
/// @param ttlDefault how long a task is kept whose client did not say
/// @param ttlMax the limit, also for any longer one
/// @param runningMax unfinished tasks that one session may have
public record TaskPolicy(Duration ttlDefault, Duration ttlMax, int runningMax) {
  /// The poll interval for clients.
  public static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  public TaskPolicy {
    if (!ttlDefault.isPositive() || !ttlMax.isPositive() || runningMax < 1) {
      throw new IllegalArgumentException(
          "ttlDefault %s, ttlMax %s, runningMax %d".formatted(ttlDefault, ttlMax, runningMax));
    }
  }

  /// An hour for clients that do not say.
  public static TaskPolicy of(Duration ttlMax, int runningMax) {
    return new TaskPolicy(Duration.ofHours(1), ttlMax, runningMax);
  }

  /// The time granted to a client that asks; null: it did not say.
  public Duration ttl(@Nullable Duration asked) {
    var wanted = asked == null ? ttlDefault : asked;
    return wanted.compareTo(ttlMax) > 0 ? ttlMax : wanted;
  }
}
