package trunkline.session;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.jooq.impl.DSL.any;
import static trunkline.session.SubscriptionsTable.SUBSCRIPTIONS;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// Reads and writes `subscriptions`.
final class SubscriptionRows {
  private static final SqlText ADD =
      SqlText.of(
          """
          -- subscriptions.add: KEY SHARE waits for an end in flight, and an end waits for it
          WITH living AS MATERIALIZED (
                 SELECT session_key FROM trunkline.sessions
                  WHERE session_key = :session_key AND ended_at IS NULL FOR KEY SHARE),
               room AS (
                 SELECT count(*) < :subscriptions_max OR coalesce(bool_or(uri = :uri), false) AS free
                   FROM trunkline.subscriptions WHERE session_key = :session_key),
               added AS (
                 INSERT INTO trunkline.subscriptions (uri, session_key)
                 SELECT :uri, session_key FROM living WHERE (SELECT free FROM room)
                 ON CONFLICT DO NOTHING)
          SELECT EXISTS (SELECT FROM living) AS lives, (SELECT free FROM room) AS free
          """,
          StoreOutcome.LIVES,
          StoreOutcome.FREE);

  private static final int LIST_MAX = 1_000;
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;

  SubscriptionRows(Database database) {
    this.database = database;
  }

  StoreOutcome add(SessionKey session, String uri, int subscriptionsMax) {
    return PATIENCE.run(
        database,
        sql ->
            sql.text(ADD)
                .set(SUBSCRIPTIONS.SESSION_KEY, session)
                .set("subscriptions_max", subscriptionsMax)
                .set(SUBSCRIPTIONS.URI, uri)
                .single(StoreOutcome::of));
  }

  void remove(SessionKey session, String uri) {
    var _ =
        PATIENCE.run(
            database,
            sql ->
                sql.named(
                        "subscriptions.remove: an end in flight removes it too, so nothing is locked before it")
                    .deleteFrom(SUBSCRIPTIONS)
                    .where(SUBSCRIPTIONS.URI.eq(uri))
                    .and(SUBSCRIPTIONS.SESSION_KEY.eq(session))
                    .execute());
  }

  List<String> list(SessionKey session) {
    return PATIENCE.run(
        database,
        sql ->
            sql.named("subscriptions.list: what a client that missed updates is told to read again")
                .select(SUBSCRIPTIONS.URI)
                .from(SUBSCRIPTIONS)
                .where(SUBSCRIPTIONS.SESSION_KEY.eq(session))
                .orderBy(SUBSCRIPTIONS.URI)
                .limit(LIST_MAX)
                .fetch(SUBSCRIPTIONS.URI));
  }

  Map<String, Set<SessionKey>> find(Collection<String> uris) {
    return PATIENCE.run(
        database,
        sql ->
            sql.named("subscriptions.find: the sessions that an update of these resources concerns")
                .select(SUBSCRIPTIONS.URI, SUBSCRIPTIONS.SESSION_KEY)
                .from(SUBSCRIPTIONS)
                .where(SUBSCRIPTIONS.URI.eq(any(uris.toArray(String[]::new))))
                .collect(
                    groupingBy(
                        row -> row.get(SUBSCRIPTIONS.URI),
                        mapping(row -> row.get(SUBSCRIPTIONS.SESSION_KEY), toSet()))));
  }
}
