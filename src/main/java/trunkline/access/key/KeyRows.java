package trunkline.access.key;

import static trunkline.access.key.ApiKeysTable.API_KEYS;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.feature.Scopes;
import trunkline.session.Principal;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// Reads `api_keys`, and notes when they were used; only functions of the migrations issue and end
/// them.
final class KeyRows implements KeySource {
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(1));

  private static final Field<String> SCOPES = SqlText.column("scopes", SQLDataType.CLOB);
  private static final Field<Long> LEFT = SqlText.column("left_micros", SQLDataType.BIGINT);
  private static final Field<Long> UNUSED = SqlText.column("unused_micros", SQLDataType.BIGINT);

  private static final SqlText FIND =
      SqlText.of(
          """
          -- api_keys.find: those that are good now, of all that an instance knows or has just met, and for how long they are
          SELECT k.sha256, k.key_id, k.principal, array_to_string(k.scopes, ' ') AS scopes, k.expires_at,
                 (extract(epoch FROM k.expires_at - n.now) * 1000000)::bigint AS left_micros,
                 (extract(epoch FROM n.now - k.last_used_at) * 1000000)::bigint AS unused_micros
            FROM trunkline.api_keys k CROSS JOIN (SELECT clock_timestamp() AS now) n
           WHERE k.sha256 = ANY (:keys) AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > n.now)
          """,
          API_KEYS.SHA256,
          API_KEYS.KEY_ID,
          API_KEYS.PRINCIPAL,
          SCOPES,
          API_KEYS.EXPIRES_AT,
          LEFT,
          UNUSED);

  /// Two instances touch in any order. A row that is locked is left out: another instance writes
  /// the same, or it is being revoked.
  private static final SqlText TOUCH =
      SqlText.of(
          """
          -- api_keys.touch: once a minute for a key, whoever uses it and however often
          WITH due AS MATERIALIZED (
                 SELECT key_id FROM trunkline.api_keys
                  WHERE key_id = ANY (:ids)
                    AND (last_used_at IS NULL OR last_used_at NOT BETWEEN clock_timestamp() - interval '1 minute' AND clock_timestamp())
                  ORDER BY key_id FOR NO KEY UPDATE SKIP LOCKED)
          UPDATE trunkline.api_keys k SET last_used_at = clock_timestamp() FROM due WHERE k.key_id = due.key_id
          """);

  private final Database database;

  KeyRows(Database database) {
    this.database = database;
  }

  @Override
  public Map<KeyDigest, GoodKey> find(Collection<KeyDigest> keys) {
    var rows =
        database.run(
            sql -> sql.text(FIND).all("keys", API_KEYS.SHA256, keys, KeyDigest::bytes).rows());
    var found = new HashMap<KeyDigest, GoodKey>();
    rows.forEach(row -> found.put(KeyDigest.of(row.get(API_KEYS.SHA256)), key(row)));
    return found;
  }

  private static GoodKey key(Record row) {
    return new GoodKey(
        row.get(API_KEYS.KEY_ID),
        new Principal(row.get(API_KEYS.PRINCIPAL)),
        Scopes.parse(row.get(SCOPES)),
        row.get(API_KEYS.EXPIRES_AT),
        micros(row.get(LEFT)),
        micros(row.get(UNUSED)));
  }

  private static @Nullable Duration micros(@Nullable Long micros) {
    return Optional.ofNullable(micros).map(number -> Duration.ofNanos(1_000 * number)).orElse(null);
  }

  @Override
  public void touch(Collection<Long> ids) {
    PATIENCE.run(database, sql -> sql.text(TOUCH).all("ids", API_KEYS.KEY_ID, ids).execute());
  }

  /// Removes what ended a month ago.
  ///
  /// @return how many
  int forget(int rowsMax) {
    var heading = "api_keys.forget: twice is harmless";
    return PATIENCE.run(database, sql -> Routines.forgetApiKeys(sql.routine(heading), rowsMax));
  }
}
