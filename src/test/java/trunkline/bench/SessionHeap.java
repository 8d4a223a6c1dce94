package trunkline.bench;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/// What a session leaves on the heap of the instance that opened it and answered its call, once its
/// use is written down and it is no longer remembered, which it is for ten seconds.
final class SessionHeap implements Row {
  private static final int SESSIONS = 20_000;
  private static final int WARM_UP = 2_000;
  private static final int REMEMBERED_MILLIS = 15_000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  @Override
  public String word() {
    return "session-heap";
  }

  @Override
  public String title() {
    return "heap of a session without a stream, of 20,000";
  }

  @Override
  public String floor() {
    return "";
  }

  @Override
  public String unit() {
    return "bytes";
  }

  @Override
  public Target target() {
    return Target.atMost(16);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var server = stage.server();
    used(stage, server, WARM_UP);
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var before = server.heap();
        used(stage, server, SESSIONS);
        return Round.alone((server.heap() - before) / (double) SESSIONS);
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  private static void used(Stage stage, Worker server, int count) throws Exception {
    var before = unwritten(stage);
    var _ = NewSessions.used(server.address(), count);
    var patience = System.nanoTime() + PATIENCE_NANOS;
    while (unwritten(stage) > before) {
      if (System.nanoTime() - patience > 0) {
        throw new IllegalStateException("uses of sessions are not written");
      }
      Pause.ofMillis(200);
    }
    Pause.ofMillis(REMEMBERED_MILLIS);
  }

  /// Sessions whose row does not say that they were used.
  private static long unwritten(Stage stage) throws SQLException {
    try (var connection = stage.connect();
        var statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                """
                select count(*) from trunkline.sessions
                 where ended_at is null and last_used_at < created_at + interval '1 ms'
                """)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
