package trunkline.protocol.round;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import trunkline.trace.Operation;
import trunkline.trace.TraceParent;

/// The end of a round with questions, in its trace: what the next round goes on with, on whichever
/// instance.
///
/// @param when by the clock of the instance that asked
public record Asked(TraceParent span, Instant when) {
  /// Of a round that ends now; empty where nothing is traced.
  public static Optional<Asked> now(Operation operation) {
    return operation.traceParent().map(span -> new Asked(span, Instant.now()));
  }

  void write(ObjectNode json) {
    json.put("span", span.text()).put("at", when.toEpochMilli());
  }

  static Optional<Asked> read(JsonNode json) {
    return TraceParent.parse(json.path("span").asString(""))
        .map(span -> new Asked(span, Instant.ofEpochMilli(json.path("at").asLong())));
  }
}
