package trunkline.stream;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import trunkline.session.CallId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.stream.MessageStore.Page.StoredMessage;

/// A session with streams, whatever the tables are made of: what the contracts of the stores need
/// beside the stores.
interface StoreBench extends AutoCloseable {
  AtomicLong NUMBERS = new AtomicLong();

  MessageStore messages();

  StreamStore streams();

  Slots.Store slots();

  SessionKey session();

  StreamId standalone();

  /// Another session.
  StoreBench stranger();

  /// Another stream that anybody may write.
  StreamId stream();

  /// The stream of a call in its n-th run.
  StreamId callStream(int writerEpoch);

  /// Says that an instance has the stream, in the epoch that it has.
  void hold(StreamId stream, int instance);

  /// An instance with a lease.
  InstanceId living();

  /// Ways in which an instance is gone.
  enum Gone {
    DEAD,
    LEFT,
    LEASE_OVER
  }

  void end(InstanceId instance, Gone how);

  /// Who has the stream, why nobody has, and where its last reader came.
  String state(StreamId stream);

  /// As a promoted standby that has not got what follows: every message of these words is gone, and
  /// ids go on above.
  void lose(String text);

  /// The same for the latest claim of a stream.
  void loseClaim(StreamId stream);

  /// Another transaction that keeps a stream's row, and may change it before it lets it go.
  interface Locked extends AutoCloseable {
    /// Claims the stream for an instance that waits for the last word.
    void claim(int instance) throws Exception;

    /// Starts work that waits for the row, patiently.
    <T> Future<T> block(Callable<T> work) throws Exception;

    /// Lets the row go.
    @Override
    void close();
  }

  Locked locking(StreamId stream) throws Exception;

  @Override
  void close();

  default BatchKey key() {
    return new BatchKey(1 << 8, NUMBERS.incrementAndGet(), 0);
  }

  static StreamWrite message(StreamId stream, String text) {
    return written(stream, StreamWrite.ANYBODY, text, false);
  }

  /// The last one answers a call that has no row.
  static StreamWrite written(StreamId stream, int writerEpoch, String text, boolean last) {
    var payload = text.getBytes(StandardCharsets.UTF_8);
    return last
        ? new StreamWrite.Answer(stream, writerEpoch, payload, new CallId(0), true)
        : new StreamWrite.Notice(stream, writerEpoch, payload);
  }

  static String text(StoredMessage message) {
    return new String(message.payload(), StandardCharsets.UTF_8);
  }
}
