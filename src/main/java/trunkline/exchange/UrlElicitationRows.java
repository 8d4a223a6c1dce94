package trunkline.exchange;

import static trunkline.store.SqlWork.query;
import static trunkline.store.SqlWork.seconds;
import static trunkline.store.SqlWork.texts;
import static trunkline.store.SqlWork.update;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import trunkline.session.SessionKey;
import trunkline.store.Database.Work;

/// The only class that names the `url_elicitations` table.
final class UrlElicitationRows {
  private static final String OPEN =
      """
      -- url_elicitations.open: for a session that lives; they belong to its principal
      INSERT INTO trunkline.url_elicitations (elicitation_id, session_key, principal, expires_at)
      SELECT i.elicitation_id, s.session_key, s.principal, clock_timestamp() + make_interval(secs => ?)
        FROM trunkline.sessions s CROSS JOIN unnest(?::text[]) i(elicitation_id)
       WHERE s.session_key = ? AND s.ended_at IS NULL
      """;

  private static final String WITHDRAW =
      """
      -- url_elicitations.withdraw: the user does not go there
      UPDATE trunkline.url_elicitations SET expires_at = clock_timestamp()
       WHERE elicitation_id = ? AND completed_at IS NULL AND expires_at > clock_timestamp()
      """;

  private static final String COMPLETE =
      """
      -- url_elicitations.complete: the mark and the notification in one transaction
      SELECT trunkline.complete_elicitation(?, ?)
      """;

  private static final String DECIDED =
      """
      -- url_elicitations.decided: completed, or never to be: unknown, expired, or nobody is left to be told; locks nothing
      SELECT a.ord, e.completed_at IS NOT NULL AS completed
        FROM unnest(?::text[], ?::text[]) WITH ORDINALITY a(elicitation_id, principal, ord)
        LEFT JOIN trunkline.url_elicitations e
          ON e.elicitation_id = a.elicitation_id AND e.principal = a.principal
        LEFT JOIN trunkline.sessions s ON s.session_key = e.session_key AND s.ended_at IS NULL
       WHERE e.completed_at IS NOT NULL OR e.elicitation_id IS NULL OR e.expires_at <= clock_timestamp()
          OR s.session_key IS NULL
      """;

  private static final String REMOVE =
      """
      -- url_elicitations.remove: past the time in which a handler would ask for it
      DELETE FROM trunkline.url_elicitations
       WHERE elicitation_id IN (
             SELECT elicitation_id FROM trunkline.url_elicitations
              WHERE expires_at < clock_timestamp() - make_interval(secs => ?)
              ORDER BY expires_at LIMIT ? FOR UPDATE SKIP LOCKED)
      """;

  /// Which page somebody asks for, and as whom.
  record Asked(String id, String principal) {}

  private UrlElicitationRows() {}

  /// Answers how many were stored: none when the session has ended.
  static Work<Integer> open(SessionKey session, List<String> ids, Duration lifetime) {
    return update(
        OPEN,
        s -> {
          s.setDouble(1, seconds(lifetime));
          s.setArray(2, texts(s.getConnection(), ids));
          s.setLong(3, session.value());
        });
  }

  static Work<Integer> withdraw(String id) {
    return update(WITHDRAW, s -> s.setString(1, id));
  }

  static Work<Boolean> complete(String id, String principal) {
    return query(
        COMPLETE,
        s -> {
          s.setString(1, id);
          s.setString(2, principal);
        },
        rows -> rows.next() && rows.getBoolean(1));
  }

  /// Those of them that are decided: whether they were completed.
  static Work<Map<Asked, Boolean>> decided(List<Asked> asked) {
    return query(
        DECIDED,
        s -> {
          s.setArray(1, texts(s.getConnection(), asked.stream().map(Asked::id).toList()));
          s.setArray(2, texts(s.getConnection(), asked.stream().map(Asked::principal).toList()));
        },
        rows -> {
          var decided = new HashMap<Asked, Boolean>();
          while (rows.next()) {
            decided.put(asked.get(rows.getInt("ord") - 1), rows.getBoolean("completed"));
          }
          return decided;
        });
  }

  static Work<Integer> remove(Duration age, int rowsMax) {
    return update(
        REMOVE,
        s -> {
          s.setDouble(1, seconds(age));
          s.setInt(2, rowsMax);
        });
  }
}
