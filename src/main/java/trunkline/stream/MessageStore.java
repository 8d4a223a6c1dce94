package trunkline.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import trunkline.session.StreamId;

/// What publishing and following ask of the database. Its one product implementation is
/// [MessageRows]; what any implementation owes stands in `MessageStoreContract`: ids rise in commit
/// order within a stream, a read has no hole, a former writer is refused, the same key stores once.
interface MessageStore {

  /// Writes a batch in one transaction.
  ///
  /// @throws SQLException with SQLSTATE 23505 when the key was committed before
  BatchAnswer publish(Connection connection, BatchKey key, List<Outgoing> batch)
      throws SQLException;

  /// The answer of a batch that was committed before.
  BatchAnswer published(Connection connection, BatchKey key, List<Outgoing> batch)
      throws SQLException;

  /// Those of the streams whose row somebody else has locked just now.
  List<StreamId> locked(Connection connection, List<StreamId> streams) throws SQLException;

  /// One page for each look; `slot` names the two leaves to read, -1 reads all.
  List<Page> read(Connection connection, int slot, List<ReadRequest> looks) throws SQLException;

  /// The slot that is being written.
  int currentSlot(Connection connection) throws SQLException;

  /// Those of the looks that would find something, with the age of the oldest of it.
  List<StreamReady> news(Connection connection, int slot, List<ReadRequest> looks)
      throws SQLException;

  /// A follower's question: what is there after this id, as long as this epoch holds the stream.
  record ReadRequest(StreamId stream, long epoch, long after) {}

  /// A stream with something to look at, waiting for so many milliseconds.
  record StreamReady(StreamId stream, long epoch, long waitingMillis) {}
}
