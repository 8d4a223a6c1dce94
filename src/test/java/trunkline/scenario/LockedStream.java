package trunkline.scenario;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import trunkline.testing.OpenTransaction;

/// A message to a stream whose row an operator has locked, until the publisher has looked who is in
/// its way.
final class LockedStream {
  private static final List<String> LOOKS =
      List.of("streams.free", "streams.existing", "calls.busy");

  /// Longer than the publisher waits before it looks.
  private static final Duration LOCKED = Duration.ofSeconds(3);

  private LockedStream() {}

  static void sendTo(FaultBooth booth, Visitor visitor, String text)
      throws SQLException, InterruptedException {
    var stream =
        booth
            .db()
            .sql(
                "select stream_id from trunkline.stream_directory where standalone and session_id = ?",
                visitor.client().sessionId())
            .number();
    try (var busy =
        OpenTransaction.on(
            booth.db(), "select from trunkline.streams where stream_id = ? for update", stream)) {
      var sent = Thread.startVirtualThread(() -> booth.send(booth.a(), visitor, text));
      var until = System.nanoTime() + LOCKED.toNanos();
      while (!booth.proxy().seen().containsAll(LOOKS) && System.nanoTime() - until < 0) {
        sent.join(Duration.ofMillis(20));
      }
      busy.commit();
      sent.join();
    }
  }
}
