package trunkline.bench;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HexFormat;

/// Living sessions with their kept messages, by a few statements over all of them: as if each
/// client had been away for a while, having read everything.
final class LivingSessions {
  static final int MESSAGES_EACH = 10;

  /// The messages are in so many slots, as they are after most of a history's age.
  private static final int SLOTS = 5;

  private LivingSessions() {}

  /// The id of the session of this number, from 1.
  static String id(int number) {
    try {
      var text = ("s" + number).getBytes(StandardCharsets.US_ASCII);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static void insert(Connection database, int sessions) throws SQLException {
    try (var statement = database.createStatement()) {
      statement.execute(
          """
          insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client, created_at, last_used_at)
          select md5('s' || g), '2025-11-25', 'anonymous', (select coalesce(max(id), 0) from trunkline.announcements),
                 '{"elicitation":{},"sampling":{},"roots":{"listChanged":true}}',
                 '{"name":"client","title":"A client of the usual kind","version":"1.' || g %% 20 || '"}',
                 now() - interval '2 hours' * (1 - g::float8 / %1$d), now() - interval '10 minutes' * random()
            from generate_series(1, %1$d) g
          """
              .formatted(sessions));
      statement.execute(
          """
          insert into trunkline.streams (session_key, standalone, holder_epoch, opened_at, closed_at, close_reason)
          select session_key, true, 1, created_at, last_used_at, 'client left' from trunkline.sessions order by session_key
          """);
      // A message of each stream, and then the next one of each: in the order of their ids.
      for (var message = 0; message < MESSAGES_EACH; message++) {
        var age = (MESSAGES_EACH - 1 - message) * SLOTS / MESSAGES_EACH;
        statement.execute(
            """
            insert into trunkline.outbound_messages (stream_id, event_id, slot, payload, created_at)
            select s.stream_id, i.prefix | nextval('trunkline.event_seq'), (i.current_slot + 8 - %1$d) %% 8,
                   convert_to('{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"' || repeat('x', 40) || '"}}', 'UTF8'),
                   clock_timestamp() - interval '%2$d minutes'
              from (select prefix, current_slot from trunkline.issuing offset 0) i, trunkline.streams s order by s.stream_id
            """
                .formatted(age, age * 10 + 1));
      }
      statement.execute(
          """
          update trunkline.streams s set position_own = m.event_id
            from (select stream_id, max(event_id) as event_id from trunkline.outbound_messages
                   where slot = (select current_slot from trunkline.issuing) group by stream_id) m
           where s.stream_id = m.stream_id
          """);
      // No table has every row twice but after an update of all of them.
      statement.execute("vacuum full trunkline.streams");
      // Otherwise it is done while something is measured.
      statement.execute(
          "vacuum analyze trunkline.sessions, trunkline.streams, trunkline.outbound_messages");
      statement.execute("checkpoint");
    }
  }
}
