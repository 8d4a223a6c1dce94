package trunkline.status;

import static org.jooq.impl.SQLDataType.BIGINT;
import static trunkline.status.DirectoryRows.number;
import static trunkline.store.SqlText.column;

import org.jooq.Field;
import trunkline.store.Sql;
import trunkline.store.SqlText;

/// What one session's client is not known to have; the places of clients that listen are written
/// every half minute.
///
/// @param messages up to [#MOST] of each of its streams
/// @param oldestSeconds how long the oldest of them waits; 0 when there is none
public record Unread(long messages, long oldestSeconds) {
  /// Beyond, it is many.
  public static final int MOST = 1_000;

  private static final Field<Long> NUMBER = column("number", BIGINT);
  private static final Field<Long> OLDEST = column("oldest", BIGINT);

  private static final SqlText OF_SESSION =
      SqlText.of(
          """
          -- status.unread: of one session's streams, after the place that their reader is known to have reached
          SELECT count(*) AS number, extract(epoch FROM clock_timestamp() - min(m.created_at))::bigint AS oldest
            FROM trunkline.streams s
           CROSS JOIN LATERAL (SELECT o.created_at FROM trunkline.outbound_messages o
                                WHERE o.stream_id = s.stream_id AND o.event_id > greatest(s.position_own, s.trimmed_through)
                                ORDER BY o.event_id LIMIT :most) m
           WHERE s.session_key = :session
          """,
          NUMBER,
          OLDEST);

  /// Of a session, by its key.
  public static Unread of(Sql sql, long session) {
    return sql.text(OF_SESSION)
        .set("session", session)
        .set("most", MOST)
        .single(row -> new Unread(number(row, NUMBER), number(row, OLDEST)));
  }
}
