package trunkline.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import trunkline.protocol.around.ToolLimits;

/// What an operator says of single tools: `bake=30s`.
final class ToolOptions {
  private static final int CONCURRENCY_MAX = 100_000;

  private ToolOptions() {}

  static ToolLimits read(OptionParser values) {
    return new ToolLimits(
        timeouts(values.list(Option.TOOL_TIMEOUTS)),
        values.duration(Option.CALL_TIMEOUT),
        concurrency(values.list(Option.TOOL_CONCURRENCY)),
        values.duration(Option.HEARTBEAT));
  }

  static Map<String, Duration> timeouts(List<String> entries) {
    return each(entries, OptionForm::parsedDuration);
  }

  static Map<String, Integer> concurrency(List<String> entries) {
    return each(entries, ToolOptions::number);
  }

  private static Optional<Integer> number(String typed) {
    try {
      return Optional.of(Integer.valueOf(typed)).filter(it -> it >= 1 && it <= CONCURRENCY_MAX);
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /// Of each name its amount.
  ///
  /// @throws IllegalArgumentException when one has none
  private static <T> Map<String, T> each(
      List<String> entries, Function<String, Optional<T>> parse) {
    var found = new LinkedHashMap<String, T>();
    for (var entry : entries) {
      var at = entry.lastIndexOf('=');
      var amount = at < 1 ? Optional.<T>empty() : parse.apply(entry.substring(at + 1).strip());
      if (found.put(
              entry.substring(0, Math.max(at, 0)).strip(),
              amount.orElseThrow(() -> new IllegalArgumentException(entry)))
          != null) {
        throw new IllegalArgumentException(entry);
      }
    }
    return found;
  }
}
