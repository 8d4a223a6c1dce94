package trunkline.protocol.method;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;
import trunkline.protocol.wire.Revision;

/// How long a client of the stateless era may keep a result, and who may share it (MCP 2026-07-28,
/// Caching).
public enum Caching {
  /// Not a kind of result that is kept.
  NONE(null, ""),
  /// What the server is: it changes with its release.
  DISCOVERY(Duration.ofMinutes(5), "public"),
  /// A list, the same for everybody unless it says so; a change is notified, and instances of two
  /// releases may stand side by side.
  LIST(Duration.ofMinutes(1), "public"),
  /// What a handler read, perhaps for this client alone: stale at once.
  READING(Duration.ZERO, "private");

  private static final String SCOPE = "cacheScope";

  private final @Nullable Duration validity;
  private final String scope;

  Caching(@Nullable Duration validity, String scope) {
    this.validity = validity;
    this.scope = scope;
  }

  /// Has nobody share a result that depends on who asked, in the revisions that know of sharing.
  static void keepPrivate(ObjectNode result, Revision revision) {
    if (revision.isStateless()) {
      result.put(SCOPE, "private");
    }
  }

  /// The result with its type, and with hints where it is complete.
  public ObjectNode applied(ObjectNode result) {
    if (!result.has("resultType")) {
      result.put("resultType", "complete");
    }
    if (validity != null && result.path("resultType").asString().equals("complete")) {
      result.put("ttlMs", validity.toMillis());
      if (!result.has(SCOPE)) {
        result.put(SCOPE, scope);
      }
    }
    return result;
  }
}
