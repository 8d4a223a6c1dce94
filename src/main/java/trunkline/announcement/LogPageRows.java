package trunkline.announcement;

import static trunkline.announcement.AnnouncementsTable.ANNOUNCEMENTS;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.store.SqlText;

/// Collects the rows of one page.
final class LogPageRows {
  static final Field<Long> FLOOR = SqlText.column("announcement_floor", SQLDataType.BIGINT);
  static final Field<Long> NEWEST = SqlText.column("newest", SQLDataType.BIGINT);
  static final Field<Long[]> UNDRAWN = SqlText.column("undrawn", SQLDataType.BIGINT.array());
  static final Field<Boolean> CONCERNS = SqlText.column("concerns", SQLDataType.BOOLEAN);
  static final Field<Long> FOUND = SqlText.column("found", SQLDataType.BIGINT);

  private final int rowsMax;
  private final List<Announcement> entries = new ArrayList<>();
  private final List<SkippedAnnouncement> skipped = new ArrayList<>();
  private long through;
  private long newest;
  private long floor;
  private int seen;
  private long found;

  LogPageRows(long cursor, int rowsMax) {
    this.through = cursor;
    this.rowsMax = rowsMax;
  }

  void add(Record row) {
    floor = row.get(FLOOR);
    newest = row.get(NEWEST);
    if (seen == 0) {
      noteUndrawn(row.get(UNDRAWN));
    }
    var id = row.get(ANNOUNCEMENTS.ID);
    if (id == null) {
      return; // nothing after the cursor
    }
    through = id;
    found = row.get(FOUND);
    seen++;
    if (row.get(CONCERNS)) {
      judge(id, row);
    }
  }

  private void noteUndrawn(Long @Nullable [] undrawn) {
    if (undrawn != null) {
      for (var id : undrawn) {
        skipped.add(new SkippedAnnouncement(id, "", SkippedAnnouncement.UNDRAWN));
      }
    }
  }

  private void judge(long id, Record row) {
    var word = row.get(ANNOUNCEMENTS.KIND);
    var about = row.get(ANNOUNCEMENTS.ABOUT);
    var payload = row.get(ANNOUNCEMENTS.PAYLOAD);
    var kind = AnnouncementKind.parse(word).orElse(null);
    var fault =
        kind == null
            ? SkippedAnnouncement.UNKNOWN_KIND
            : AnnouncementCheck.fault(kind, about, payload);
    if (kind == null || !fault.isEmpty()) {
      skipped.add(new SkippedAnnouncement(id, word, fault));
    } else {
      entries.add(new Announcement(id, kind, about, payload, Set.of()));
    }
  }

  LogPage page() {
    var more = seen < found || found == rowsMax;
    // a floor above the end is wrong, and would tell everybody of a gap again and again
    return new LogPage(
        List.copyOf(entries),
        List.copyOf(skipped),
        through,
        newest,
        floor > newest ? 0 : floor,
        more);
  }
}
