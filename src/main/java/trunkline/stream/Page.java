package trunkline.stream;

import java.util.List;

/// The result of one read of a stream, all in one snapshot.
sealed interface Page {

  /// Messages after the cursor, oldest first.
  ///
  /// @param finished no more will be written; true says nothing about rows beyond a full page
  /// @param full there may be more: read again at once
  /// @param trimmedThrough ids at or below are gone
  /// @param slot the slot that is being written, to notice a rotation
  /// @param oldestMicros how long ago the first of the messages was stored
  record Found(
      List<StoredMessage> messages,
      boolean finished,
      boolean full,
      long trimmedThrough,
      int slot,
      long oldestMicros)
      implements Page {}

  /// Another holder has claimed the stream, or its row is gone.
  record Superseded() implements Page {}

  /// A committed message.
  record StoredMessage(long eventId, byte[] payload) {}
}
