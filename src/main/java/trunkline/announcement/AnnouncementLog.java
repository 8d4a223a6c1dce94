package trunkline.announcement;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import trunkline.session.SessionKey;
import trunkline.signal.Wakes;

/// What announcements need of the database; what it owes stands in `AnnouncementLogContract`.
interface AnnouncementLog extends AutoCloseable {

  /// Writes it once, whatever happens to the connection; answers its id after the commit.
  CompletableFuture<Long> append(AnnouncementKind kind, String about, byte[] payload);

  /// The id of the newest, 0 when there is none.
  long newest();

  /// What comes after the cursor, with nobody's subscriptions yet.
  Page after(long cursor, int rowsMax);

  /// What concerns one session after the cursor and up to an id.
  CompletableFuture<Page> concerning(SessionKey session, long cursor, long upTo, int rowsMax);

  /// Removes the oldest that are older than the age, but never the newest of all.
  ///
  /// @return how many
  int trim(Duration age, int rowsMax);

  /// Moves the oldest rows of the outbox on, each once, however many movers there are.
  Moved moveOutbox(int rowsMax);

  @Override
  void close();

  /// Some of the log.
  ///
  /// @param through the last id looked at, also when it is not among the entries
  /// @param floor what may be gone is at or below it
  /// @param more whether the page ended before the log did
  record Page(List<Announcement> entries, long through, long floor, boolean more) {}

  /// What became of rows of the outbox.
  ///
  /// @param dropped those of the moved whose session was gone
  record Moved(int moved, int dropped, Wakes wakes) {}
}
