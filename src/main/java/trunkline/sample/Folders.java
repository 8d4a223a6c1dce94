package trunkline.sample;

import java.util.stream.Collectors;
import trunkline.feature.ClientCapability;
import trunkline.feature.Root;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;

/// Shows where the client lets a server work.
final class Folders {
  static final Tool TOOL =
      Tool.named("show_roots")
          .description("Asks the client for its roots")
          .needs(ClientCapability.ROOTS)
          .readOnly()
          .handler((none, context) -> {
            var roots = context.roots();
            return ToolResult.text(
                roots.isEmpty()
                    ? "The client has no roots."
                    : roots.stream().map(Root::uri).collect(Collectors.joining("\n")));
          });

  private Folders() {}
}
