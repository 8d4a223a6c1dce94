package trunkline.stream;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Folds the rows of one read into a page for each look; a look without rows was superseded.
final class Pages {
  private final int rowsMax;
  private final int bytesMax;
  private final @Nullable Folding[] pages;

  private static final class Folding {
    final List<StoredMessage> messages = new ArrayList<>();
    boolean finished;
    long trimmedThrough;
    int slot;
    int bytes;
    long oldestMicros;
  }

  Pages(int requests, int rowsMax, int bytesMax) {
    this.rowsMax = rowsMax;
    this.bytesMax = bytesMax;
    this.pages = new Folding[requests];
  }

  /// Columns: ord, finished, trimmed_through, current_slot, event_id, payload, age.
  void add(ResultSet row) throws SQLException {
    var index = row.getInt(1) - 1;
    var page = pages[index];
    if (page == null) {
      page = new Folding();
      page.finished = row.getBoolean(2);
      page.trimmedThrough = row.getLong(3);
      page.slot = row.getInt(4);
      pages[index] = page;
    }
    var payload = row.getBytes(6);
    if (payload != null) {
      if (page.messages.isEmpty()) {
        page.oldestMicros = row.getLong(7);
      }
      page.messages.add(new StoredMessage(row.getLong(5), payload));
      page.bytes += payload.length;
    }
  }

  List<Page> list() {
    var list = new ArrayList<Page>(pages.length);
    for (var page : pages) {
      list.add(
          page == null
              ? new Page.Superseded()
              : new Page.Found(
                  page.messages,
                  page.finished,
                  page.messages.size() >= rowsMax || page.bytes >= bytesMax,
                  page.trimmedThrough,
                  page.slot,
                  page.oldestMicros));
    }
    return list;
  }
}
