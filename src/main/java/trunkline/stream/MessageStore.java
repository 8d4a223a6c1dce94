package trunkline.stream;

import java.util.List;
import java.util.Optional;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;

/// The statements of publishing and following. Its one product implementation is [MessageRows]; the
/// contract of any is `MessageStoreContract`: ids rise in commit order within a stream, a read has
/// no hole, a former writer is refused, the same key stores once.
///
/// [#publish], [#settle], [#locked] and [#read] run on the calling thread, which must be a lane's.
/// Failures are [trunkline.store.DatabaseFailure]; after a doubtful one it is unknown whether it
/// happened, after any other nothing did.
interface MessageStore {

  /// Writes a batch in one transaction. A key that was committed before stores nothing: the answer
  /// is that of the first time, with the current holders.
  BatchAnswer publish(BatchKey key, List<StreamWrite> batch);

  /// What became of a batch whose answer was lost: what it did, or nothing. Nothing is final: no
  /// attempt under its key will store anything, though it may still be on its way.
  Optional<BatchAnswer> settle(BatchKey key, List<StreamWrite> batch);

  /// The streams among these that cannot be written just now: their row, or a call's, is locked.
  List<StreamId> locked(List<StreamId> streams);

  /// One page for each request; `slot` names the two leaves to read, -1 reads all.
  List<Page> read(int slot, List<ReadRequest> requests);

  /// The latest message of a stream that begins with these bytes.
  Optional<byte[]> latest(StreamId stream, byte[] beginning);

  /// The slot that is being written.
  int currentSlot();

  /// The requests that would find something, with the age of the oldest message.
  List<StreamReady> news(int slot, List<ReadRequest> requests);

  /// A follower's request: the messages after this id, as long as this epoch holds the stream.
  record ReadRequest(StreamId stream, long epoch, long after) {}

  /// A stream with something to read, waiting for so many milliseconds.
  record StreamReady(StreamId stream, long epoch, long waitingMillis) {}

  /// The permanent name of a batch, so that sending it again after an unknown outcome stores it
  /// once.
  ///
  /// @param writer instance id * 256 + lane
  /// @param number counts the writer's batches
  /// @param slot where the batch is remembered: chosen once, the same on every attempt
  record BatchKey(long writer, long number, int slot) {}

  /// The effect of a committed batch.
  ///
  /// @param outcomes one for each message, in the order they were given
  /// @param holders the holders of the sockets of the written streams
  /// @param slot the slot that is being written
  record BatchAnswer(List<Published> outcomes, List<HeldBy> holders, int slot) {

    /// The holder of a stream at the moment of the write.
    record HeldBy(StreamId stream, InstanceId instance, long epoch) {}
  }

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
}
