package trunkline.task;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The limits of tasks.
///
/// @param ttlDefault how long a task is kept whose client did not say
/// @param ttlMax how long at most; who asks for more gets this
/// @param runningMax unfinished tasks that one session may have
public record TaskPolicy(Duration ttlDefault, Duration ttlMax, int runningMax) {
  public static final Duration TTL_DEFAULT = Duration.ofHours(1);

  /// How often clients are asked to look.
  public static final Duration POLL_INTERVAL = Duration.ofSeconds(1);

  /// What a client gets that asks for this much; null: it did not say.
  public Duration ttl(@Nullable Duration asked) {
    var wanted = asked == null ? ttlDefault : asked;
    return wanted.compareTo(ttlMax) > 0 ? ttlMax : wanted;
  }
}
