package trunkline.feature;

import java.time.Duration;

/// A web page that a user was asked to open; only whether the user is done there is known. The page
/// says so by `trunkline.complete_elicitation` or [ServerHandle#completeElicitation], naming the
/// user it has authenticated.
public interface UrlElicitation {
  /// The id that the page needs.
  String id();

  /// Whether the user is done. Read now; known for at least an hour.
  boolean isCompleted();

  /// Waits until the user is done, whichever instance or program reports it.
  ///
  /// @return false when the user was not done in time, or cannot be any more: it has expired, or
  ///   the session that asked has ended
  /// @throws java.util.concurrent.CancellationException when this request is cancelled meanwhile
  boolean awaitCompleted(Duration patience);
}
