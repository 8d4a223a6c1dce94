package trunkline.session;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The roots that a session's client reported, the same for every instance, until the client says
/// that they changed.
public final class SessionRoots {
  private final RootRows rows;
  private final SessionPolicy policy;
  private final SessionKey session;

  /// The stored roots.
  ///
  /// @param version to be named when the client's answer is kept
  /// @param roots as they were kept; empty when not asked for since they changed
  public record Known(int version, Optional<String> roots) {}

  SessionRoots(RootRows rows, SessionPolicy policy, SessionKey session) {
    this.rows = rows;
    this.policy = policy;
    this.session = session;
  }

  /// Must be read before the client is asked. Empty when the session has ended.
  public Optional<Known> find() {
    return rows.find(session);
  }

  /// Keeps what the client answered, unless its roots have changed since that version was read.
  /// Roots larger than a session's value may be are not kept: then the client is asked each time.
  ///
  /// @param roots JSON, which escapes what a database's text cannot hold
  public void keep(int version, String roots) {
    if (roots.getBytes(StandardCharsets.UTF_8).length <= policy.valueBytesMax()) {
      rows.keep(session, version, roots);
    }
  }

  /// The client reported a change. The stored roots count no more, on any instance.
  public void changed() {
    rows.expire(session);
  }
}
