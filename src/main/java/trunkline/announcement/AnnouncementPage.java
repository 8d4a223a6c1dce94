package trunkline.announcement;

import java.util.List;

/// The log's entries for one session after its cursor.
///
/// @param entries those that go to its client, in order
/// @param cursor where to go on; it moves past what does not concern the session
/// @param more whether to ask again at once
/// @param gap whether announcements after the former cursor are gone for good
public record AnnouncementPage(
    List<Announcement> entries, long cursor, boolean more, boolean gap) {}
