package trunkline.announcement;

import java.util.ArrayList;
import java.util.List;
import trunkline.session.SessionKey;

/// The newest announcements as this instance has read them. Immutable, so that thousands of
/// followers read it while it grows, without a lock and each on one snapshot.
///
/// @param start every announcement after it, up to the head, is in the entries
/// @param head the last one read
record AnnouncementBuffer(List<Announcement> entries, long start, long head) {

  private static final long ENTRY_BYTES = 200;

  /// In a hash set.
  private static final long ADDRESSEE_BYTES = 64;

  static AnnouncementBuffer startingAt(long head) {
    return new AnnouncementBuffer(List.of(), head, head);
  }

  /// This with more, less the oldest where it would exceed the policy's limits.
  ///
  /// @param throughId what was read, including what only a newer release understands
  AnnouncementBuffer plus(List<Announcement> more, long throughId, AnnouncementPolicy policy) {
    var all = new ArrayList<Announcement>(entries.size() + more.size());
    all.addAll(entries);
    all.addAll(more);
    var bytes = all.stream().mapToLong(AnnouncementBuffer::bytes).sum();
    var drop = 0;
    while (all.size() - drop > policy.ringEntriesMax() || bytes > policy.ringBytesMax()) {
      bytes -= bytes(all.get(drop));
      drop++;
    }
    var from = drop == 0 ? start : all.get(drop - 1).id();
    return new AnnouncementBuffer(List.copyOf(all.subList(drop, all.size())), from, throughId);
  }

  /// Thousands of sessions may have subscribed to one resource, or be of one principal.
  private static long bytes(Announcement announcement) {
    return announcement.payload().length
        + ENTRY_BYTES
        + ADDRESSEE_BYTES * announcement.addressees().size();
  }

  boolean reachesBackTo(long cursor) {
    return cursor >= start;
  }

  /// The session's entries after a cursor that the buffer reaches back to, and that is not ahead.
  AnnouncementPage after(long cursor, SessionKey session, int max) {
    var found = new ArrayList<Announcement>();
    for (var i = firstAfter(cursor); i < entries.size(); i++) {
      var entry = entries.get(i);
      if (entry.concerns(session)) {
        found.add(entry);
        if (found.size() == max) {
          return new AnnouncementPage(found, entry.id(), entry.id() < head, false);
        }
      }
    }
    return new AnnouncementPage(found, head, false, false);
  }

  private int firstAfter(long cursor) {
    var low = 0;
    var high = entries.size();
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (entries.get(middle).id() <= cursor) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
