package trunkline.protocol;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.trace.Arrival;

/// The request headers that MCP gives a meaning: `Mcp-…` and `Last-Event-ID`, names in lower case,
/// values without surrounding white space. What handlers see besides is its
/// [trunkline.session.Sender]'s; everything else stays in `http`.
///
/// Beside them is what W3C's Trace Context names: `traceparent`, `tracestate`, `baggage`.
///
/// @param mirroring whether the transport has headers at all, in which the stateless era repeats
///   parts of a request; over stdio everything is in the message
/// @param arrival when and how they came
public record McpHeaders(Map<String, String> values, boolean mirroring, Arrival arrival) {
  public static final McpHeaders NONE = new McpHeaders(Map.of());

  public McpHeaders {
    values = Map.copyOf(values);
  }

  /// Those of an HTTP request.
  public McpHeaders(Map<String, String> values) {
    this(values, Arrival.http("1.1", System.nanoTime()));
  }

  /// The same, of one whose arrival is known.
  public McpHeaders(Map<String, String> values, Arrival arrival) {
    this(values, true, arrival);
  }

  /// What a transport without headers knows besides its messages: its session, and where a stream
  /// is gone on with.
  public static McpHeaders unwritten(@Nullable String session, @Nullable String lastEventId) {
    var known = new HashMap<String, String>();
    if (session != null) {
      known.put("mcp-session-id", session);
    }
    if (lastEventId != null) {
      known.put("last-event-id", lastEventId);
    }
    return new McpHeaders(known, false, Arrival.pipe());
  }

  public Optional<String> find(String name) {
    return Optional.ofNullable(values.get(name.toLowerCase(Locale.ROOT)));
  }

  public Optional<String> session() {
    return find("mcp-session-id");
  }

  public Optional<String> version() {
    return find("mcp-protocol-version");
  }

  /// Of the trace that the request belongs to (W3C Trace Context).
  public Optional<String> traceParent() {
    return find("traceparent");
  }

  public Optional<String> lastEventId() {
    return find("last-event-id");
  }
}
