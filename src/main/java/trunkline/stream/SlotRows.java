package trunkline.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.util.PGInterval;
import trunkline.session.StreamId;
import trunkline.store.Database;
import trunkline.store.LockPatience;

/// The keeping and freeing of messages: each step is one function call, so no lock outlives a round
/// trip. The functions are in `V004__history.sql`.
final class SlotRows {
  /// A claim must not fail because a slot is being truncated.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private static final String TRIM =
      """
      -- streams.trim: floors up, so that each stream keeps at most so many messages
      SELECT trunkline.trim_streams(?::bigint[], ?)
      """;

  private static final String ADVANCE =
      """
      -- control.advance: the next slot, when this one is old enough and that one empty
      SELECT outcome, slot FROM trunkline.advance_slot(?)
      """;

  private static final String RETIRE =
      """
      -- streams.retire: floors above what the slot holds, committed before it is truncated
      SELECT trunkline.retire_slot(?, ?)
      """;

  private static final String TRUNCATE =
      """
      -- outbound_messages.truncate: the space back at once, without dead rows
      SELECT trunkline.truncate_slot(?, ?)
      """;

  private static final String FORGET =
      """
      -- streams.forget: calls that nobody can resume any more, walking the table in steps
      SELECT removed, through FROM trunkline.forget_finished_streams(?, ?, ?)
      """;

  /// What a step of removing did, and where the next one begins; 0 at the end of the table.
  record Forgotten(int removed, long through) {}

  private final Database database;

  SlotRows(Database database) {
    this.database = database;
  }

  private static PGInterval interval(Duration duration) {
    return new PGInterval(0, 0, 0, 0, 0, duration.toMillis() / 1000.0);
  }

  int trim(StreamId stream, int keep) {
    return PATIENCE.call(database, c -> trim(c, stream, keep));
  }

  private static int trim(Connection connection, StreamId stream, int keep) throws SQLException {
    try (var statement = connection.prepareStatement(TRIM)) {
      statement.setArray(1, connection.createArrayOf("bigint", new Object[] {stream.value()}));
      statement.setInt(2, keep);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  SlotAdvance advance(Duration openFor) {
    return database.call(c -> advance(c, openFor));
  }

  private static SlotAdvance advance(Connection connection, Duration openFor) throws SQLException {
    try (var statement = connection.prepareStatement(ADVANCE)) {
      statement.setObject(1, interval(openFor));
      try (var rows = statement.executeQuery()) {
        rows.next();
        var slot = rows.getInt(2);
        return switch (rows.getString(1)) {
          case "moved" -> new SlotAdvance.Moved(slot);
          case "full" -> new SlotAdvance.Full(slot);
          default -> new SlotAdvance.NotYet();
        };
      }
    }
  }

  int retire(int slot, int streamsMax) {
    return database.call(c -> retire(c, slot, streamsMax));
  }

  private static int retire(Connection connection, int slot, int streamsMax) throws SQLException {
    try (var statement = connection.prepareStatement(RETIRE)) {
      statement.setInt(1, slot);
      statement.setInt(2, streamsMax);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return rows.getInt(1);
      }
    }
  }

  boolean truncate(int slot, Duration patience) {
    return database.call(c -> truncate(c, slot, patience));
  }

  private static boolean truncate(Connection connection, int slot, Duration patience)
      throws SQLException {
    try (var statement = connection.prepareStatement(TRUNCATE)) {
      statement.setInt(1, slot);
      statement.setObject(2, interval(patience));
      try (var rows = statement.executeQuery()) {
        return rows.next() && rows.getBoolean(1);
      }
    }
  }

  Forgotten forget(long after, Duration age, int rowsMax) {
    return database.call(c -> forget(c, after, age, rowsMax));
  }

  private static Forgotten forget(Connection connection, long after, Duration age, int rowsMax)
      throws SQLException {
    try (var statement = connection.prepareStatement(FORGET)) {
      statement.setLong(1, after);
      statement.setObject(2, interval(age));
      statement.setInt(3, rowsMax);
      try (var rows = statement.executeQuery()) {
        rows.next();
        return new Forgotten(rows.getInt(1), rows.getLong(2));
      }
    }
  }
}
