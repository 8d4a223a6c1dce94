package trunkline.announcement;

/// A row of the log that is passed over.
///
/// @param kind as it stands there
/// @param fault what is wrong with it
record SkippedAnnouncement(long id, String kind, String fault) {
  static final String UNKNOWN_KIND = "only a newer release knows the kind";
  static final String UNDRAWN = "its id is above every one that was issued";

  /// Whether there was something to hear: not what only a newer release tells its own, nor what
  /// stands above the log's end, and is passed over with each look.
  boolean isMissed() {
    return !fault.equals(UNKNOWN_KIND) && !fault.equals(UNDRAWN);
  }

  /// What is named once: a kind that a newer release uses all the time, not each of its rows.
  Object name() {
    return fault.equals(UNKNOWN_KIND) ? kind : (Object) id;
  }
}
