package trunkline.stream;

import java.sql.SQLException;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import trunkline.session.CallId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.testing.Layers;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// A session with streams in a real database, for tests of what is below HTTP.
final class Bench implements StoreBench {
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

  @Override
  public MessageStore messages() {
    return new MessageRows(database);
  }

  @Override
  public StreamStore streams() {
    return new StreamRows(database, new SetAside("streams", _ -> {}));
  }

  @Override
  public Slots.Store slots() {
    return new SlotRows(database);
  }

  @Override
  public SessionKey session() {
    return session;
  }

  @Override
  public StreamId standalone() {
    return standalone;
  }

  @Override
  public StoreBench stranger() {
    return new Bench(db);
  }

  @Override
  public StreamId stream() {
    return new StreamId(
        db.sql(
                "insert into trunkline.streams (session_key, standalone) values (?, false) returning stream_id",
                session.value())
            .number());
  }

  @Override
  public StreamId callStream(int writerEpoch) {
    return new StreamId(
        db.sql(
                "insert into trunkline.streams (session_key, standalone, writer_epoch) values (?, false, ?) returning stream_id",
                session.value(),
                writerEpoch)
            .number());
  }

  @Override
  public void hold(StreamId stream, int instance) {
    db.sql(
        "update trunkline.streams set holder_instance = ? where stream_id = ?",
        instance,
        stream.value());
  }

  @Override
  public InstanceId living() {
    return new InstanceId(
        (int)
            db.sql(
                    "insert into trunkline.instances (lease_until, url, version)"
                        + " values (clock_timestamp() + interval '1 hour', 'here', 'test') returning instance_id")
                .number());
  }

  @Override
  public void end(InstanceId instance, Gone how) {
    var column =
        switch (how) {
          case DEAD -> "dead_at";
          case LEFT -> "left_at";
          case LEASE_OVER -> "lease_until";
        };
    db.sql(
        "update trunkline.instances set " + column + " = clock_timestamp() where instance_id = ?",
        instance.value());
  }

  @Override
  public String state(StreamId stream) {
    return String.valueOf(
        db.sql(
                """
                select coalesce('held by ' || holder_instance, 'free') || ', ' || coalesce(close_reason, 'open')
                       || ', at ' || position_own as row
                  from trunkline.streams where stream_id = ?
                """,
                stream.value())
            .rows()
            .getFirst()
            .get("row"));
  }

  @Override
  public void lose(String text) {
    db.sql("delete from trunkline.outbound_messages where payload = convert_to(?, 'UTF8')", text);
    db.sql("update trunkline.control set id_base = id_base + 1");
  }

  @Override
  public void loseClaim(StreamId stream) {
    db.sql(
        "update trunkline.streams set holder_epoch = holder_epoch - 1 where stream_id = ?",
        stream.value());
    db.sql("update trunkline.control set id_base = id_base + 1");
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

  @Override
  public Locked locking(StreamId stream) throws SQLException {
    var transaction =
        OpenTransaction.on(
            db,
            "select from trunkline.streams where stream_id = ? for no key update",
            stream.value());
    return new Locked() {
      @Override
      public void claim(int instance) throws SQLException {
        transaction.run(
            """
            update trunkline.streams set holder_instance = ?, holder_epoch = holder_epoch + 1, position_settled = false
             where stream_id = ?
            """,
            instance,
            stream.value());
      }

      @Override
      public <T> Future<T> block(Callable<T> work) throws SQLException {
        return transaction.block(work);
      }

      @Override
      public void close() {
        try (transaction) {
          transaction.commit();
        } catch (SQLException e) {
          throw new IllegalStateException(e);
        }
      }
    };
  }

  @Override
  public void close() {
    layers.close();
  }
}
