package trunkline;

import trunkline.feature.Catalog;
import trunkline.feature.TrunklineException;

/// The error of a `--toolset` that cannot be served; the message says what could be.
public final class ToolsetUnknown extends TrunklineException {
  private static final long serialVersionUID = 1L;

  private ToolsetUnknown(String message) {
    super(Reason.OPTION, message, null);
  }

  static void unlessIn(Catalog catalog, String name) {
    if (!catalog.toolsets().containsKey(name)) {
      throw new ToolsetUnknown(
          catalog.toolsets().isEmpty()
              ? "--toolset " + name + ": these features have no toolsets"
              : "no toolset is called '%s'; there are %s"
                  .formatted(name, String.join(", ", catalog.toolsets().keySet())));
    }
  }

  static ToolsetUnknown overHttp(String name) {
    return new ToolsetUnknown(
        "--toolset is for --stdio; over HTTP clients choose the toolset by the path, /mcp/" + name);
  }
}
