package trunkline.protocol.run;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message;
import trunkline.jsonrpc.RequestId;
import trunkline.jsonrpc.RpcException;

/// The progress asked for by `_meta.progressToken`. Progress must increase (MCP, Progress); what
/// does not is dropped.
final class Progress {
  static final String METHOD = "notifications/progress";

  private final JsonNode token;

  /// The least that a sign of life adds: what the handler says next is above it.
  private static final double SIGN = 1e-6;

  private double reached = Double.NEGATIVE_INFINITY;
  private @Nullable Double total;
  private long saidNanos = System.nanoTime();

  Progress(ObjectNode params) {
    this.token = params.path("_meta").path("progressToken");
  }

  /// Refuses a token that would have to be ignored, because its client waits for what it asked for.
  static void requireUsable(ObjectNode params) {
    var token = params.path("_meta").path("progressToken");
    if (!token.isString() && !token.isMissingNode() && !token.isNull()) {
      var _ = token(token);
    }
  }

  private static RequestId token(JsonNode token) {
    try {
      return RequestId.of(token, "params._meta.progressToken");
    } catch (RpcException e) {
      throw RpcException.invalidParams(e.error().message());
    }
  }

  /// The bytes that every message of this progress begins with; empty when the client wants none.
  Optional<byte[]> beginning() {
    if (!isWanted()) {
      return Optional.empty();
    }
    var params = Codec.object();
    params.set("progressToken", echo());
    var bytes = Codec.encode(new Message.Notification(METHOD, params));
    return Optional.of(Arrays.copyOf(bytes, bytes.length - "}}".length()));
  }

  /// Goes on where a former run of the request stopped.
  ///
  /// @param message its last one
  synchronized void resume(byte[] message) {
    if (Codec.decodeOurs(message) instanceof Body.Single(Message.Notification(var _, var params))) {
      reached = Math.max(reached, params.path("progress").asDouble(reached));
    }
  }

  boolean isWanted() {
    return token.isString() || token.isNumber();
  }

  /// The parameters of the notification, unless the client does not want it.
  synchronized Optional<ObjectNode> next(
      double progress, @Nullable Double total, @Nullable String message) {
    if (!isWanted() || !(progress > reached)) {
      return Optional.empty();
    }
    reached = progress;
    this.total = total;
    saidNanos = System.nanoTime();
    var params = Codec.object();
    params.set("progressToken", echo());
    put(params, "progress", progress);
    if (total != null) {
      put(params, "total", total);
    }
    if (message != null) {
      params.put("message", message);
    }
    return Optional.of(params);
  }

  /// The parameters of a sign of life, just above the last.
  synchronized Optional<ObjectNode> sign() {
    var above =
        reached == Double.NEGATIVE_INFINITY ? SIGN : reached + Math.max(SIGN, Math.ulp(reached));
    return next(above, total != null && above <= total ? total : null, null);
  }

  /// How long nothing was said.
  synchronized Duration quiet() {
    return Duration.ofNanos(System.nanoTime() - saidNanos);
  }

  /// As it was spelled. The parameters of a call that runs again are re-encoded ones, in which a
  /// number may have got a point: it has the same value to its client.
  private JsonNode echo() {
    return RequestId.isSpelled(token) ? RequestId.of(token).json() : token;
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
