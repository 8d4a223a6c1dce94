package trunkline.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The limits of tasks.
///
/// @param ttlDefault how long a task is kept whose client did not say
/// @param ttlMax the limit, also for any longer one
/// @param sessionMax unfinished tasks that one session may have
/// @param principalMax unfinished tasks without a session that one principal may have
public record TaskPolicy(Duration ttlDefault, Duration ttlMax, int sessionMax, int principalMax) {
  /// The poll interval for clients.
  public static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  public TaskPolicy {
    if (!ttlDefault.isPositive() || !ttlMax.isPositive() || sessionMax < 1 || principalMax < 1) {
      throw new IllegalArgumentException(
          "ttlDefault %s, ttlMax %s, sessionMax %d, principalMax %d"
              .formatted(ttlDefault, ttlMax, sessionMax, principalMax));
    }
  }

  /// An hour for clients that do not say.
  public static TaskPolicy of(Duration ttlMax, int sessionMax, int principalMax) {
    return new TaskPolicy(Duration.ofHours(1), ttlMax, sessionMax, principalMax);
  }

  /// How many unfinished tasks there may be of whoever this one is of.
  public int runningMax(TaskOrigin origin) {
    return switch (origin) {
      case TaskOrigin.InSession _ -> sessionMax;
      case TaskOrigin.Alone _ -> principalMax;
    };
  }

  /// The option that says so.
  public static String option(TaskOrigin origin) {
    return switch (origin) {
      case TaskOrigin.InSession _ -> "session-tasks-max";
      case TaskOrigin.Alone _ -> "principal-tasks-max";
    };
  }

  /// The time granted to a client that asks; null: it did not say.
  public Duration ttl(@Nullable Duration asked) {
    var wanted = asked == null ? ttlDefault : asked;
    return wanted.compareTo(ttlMax) > 0 ? ttlMax : wanted;
  }
}
