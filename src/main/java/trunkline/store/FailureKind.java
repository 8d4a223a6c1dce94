package trunkline.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;

/// What a failed statement means: the one table from SQLSTATE to what may be done about it.
public enum FailureKind {
  /// Nothing happened, and the database serves nobody now: not there, read-only after a switchover,
  /// out of disk, memory or connections. Worth repeating for as long as an outage may last.
  AWAY,
  /// Nothing happened: somebody holds a lock, was preferred to us, or cancelled the statement.
  /// Worth repeating after a pause.
  BUSY,
  /// The answer is lost: it may have happened. To be repeated under its key, or looked for.
  DOUBTFUL,
  /// Nothing happened, and repeating it will not help.
  REFUSED;

  /// Classifies by SQLSTATE. A connection that the pool could not give carried no statement.
  public static FailureKind of(SQLException failure) {
    return failure instanceof SQLTransientConnectionException ? AWAY : of(failure.getSQLState());
  }

  /// Classifies a SQLSTATE; null comes from a driver that knows no better.
  static FailureKind of(@Nullable String state) {
    if (state == null) {
      return DOUBTFUL;
    }
    return switch (state) {
      case "08001", "08003", "08004" -> AWAY; // not connected, so nothing was sent
      case "25006" -> AWAY; // read only: a demoted primary, or a managed server without disk
      case "25P03", "25P04" -> AWAY; // the server gave the transaction up
      case "57P03", "57P04", "57P05" -> AWAY; // starting or stopping; dropped; idle for too long
      case "55P03", "57014", "40001", "40P01" -> BUSY;
      default ->
          switch (state.substring(0, 2)) {
            case "53" -> AWAY; // disk, memory, connections
            case "08" -> DOUBTFUL; // also a pooler that lost its server
            case "57" -> state.startsWith("57P") ? DOUBTFUL : REFUSED; // stopped or crashed
            case "58", "XX" -> DOUBTFUL; // I/O and internal errors, and some poolers' lost servers
            default -> REFUSED;
          };
    };
  }
}
