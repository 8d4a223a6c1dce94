package trunkline.session;

/// A session could not be opened, or nothing more be kept for it, because a limit of the
/// [SessionPolicy] is reached. The message names the limit and may be shown to the client.
public final class SessionLimitReached extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SessionLimitReached(String message) {
    super(message);
  }
}
