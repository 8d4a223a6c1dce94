package trunkline.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trunkline.stream.MessageStore.Page;
import trunkline.stream.MessageStore.Page.StoredMessage;

/// Folds the rows of one read into a page for each request; one without rows was superseded.
final class Pages {
  private final int rowsMax;
  private final int bytesMax;
  private final @Nullable Folding[] pages;

  private static final class Folding {
    final List<StoredMessage> messages = new ArrayList<>();
    final boolean finished;
    final long trimmedThrough;
    final int slot;
    int bytes;
    boolean cut;
    long oldestMicros;

    Folding(boolean finished, long trimmedThrough, int slot) {
      this.finished = finished;
      this.trimmedThrough = trimmedThrough;
      this.slot = slot;
    }
  }

  Pages(int requests, int rowsMax, int bytesMax) {
    this.rowsMax = rowsMax;
    this.bytesMax = bytesMax;
    this.pages = new Folding[requests];
  }

  /// The state of a request's stream; the same with each of its messages.
  void begin(int request, boolean finished, long trimmedThrough, int slot) {
    if (pages[request] == null) {
      pages[request] = new Folding(finished, trimmedThrough, slot);
    }
  }

  /// A message, in the order of their ids, of a request that has begun.
  void add(int request, StoredMessage message, long ageMicros) {
    var page = Objects.requireNonNull(pages[request]);
    if (page.messages.isEmpty()) {
      page.oldestMicros = ageMicros;
    }
    page.messages.add(message);
    page.bytes += message.payload().length;
  }

  /// There is more, which this read has no room for.
  void cut(int request) {
    Objects.requireNonNull(pages[request]).cut = true;
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
                  page.cut || page.messages.size() >= rowsMax || page.bytes >= bytesMax,
                  page.trimmedThrough,
                  page.slot,
                  page.oldestMicros));
    }
    return list;
  }
}
