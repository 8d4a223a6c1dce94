package trunkline.announcement;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import trunkline.session.SessionKey;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.MemoryDatabase.Statement;

/// What a reader asks of [AnnouncementRows], in memory: broadcasts only, none of which is trimmed.
final class MemoryLog implements LogReader.Log {
  private final MemoryDatabase database;

  MemoryLog(MemoryDatabase database) {
    this.database = database;
  }

  @Override
  public long newest() {
    return database.run(new Look<>("announcements.end", this::end));
  }

  private long end() {
    return database.notices().isEmpty() ? 0 : database.notices().lastKey();
  }

  @Override
  public LogPage after(long cursor, int rowsMax) {
    return database.run(
        new Look<>("announcements.after", () -> page(cursor, Long.MAX_VALUE, end(), rowsMax)));
  }

  @Override
  public CompletableFuture<LogPage> concerning(
      SessionKey session, long cursor, long upTo, int rowsMax) {
    return CompletableFuture.completedFuture(
        database.run(
            new Look<>("announcements.concerning", () -> page(cursor, upTo, upTo, rowsMax))));
  }

  private LogPage page(long cursor, long upTo, long newest, int rowsMax) {
    var rows =
        database.notices().tailMap(cursor, false).values().stream()
            .filter(row -> row.id() <= upTo)
            .limit(rowsMax)
            .map(row ->
                new Announcement(row.id(), AnnouncementKind.BROADCAST, "", row.payload(), Set.of()))
            .toList();
    var more = rows.size() == rowsMax;
    return new LogPage(
        rows, List.of(), rows.isEmpty() ? cursor : rows.getLast().id(), newest, 0, more);
  }

  private record Look<T>(String name, Supplier<T> work) implements Statement<T> {
    @Override
    public T commit() {
      return work.get();
    }
  }
}
