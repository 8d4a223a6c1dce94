package trunkline.announcement;

import java.util.List;

/// Some of the log.
///
/// @param through the last id read, also when it is not among the entries
/// @param newest the log's last id at that moment, 0 when it is empty
/// @param floor ids at or below it may be gone
/// @param more whether the page ended before the log did
record LogPage(List<Announcement> entries, long through, long newest, long floor, boolean more) {}
