package trunkline.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.exception.DataAccessException;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Reports of statements that the role may not run: a right was taken while we serve, or a
/// migration of a later release added what nobody granted. The server names what was refused; what
/// is to be granted we look up, once a second at most, because everything may fail at once.
final class RightReports {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  /// The server told us what it refuses, and all that we need is granted.
  static final String UNKNOWN = "as the owner of the schema run db/role/app.sql";

  private record Look(long nanos, String remedy) {}

  private final EventSink events;
  private final AtomicReference<Look> latest =
      new AtomicReference<>(new Look(System.nanoTime() - INTERVAL_NANOS, UNKNOWN));

  RightReports(EventSink events) {
    this.events = events;
  }

  /// The failure with its remedy, told to the log as well.
  ///
  /// @param sql on the connection whose statement failed
  RightMissing report(Sql sql, String statement, RightMissing failure) {
    var remedy = remedy(sql);
    events.emit(
        new ServerEvent.RightLacking(statement, String.valueOf(failure.getMessage()), remedy));
    return with(failure, remedy);
  }

  private String remedy(Sql sql) {
    var look = latest.get();
    var now = System.nanoTime();
    if (now - look.nanos() < INTERVAL_NANOS) {
      return look.remedy();
    }
    var remedy = look(sql);
    latest.set(new Look(now, remedy));
    return remedy;
  }

  /// The failure with its remedy, for a connection that has no log of its own.
  static RightMissing explained(Sql sql, RightMissing failure) {
    return with(failure, look(sql));
  }

  private static String look(Sql sql) {
    try {
      return Rights.lacking(sql).orElse(UNKNOWN);
    } catch (DataAccessException e) {
      return UNKNOWN; // the connection broke; the server's sentence is what we have
    }
  }

  private static RightMissing with(RightMissing failure, String remedy) {
    return new RightMissing(failure.getMessage() + ": " + remedy, failure);
  }
}
