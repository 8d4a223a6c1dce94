package trunkline.stream;

import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import trunkline.store.Database;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;

/// Tells SQL clients that LISTEN on `trunkline_connections` which streams open and close, when it
/// is asked for (`--announce-connections`). After the commit of the fact itself, and as a hint: the
/// truth stands in the view `trunkline.stream_directory`.
final class ConnectionNews implements AutoCloseable {
  private static final String NOTIFY =
      """
      -- streams.connection_news: one NOTIFY for whatever opened and closed meanwhile
      SELECT pg_notify('trunkline_connections', json_build_object(
               'event', n.event, 'session', s.session_id, 'stream', n.stream_id, 'epoch', n.epoch,
               'instance', n.instance, 'reason', n.reason)::text)
        FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::int[], ?::text[])
             WITH ORDINALITY n(event, session_key, stream_id, epoch, instance, reason, ord)
        JOIN trunkline.sessions s USING (session_key)
       ORDER BY n.ord
      """;

  private final Lane<News, Boolean> lane;

  /// A stream that opened, or with a reason, closed.
  private record News(Holding holding, int instance, String event, String reason) {}

  ConnectionNews(Database database) {
    this.lane =
        new Lane<>(
            "trunkline-connections",
            new LanePolicy(100, 20_000, Duration.ZERO),
            database,
            (connection, news) -> {
              try (var statement = connection.prepareStatement(NOTIFY)) {
                statement.setArray(1, array(connection, "text", news, News::event));
                statement.setArray(
                    2, array(connection, "bigint", news, n -> n.holding().session().value()));
                statement.setArray(
                    3, array(connection, "bigint", news, n -> n.holding().stream().value()));
                statement.setArray(4, array(connection, "bigint", news, n -> n.holding().epoch()));
                statement.setArray(5, array(connection, "int", news, News::instance));
                statement.setArray(6, array(connection, "text", news, News::reason));
                statement.execute();
                return news.stream().map(_ -> true).toList();
              }
            });
  }

  private static Array array(
      Connection connection, String type, List<News> news, Function<News, Object> value)
      throws SQLException {
    return connection.createArrayOf(type, news.stream().map(value).toArray());
  }

  void opened(Holding holding, int instance) {
    var _ = lane.submit(new News(holding, instance, "opened", ""));
  }

  void closed(Holding holding, int instance, String reason) {
    var interrupted = Thread.interrupted(); // the news must leave although its thread is cancelled
    var _ = lane.submit(new News(holding, instance, "closed", reason));
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    lane.close();
  }
}
