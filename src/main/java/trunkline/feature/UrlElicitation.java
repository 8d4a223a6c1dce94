package trunkline.feature;

import java.time.Duration;

/// A web page that a user was asked to open, and what is known of it: only whether the user is done
/// there. The page says so by `trunkline.complete_elicitation` or
/// [ServerHandle#completeElicitation], naming the user it has authenticated.
public interface UrlElicitation {
  /// What the page is told, to say who is done.
  String id();

  /// Whether the user is done. Looked up now; known for at least an hour.
  boolean isCompleted();

  /// Waits until the user is done, whichever instance or program is told so.
  ///
  /// @return false when the user was not done in time, or cannot be any more: it has expired, or
  ///   the session that asked has ended
  /// @throws CancellationException when this request is cancelled meanwhile
  boolean awaitCompleted(Duration patience);
}
