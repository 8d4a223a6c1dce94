package trunkline.access.key;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.store.Database;
import trunkline.store.SqlText;
import trunkline.store.StatementRefused;

/// Issues, lists and revokes keys for an operator, by the functions that SQL callers have.
public final class KeyDesk {
  private static final int SHOWN_MAX = 10_000;

  private static final Field<String> ISSUED = SqlText.column("issued", SQLDataType.CLOB);
  private static final Field<Boolean> DONE = SqlText.column("done", SQLDataType.BOOLEAN);

  private static final Field<Long> ID = SqlText.column("key_id", SQLDataType.BIGINT);
  private static final Field<String> PRINCIPAL = SqlText.column("principal", SQLDataType.CLOB);
  private static final Field<String[]> SCOPES =
      SqlText.column("scopes", SQLDataType.CLOB.getArrayDataType());
  private static final Field<Instant> CREATED = SqlText.column("created_at", SQLDataType.INSTANT);
  private static final Field<Instant> EXPIRES = SqlText.column("expires_at", SQLDataType.INSTANT);
  private static final Field<Instant> REVOKED = SqlText.column("revoked_at", SQLDataType.INSTANT);
  private static final Field<Instant> USED = SqlText.column("last_used_at", SQLDataType.INSTANT);
  private static final Field<String> STATE = SqlText.column("state", SQLDataType.CLOB);

  private static final SqlText ISSUE =
      SqlText.of(
          """
          -- key.issue: asked again after a lost answer it issues another one, and nobody has the first
          SELECT trunkline.issue_key(:principal, :scopes, coalesce(:expires, clock_timestamp() + :seconds * interval '1 second')) AS issued
          """,
          ISSUED);

  private static final SqlText REVOKE =
      SqlText.of(
          """
          -- key.revoke: asked again, it has been done
          SELECT trunkline.revoke_key(:id) AS done
          """,
          DONE);

  private static final SqlText LIST =
      SqlText.of(
          """
          -- key.list: the newest first
          SELECT key_id, principal, scopes, created_at, expires_at, revoked_at, last_used_at, state
            FROM trunkline.key_directory ORDER BY key_id DESC LIMIT :max
          """,
          ID,
          PRINCIPAL,
          SCOPES,
          CREATED,
          EXPIRES,
          REVOKED,
          USED,
          STATE);

  private final Database database;

  public KeyDesk(Database database) {
    this.database = database;
  }

  /// A key as `key_directory` shows it.
  ///
  /// @param state `living`, `expired` or `revoked`
  public record Listed(
      long id,
      String principal,
      List<String> scopes,
      Instant created,
      Optional<Instant> expires,
      Optional<Instant> revoked,
      Optional<Instant> used,
      String state) {}

  /// The end of a key's life: never, at a time, or so long from now on the database's clock.
  public sealed interface Expiry {
    /// Not by itself.
    record Never() implements Expiry {}

    /// At a time.
    record At(Instant time) implements Expiry {}

    /// After a time.
    record After(Duration validity) implements Expiry {}
  }

  /// Issues a key.
  ///
  /// @return the key, which nobody can ever look up again
  /// @throws StatementRefused in words for the operator
  public String issue(String principal, Collection<String> scopes, Expiry expiry) {
    @Nullable Instant at = expiry instanceof Expiry.At(var time) ? time : null;
    @Nullable Long in =
        expiry instanceof Expiry.After(var validity) ? (Long) validity.toSeconds() : null;
    return database.run(sql ->
        sql.text(ISSUE)
            .set("principal", principal)
            .all("scopes", SQLDataType.CLOB, scopes)
            .set("expires", SQLDataType.INSTANT, at)
            .set("seconds", SQLDataType.BIGINT, in)
            .single(row -> row.get(ISSUED)));
  }

  /// Ends a key.
  ///
  /// @return false: there is none of this number that was not ended so before
  public boolean revoke(long id) {
    return database.run(sql -> sql.text(REVOKE).set("id", id).single(row -> row.get(DONE)));
  }

  /// The keys, the newest first, ten thousand at most.
  public List<Listed> list() {
    return database.run(sql -> sql.text(LIST).set("max", SHOWN_MAX).fetch(KeyDesk::listed));
  }

  private static Listed listed(Record row) {
    return new Listed(
        row.get(ID),
        row.get(PRINCIPAL),
        Arrays.asList(row.get(SCOPES)),
        row.get(CREATED),
        Optional.ofNullable(row.get(EXPIRES)),
        Optional.ofNullable(row.get(REVOKED)),
        Optional.ofNullable(row.get(USED)),
        row.get(STATE));
  }
}
