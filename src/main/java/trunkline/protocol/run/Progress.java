package trunkline.protocol.run;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Codec;

/// The progress asked for by `_meta.progressToken`. Progress must increase (MCP, Progress); what
/// does not is dropped.
final class Progress {
  private final JsonNode token;
  private double reached = Double.NEGATIVE_INFINITY;

  Progress(ObjectNode params) {
    this.token = params.path("_meta").path("progressToken");
  }

  /// The parameters of the notification, unless the client does not want it.
  synchronized Optional<ObjectNode> next(
      double progress, @Nullable Double total, @Nullable String message) {
    if (!(token.isString() || token.isIntegralNumber()) || !(progress > reached)) {
      return Optional.empty();
    }
    reached = progress;
    var params = Codec.object();
    params.set("progressToken", token);
    put(params, "progress", progress);
    if (total != null) {
      put(params, "total", total);
    }
    if (message != null) {
      params.put("message", message);
    }
    return Optional.of(params);
  }

  /// Whole numbers without a decimal point, as most clients write them.
  private static void put(ObjectNode params, String name, double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
      params.put(name, (long) value);
    } else {
      params.put(name, value);
    }
  }
}
