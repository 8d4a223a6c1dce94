package trunkline.sample;

import trunkline.feature.Default;
import trunkline.feature.FeatureKind;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// A tool that comes and goes: all clients are notified, and all instances list the same.
final class Surprise {
  private static final String NAME = "surprise";

  record Hide(@Default("true") boolean hidden) {}

  static final Tool TOOL =
      Tool.named(NAME)
          .description("Is there, unless somebody hides it")
          .readOnly()
          .handler((none, context) -> ToolResult.text("🎉"));

  static final Tool HIDE =
      Tool.named("hide_surprise")
          .description("Takes the tool " + NAME + " out of the list for everybody, or puts it back")
          .idempotent()
          .input(Hide.class)
          .handler((hide, context) -> {
            context.server().setEnabled(FeatureKind.TOOL, NAME, !hide.hidden());
            return ToolResult.text(hide.hidden() ? "Gone." : "Back again.");
          });

  private Surprise() {}
}
