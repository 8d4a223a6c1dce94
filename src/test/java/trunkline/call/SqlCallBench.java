package trunkline.call;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trunkline.session.CallId;
import trunkline.session.SessionId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

/// Calls in PostgreSQL.
final class SqlCallBench implements CallBench {
  private final TestDatabase db;
  private final Database database;
  private final SessionId client = SessionId.random();
  private final SessionKey session;

  SqlCallBench(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "trunkline-calls");
    this.session =
        new SessionKey(
            number(
                db.sql(
                        "select session_key from trunkline.open_session(?, '2025-11-25', 'ada', '{}', '{}', 0)",
                        client.value())
                    .rows()
                    .getFirst()
                    .get("session_key")));
  }

  private static long number(@Nullable Object value) {
    return ((Number) Objects.requireNonNull(value)).longValue();
  }

  @Override
  public CallStore store() {
    return new CallRows(database);
  }

  @Override
  public SessionKey session() {
    return session;
  }

  @Override
  public SessionId client() {
    return client;
  }

  @Override
  public void endSession() {
    db.sql("select trunkline.end_session_now(?, 'client')", session.value());
  }

  @Override
  public InstanceId instance() {
    return new InstanceId(
        (int)
            db.sql(
                    """
                    insert into trunkline.instances (lease_until, wake_mode, url, version)
                    values (clock_timestamp() + interval '1 minute', 'notify', 'http://localhost', 'test')
                    returning instance_id
                    """)
                .number());
  }

  @Override
  public void die(InstanceId instance) {
    db.sql(
        "update trunkline.instances set dead_at = clock_timestamp() where instance_id = ?",
        instance.value());
  }

  @Override
  public List<String> requestIds(StreamId stream) {
    return db
        .sql(
            "select request_id from trunkline.calls where stream_id = ? order by call_id",
            stream.value())
        .column()
        .stream()
        .map(String::valueOf)
        .toList();
  }

  @Override
  public long calls() {
    return db.sql("select count(*) from trunkline.calls where session_key = ?", session.value())
        .number();
  }

  @Override
  public void finishAll() {
    db.sql("update trunkline.calls set finished_at = clock_timestamp()");
  }

  @Override
  public InstanceId lastWriter() {
    return new InstanceId(
        (int) db.sql("select max(writer_instance) from trunkline.streams").number());
  }

  @Override
  public long runs(CallId call) {
    return db.sql("select runs from trunkline.calls where call_id = ?", call.value()).number();
  }

  @Override
  public void loseTakeOver(StreamId stream, InstanceId former) {
    db.sql(
        "update trunkline.streams set writer_instance = ?, writer_epoch = writer_epoch - 1 where stream_id = ?",
        former.value(),
        stream.value());
    db.sql("update trunkline.control set id_base = id_base + 1");
  }

  @Override
  public void close() {
    database.close();
  }
}
