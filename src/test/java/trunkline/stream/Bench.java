package trunkline.stream;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import trunkline.session.CallId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.store.Database;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.stream.MessageStore.Page.StoredMessage;
import trunkline.testing.Layers;
import trunkline.testing.TestDatabase;

/// A session with streams in a real database, for tests of what is below HTTP.
final class Bench implements AutoCloseable {
  private static final AtomicLong NUMBERS = new AtomicLong();
  final TestDatabase db;
  private final Layers layers;
  final Database database;
  final SessionKey session;
  final StreamId standalone;

  Bench(TestDatabase db) {
    this.db = db;
    this.layers = Layers.of(db.settings()).upTo(Layers.Top.DATABASE);
    this.database = layers.database();
    var opened =
        db.sql(
                "select session_key, stream_id from trunkline.open_session(?, '2025-11-25', 'anonymous', '{}', '{}', 0)",
                UUID.randomUUID().toString().replace("-", ""))
            .rows()
            .getFirst();
    this.session = new SessionKey(number(opened.get("session_key")));
    this.standalone = new StreamId(number(opened.get("stream_id")));
  }

  private static long number(@Nullable Object value) {
    return ((Number) Objects.requireNonNull(value)).longValue();
  }

  /// Another stream that anybody may write.
  StreamId stream() {
    return new StreamId(
        db.sql(
                "insert into trunkline.streams (session_key, standalone) values (?, false) returning stream_id",
                session.value())
            .number());
  }

  /// The stream of a call in its n-th run.
  StreamId callStream(int writerEpoch) {
    return new StreamId(
        db.sql(
                "insert into trunkline.streams (session_key, standalone, writer_epoch) values (?, false, ?) returning stream_id",
                session.value(),
                writerEpoch)
            .number());
  }

  /// An unfinished call with a stream of its own, that anybody may write.
  CallId call() {
    return new CallId(
        db.sql(
                "insert into trunkline.calls (stream_id, session_key, request_id, method, request, principal, rerunnable)"
                    + " values (?, ?, ?, 'tools/call', '', 'anonymous', false) returning call_id",
                stream().value(),
                session.value(),
                String.valueOf(NUMBERS.incrementAndGet()))
            .number());
  }

  BatchKey key() {
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

  /// A transaction that keeps the stream's row locked until it is closed.
  AutoCloseable locking(StreamId stream) throws SQLException {
    Connection connection = db.open();
    connection.setAutoCommit(false);
    TestDatabase.run(
        connection,
        "select from trunkline.streams where stream_id = ? for no key update",
        stream.value());
    return () -> {
      connection.rollback();
      connection.close();
    };
  }

  @Override
  public void close() {
    layers.close();
  }
}
