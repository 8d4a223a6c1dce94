package trunkline.store;

import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Reports of statements that met somebody's lock. An operator needs the process to ask about, and
/// one line a second says as much as a thousand.
final class BusyReports {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final EventSink events;
  private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

  BusyReports(EventSink events) {
    this.events = events;
  }

  /// Looks who is in the way on the connection whose statement failed.
  void report(Connection connection, String statement, DatabaseFailure failure) {
    events.emit(new ServerEvent.StatementBusy(statement));
    var next = nextNanos.get();
    var now = System.nanoTime();
    if (now - next >= 0 && nextNanos.compareAndSet(next, now + INTERVAL_NANOS)) {
      events.emit(
          new ServerEvent.DatabaseBusy(
              String.valueOf(failure.getMessage()), LockHolders.any(new Sql(connection))));
    }
  }
}
