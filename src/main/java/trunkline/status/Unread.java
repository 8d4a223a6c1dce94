package trunkline.status;

import trunkline.store.Sql;

/// What one session's client is not known to have; the places of clients that listen are written
/// every half minute.
///
/// @param messages up to [#MOST] of each of its streams
/// @param oldestSeconds how long the oldest of them waits; 0 when there is none
public record Unread(long messages, long oldestSeconds) {
  /// Beyond, it is many.
  public static final int MOST = 1_000;

  /// Of a session, by its key.
  public static Unread of(Sql sql, long session) {
    return StatusRows.unread(sql, session);
  }
}
