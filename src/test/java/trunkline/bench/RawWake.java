package trunkline.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;

/// The floor of a message from one process to another over the database: insert and commit, NOTIFY,
/// LISTEN elsewhere, select there. Plain JDBC, the driver as it comes, a thread for each side.
final class RawWake implements AutoCloseable {
  /// Between two messages: nothing is on its way any more.
  static final Duration REST = Duration.ofMillis(3);

  private static final byte[] PAYLOAD = "x".repeat(300).getBytes(US_ASCII);
  private static final int SECONDS_MAX = 10;

  private final Connection writing;
  private final Connection hearing;
  private final PreparedStatement insert;
  private final PreparedStatement notify;
  private final SynchronousQueue<Long> arrivals = new SynchronousQueue<>();
  private final Thread hearer;

  private RawWake(Connection writing, Connection hearing) throws SQLException {
    this.writing = writing;
    this.hearing = hearing;
    insert =
        writing.prepareStatement(
            "INSERT INTO trunkline_bench.messages (stream_id, event_id, slot, payload)"
                + " VALUES (1, nextval('trunkline_bench.message_seq'), 0, ?) RETURNING event_id");
    notify = writing.prepareStatement("SELECT pg_notify('trunkline_bench', 'x')");
    try (var statement = hearing.createStatement()) {
      statement.execute("LISTEN trunkline_bench");
    }
    hearer = Thread.ofPlatform().name("hearer").daemon().start(this::hear);
  }

  /// After a server has migrated the schema.
  static RawWake on(Stage stage) throws SQLException {
    RawMessages.prepare(stage);
    return new RawWake(stage.connect(), stage.connect());
  }

  Samples play(Duration time) throws Exception {
    var times = new Samples();
    var end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      Pause.of(REST);
      var start = System.nanoTime();
      insert.setBytes(1, PAYLOAD);
      insert.executeQuery().close();
      notify.executeQuery().close();
      var arrived = arrivals.poll(SECONDS_MAX, TimeUnit.SECONDS);
      if (arrived == null) {
        throw new IllegalStateException("a NOTIFY did not arrive");
      }
      times.add(arrived - start);
    }
    return times;
  }

  private void hear() {
    try (var select =
        hearing.prepareStatement(
            "SELECT event_id, payload FROM trunkline_bench.messages"
                + " WHERE stream_id = 1 AND event_id > ? ORDER BY event_id")) {
      var pg = hearing.unwrap(PGConnection.class);
      var after = latest();
      while (true) {
        var heard = pg.getNotifications(0);
        if (heard == null || heard.length == 0) {
          continue;
        }
        select.setLong(1, after);
        try (var rows = select.executeQuery()) {
          while (rows.next()) {
            after = rows.getLong(1);
            var _ = rows.getBytes(2);
          }
        }
        arrivals.put(System.nanoTime());
      }
    } catch (SQLException | InterruptedException _) {
      // closed
    }
  }

  private long latest() throws SQLException {
    try (var statement = hearing.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT coalesce(max(event_id), 0) FROM trunkline_bench.messages")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() {
    hearer.interrupt();
    try {
      hearing.abort(Runnable::run); // it blocks in a read
      writing.close();
    } catch (SQLException _) {
      // gone either way
    }
  }
}
