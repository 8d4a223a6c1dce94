package trunkline.session;

/// The fate of something to be kept with a session.
enum StoreOutcome {
  DONE,
  /// There are as many as there may be.
  FULL,
  /// The session has ended.
  GONE;

  /// @param free whether there was room for one more
  static StoreOutcome of(boolean lives, boolean free) {
    if (!lives) {
      return GONE;
    }
    return free ? DONE : FULL;
  }
}
