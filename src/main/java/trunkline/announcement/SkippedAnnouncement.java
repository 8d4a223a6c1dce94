package trunkline.announcement;

/// A row of the log that is passed over.
///
/// @param kind as it stands there
/// @param fault what is wrong with it
record SkippedAnnouncement(long id, String kind, String fault) {
  static final String UNKNOWN_KIND = "only a newer release knows the kind";
  static final String UNDRAWN = "its id is above every one that was issued";

  /// What is named once: a kind that a newer release uses all the time, not each of its rows.
  Object name() {
    return fault.equals(UNKNOWN_KIND) ? kind : (Object) id;
  }
}
