package trunkline.announcement;

import java.util.List;

/// Some of the log.
///
/// @param skipped rows of the page, and above the log's end, that cannot be sent
/// @param through the last id read, also when it is not among the entries
/// @param newest the log's last id at that moment, 0 when it is empty
/// @param floor ids at or below it may be gone; never above the newest
/// @param more whether the page ended before the log did
record LogPage(
    List<Announcement> entries,
    List<SkippedAnnouncement> skipped,
    long through,
    long newest,
    long floor,
    boolean more) {}
