package trunkline.sample;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import trunkline.feature.Default;
import trunkline.feature.Range;
import trunkline.feature.Resource;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// A resource that changes. Subscribe to it, then let the clock run: each tick is announced once
/// and reaches the subscribers of all instances.
final class Clock {
  private static final String URI = "sample://clock";

  record Run(@Default("5") @Range(min = 1, max = 60) int seconds) {}

  static final Resource RESOURCE =
      Resource.at(URI)
          .name("clock")
          .title("Clock")
          .description("The time, to the second; updates are announced while run_clock runs")
          .mimeType("text/plain")
          .text((request, context) -> Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());

  static final Tool TOOL =
      Tool.named("run_clock")
          .description("Announces " + URI + " as updated once a second, for some seconds")
          .input(Run.class)
          .handler((run, context) -> {
            for (var tick = 1; tick <= run.seconds(); tick++) {
              Thread.sleep(1000);
              context.server().resourceUpdated(URI);
              context.progress(tick, run.seconds());
            }
            return ToolResult.text("Ticked %d times.".formatted(run.seconds()));
          });

  private Clock() {}
}
