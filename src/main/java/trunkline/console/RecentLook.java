package trunkline.console;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import trunkline.console.chart.Recent;
import trunkline.console.chart.RecentRows;
import trunkline.console.chart.Span;

/// What was done lately, read once for all who look.
final class RecentLook {
  private static final Duration FRESH = Duration.ofSeconds(10);

  private final ConsoleLine line;
  private final Map<Span, Shared<Recent>> shared = new EnumMap<>(Span.class);

  RecentLook(ConsoleLine line) {
    this.line = line;
    for (var span : Span.values()) {
      shared.put(span, new Shared<>(FRESH, _ -> true));
    }
  }

  Recent of(Span span) throws InterruptedException {
    return Objects.requireNonNull(shared.get(span))
        .now(_ -> line.read(sql -> RecentRows.of(sql, span)));
  }
}
