package trunkline.protocol.around;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import trunkline.feature.Tool;

/// How long calls of tools may take, how many may run here, and how often their clients hear that
/// they go on. What an operator says of a tool counts more than what the tool says, and that more
/// than what is said of all.
///
/// @param timeouts by the tools' names; zero for none
/// @param timeout of tools of which nothing else is said; zero for none
/// @param concurrency by the tools' names
/// @param heartbeat of tools that say nothing else; zero for none
public record ToolLimits(
    Map<String, Duration> timeouts,
    Duration timeout,
    Map<String, Integer> concurrency,
    Duration heartbeat) {
  public static final ToolLimits NONE =
      new ToolLimits(Map.of(), Duration.ZERO, Map.of(), Duration.ZERO);

  public ToolLimits {
    timeouts = Map.copyOf(timeouts);
    concurrency = Map.copyOf(concurrency);
  }

  /// How long a call may take; empty: for ever.
  public Optional<Duration> timeoutOf(Tool tool) {
    var said = timeouts.getOrDefault(tool.name(), tool.timeout().orElse(timeout));
    return Optional.of(said).filter(Duration::isPositive);
  }

  /// How many calls may run on this instance at a time; empty: as many as come.
  public OptionalInt concurrencyOf(Tool tool) {
    var said = concurrency.get(tool.name());
    return said == null ? tool.concurrency() : OptionalInt.of(said);
  }

  /// How long a client may hear nothing; empty: for ever.
  public Optional<Duration> heartbeatOf(Tool tool) {
    return Optional.of(tool.heartbeat().orElse(heartbeat)).filter(Duration::isPositive);
  }

  /// The names of tools for which something is said here.
  public Set<String> names() {
    var names = new TreeSet<>(timeouts.keySet());
    names.addAll(concurrency.keySet());
    return names;
  }
}
