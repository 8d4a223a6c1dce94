package trunkline.session;

import java.util.Optional;
import trunkline.jsonrpc.OpaqueId;

/// The opaque value of the `Mcp-Session-Id` header; possession of it is not authorization.
public record SessionId(String value) {
  public SessionId {
    OpaqueId.require("session", value);
  }

  /// An unguessable id.
  public static SessionId random() {
    return new SessionId(OpaqueId.random());
  }

  /// Headers are untrusted: a malformed value is an absent session, not an error.
  public static Optional<SessionId> parse(String header) {
    return OpaqueId.matches(header) ? Optional.of(new SessionId(header)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
