package trunkline.seal;

import static org.jooq.impl.DSL.inline;
import static trunkline.seal.SealKeysTable.SEAL_KEYS;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import trunkline.store.Database;
import trunkline.store.DatabaseClock;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// Reads `seal_keys`, which only functions of the migrations fill.
final class SealKeyRows implements KeySource {
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(1));

  /// More than are made in the time that one is kept.
  private static final int KEYS_MAX = 10_000;

  private static final Field<Integer> DONE = SqlText.column("done", SQLDataType.INTEGER);

  private static final SqlText KEEP =
      SqlText.of(
          """
          -- seal_keys.keep: a new one when the newest is a day old, and without those that nothing needs; twice is harmless
          SELECT done FROM trunkline.keep_seal_keys(:rows_max)
          """,
          DONE);

  private final Database database;
  private final LongSupplier nanos;

  /// @param nanos the local monotonic clock
  SealKeyRows(Database database, LongSupplier nanos) {
    this.database = database;
    this.nanos = nanos;
  }

  @Override
  public CompletableFuture<Optional<KeyRing>> read() {
    return database.start(sql -> {
      var now = DatabaseClock.now().as("now");
      var rows =
          sql.named("seal_keys.read: all there are, with the clock that says which is used")
              .select(SEAL_KEYS.KEY_ID, SEAL_KEYS.KEY, SEAL_KEYS.USABLE_AT, now)
              .from(SEAL_KEYS)
              .orderBy(SEAL_KEYS.USABLE_AT.desc(), SEAL_KEYS.KEY_ID)
              .limit(inline(KEYS_MAX))
              .fetch();
      if (rows.isEmpty()) {
        return Optional.empty();
      }
      var keys =
          rows.map(row ->
              SealKey.of(
                  row.get(SEAL_KEYS.KEY_ID), row.get(SEAL_KEYS.KEY), row.get(SEAL_KEYS.USABLE_AT)));
      return Optional.of(
          new KeyRing(List.copyOf(keys), rows.getFirst().get(now), nanos.getAsLong()));
    });
  }

  @Override
  public int keep(int rowsMax) {
    return PATIENCE
        .run(database, sql -> sql.text(KEEP).set("rows_max", rowsMax).fetch(row -> row.get(DONE)))
        .stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  @Override
  public Instant rotate() {
    var heading = "seal_keys.rotate: asked again, it answers the same";
    return database.run(sql -> Routines.rotateSealKey(sql.routine(heading)));
  }
}
