package trunkline.protocol;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The request headers that MCP gives a meaning: `Mcp-…` and `Last-Event-ID`, names in lower case,
/// values without surrounding white space. What handlers see besides is its
/// [trunkline.session.Sender]'s; everything else stays in `http`.
public record McpHeaders(Map<String, String> values) {
  public static final McpHeaders NONE = new McpHeaders(Map.of());

  public McpHeaders {
    values = Map.copyOf(values);
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

  public Optional<String> lastEventId() {
    return find("last-event-id");
  }
}
