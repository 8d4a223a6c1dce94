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
  static final Field<Boolean> CONCERNS = SqlText.column("concerns", SQLDataType.BOOLEAN);
  static final Field<Long> FOUND = SqlText.column("found", SQLDataType.BIGINT);

  private final int rowsMax;
  private final List<Announcement> entries = new ArrayList<>();
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
    var id = row.get(ANNOUNCEMENTS.ID);
    if (id == null) {
      return; // nothing after the cursor
    }
    through = id;
    found = row.get(FOUND);
    seen++;
    var entry = row.get(CONCERNS) ? entry(id, row) : null;
    if (entry != null) {
      entries.add(entry);
    }
  }

  private static @Nullable Announcement entry(long id, Record row) {
    return AnnouncementKind.parse(row.get(ANNOUNCEMENTS.KIND))
        .map(kind ->
            new Announcement(
                id, kind, row.get(ANNOUNCEMENTS.ABOUT), row.get(ANNOUNCEMENTS.PAYLOAD), Set.of()))
        .orElse(null);
  }

  LogPage page() {
    return new LogPage(
        List.copyOf(entries), through, newest, floor, seen < found || found == rowsMax);
  }
}
