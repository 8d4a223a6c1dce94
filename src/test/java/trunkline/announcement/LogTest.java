package trunkline.announcement;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import trunkline.memory.MemoryBudget;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

/// In PostgreSQL.
class LogTest extends LogContract {
  LogTest() {
    super(new Bench());
  }

  private static final class Bench implements LogBench {
    private final TestDatabase db = TestDatabase.create();
    private final Database database = new Database(new Connections(db.settings()), "trunkline-log");
    private final AnnouncementRows rows =
        new AnnouncementRows(
            database, () -> new InstanceId(1), MemoryBudget.share(50, _ -> {}), _ -> {});

    @Override
    public LogReader.Log log() {
      return rows;
    }

    @Override
    public long announce(String text) {
      return append(new PendingAnnouncement(AnnouncementKind.BROADCAST, "", text.getBytes(UTF_8)));
    }

    @Override
    public long announceTwice(String text) {
      var pending = new PendingAnnouncement(AnnouncementKind.BROADCAST, "", text.getBytes(UTF_8));
      append(pending);
      return append(pending);
    }

    private long append(PendingAnnouncement pending) {
      return rows.append(List.of(pending)).getFirst();
    }

    @Override
    public void close() {
      rows.close();
      database.close();
      db.close();
    }
  }
}
