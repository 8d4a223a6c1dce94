package trunkline.announcement;

import java.util.List;

/// Some of the log.
///
/// @param through the last id looked at, also when it is not among the entries
/// @param floor what may be gone is at or below it
/// @param more whether the page ended before the log did
record LogPage(List<Announcement> entries, long through, long floor, boolean more) {}
