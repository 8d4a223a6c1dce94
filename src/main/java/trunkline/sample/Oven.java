package trunkline.sample;

import trunkline.feature.Default;
import trunkline.feature.Range;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.jsonrpc.LogLevel;

/// Takes its time and reports progress. A cancel interrupts the sleep; no more is needed.
final class Oven {
  private static final int STEPS_PER_SECOND = 4;

  record Baking(@Default("5") @Range(min = 1, max = 120) int seconds) {}

  static final Tool TOOL =
      Tool.named("bake")
          .title("Bake bread")
          .description("Takes some seconds, reports progress and can be cancelled")
          .idempotent()
          .tasks(TaskSupport.OPTIONAL)
          .input(Baking.class)
          .handler((baking, context) -> {
            var steps = baking.seconds() * STEPS_PER_SECOND;
            context.log(LogLevel.INFO, "the oven is on");
            for (var step = 1; step <= steps; step++) {
              Thread.sleep(1000 / STEPS_PER_SECOND);
              context.progress(step, (double) steps, "%d %% baked".formatted(100 * step / steps));
            }
            context.log(LogLevel.INFO, "the oven is off");
            return ToolResult.text("The bread is ready.");
          });

  private Oven() {}
}
