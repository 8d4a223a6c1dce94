package trunkline.feature;

/// The outcome of sending to a session.
public sealed interface SendOutcome {
  /// Committed: the client gets it, now or when it comes back, while its session lives.
  record Sent() implements SendOutcome {}

  /// Nothing was stored: the session ended, expired, or never was.
  record SessionGone(String sessionId) implements SendOutcome {}
}
