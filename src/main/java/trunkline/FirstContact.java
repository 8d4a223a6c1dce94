package trunkline;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import trunkline.store.ConnectionReason;
import trunkline.store.Connections;
import trunkline.store.Interruption;

/// The first connection of a start, which waits for a database that is slow, starting up or full:
/// it is there, and serves in a moment. An address where nobody listens, or a password that is
/// wrong, is said at once.
///
/// @param max from the first attempt on
record FirstContact(Duration max) {
  /// Whoever wants to know asks once.
  static final FirstContact AT_ONCE = new FirstContact(Duration.ZERO);

  /// Longer than a PostgreSQL takes that was started at the same time; a supervisor is told after.
  static final FirstContact PATIENT = new FirstContact(Duration.ofSeconds(30));

  private static final Logger LOG = LoggerFactory.getLogger(FirstContact.class);
  private static final long PAUSE_MILLIS = 250;

  /// Connects.
  ///
  /// @throws SQLException the last failure, when patience ends or would not help
  Connection with(Connections connections) throws SQLException {
    var until = System.nanoTime() + max.toNanos();
    var told = false;
    while (true) {
      try {
        return connections.direct("trunkline-start");
      } catch (SQLException e) {
        if (!ConnectionReason.isPassing(e) || System.nanoTime() - until >= 0) {
          throw e;
        }
        if (!told) {
          told = true;
          LOG.warn(
              "the database does not serve yet, waiting {} s: {}",
              max.toSeconds(),
              ConnectionReason.of(e));
        }
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw Interruption.restored("interrupted while the database was slow", e);
    }
  }
}
