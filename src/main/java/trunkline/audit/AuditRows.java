package trunkline.audit;

import static trunkline.audit.AuditRecordsTable.AUDIT_RECORDS;
import static trunkline.audit.AuditWritersTable.AUDIT_WRITERS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jooq.DataType;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// Writes `audit_records`, and keeps their slots.
final class AuditRows {
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(1));

  private static final Field<byte[]> KEY = SqlText.column("key", SQLDataType.BLOB);
  private static final Field<String> CHORE = SqlText.column("chore", SQLDataType.CLOB);
  private static final Field<Integer> DONE = SqlText.column("done", SQLDataType.INTEGER);

  /// The writer's row is locked first: an attempt whose answer was lost has either committed by
  /// then, and its records are passed over, or can store none of them any more.
  private static final SqlText WRITE =
      SqlText.of(
          """
          -- audit_records.write: what is not stored yet, into the slot that is open, with the promise to keep it
          WITH mine AS MATERIALIZED (
                 SELECT writer, written_through FROM trunkline.audit_writers WHERE writer = :writer FOR NO KEY UPDATE),
               current AS MATERIALIZED (
                 SELECT slot FROM trunkline.audit_slots WHERE opened_at IS NOT NULL AND closed_at IS NULL),
               promised AS (
                 UPDATE trunkline.audit_slots s SET kept_for = :age
                   FROM current c WHERE s.slot = c.slot AND s.kept_for < :age),
               written AS (
                 INSERT INTO trunkline.audit_records (slot, writer, number, begun_at, micros, instance_id, principal, credential, client,
                        method, name, arguments, outcome, code, run, times, session_key, task_key, revision, trace, peer)
                 SELECT c.slot, m.writer, a.number, clock_timestamp() - a.ago * interval '1 microsecond', a.micros, a.instance_id, a.principal,
                        a.credential, a.client, a.method, a.name, a.arguments, a.outcome, a.code, a.run, a.times, a.session_key, a.task_key,
                        a.revision, a.trace, a.peer
                   FROM unnest(:numbers::bigint[], :agos::bigint[], :micros::bigint[], :instances::int[], :principals::text[],
                               :credentials::text[], :clients::text[], :methods::text[], :names::text[], :arguments::bytea[],
                               :outcomes::text[], :codes::int[], :runs::int[], :times::int[], :sessions::bigint[], :tasks::bigint[],
                               :revisions::text[], :traces::text[], :peers::text[])
                          a(number, ago, micros, instance_id, principal, credential, client, method, name, arguments,
                            outcome, code, run, times, session_key, task_key, revision, trace, peer)
                  CROSS JOIN mine m CROSS JOIN current c
                  WHERE a.number > m.written_through)
          UPDATE trunkline.audit_writers w
             SET written_through = greatest(m.written_through, :through), lost = :lost, written_at = clock_timestamp()
            FROM mine m WHERE w.writer = m.writer
          """);

  private static final SqlText ENLIST =
      SqlText.of(
          """
          -- audit_writers.enlist: a process that is about to write; twice is once
          INSERT INTO trunkline.audit_writers (writer, instance_id) VALUES (:writer, :instance_id) ON CONFLICT DO NOTHING
          """);

  private static final SqlText READ_KEY =
      SqlText.of(
          """
          -- audit_key.read: of the digests
          SELECT key FROM trunkline.audit_key
          """,
          KEY);

  private static final SqlText KEEP =
      SqlText.of(
          """
          -- audit_slots.keep: emptied when kept for long enough, and the next one begun; twice is harmless
          SELECT chore, done FROM trunkline.keep_audit()
          """,
          CHORE,
          DONE);

  private final Database database;

  /// What a round has done to the slots.
  record Kept(int emptied, int begun, int blocked) {}

  AuditRows(Database database) {
    this.database = database;
  }

  /// Stores those that are not yet; on the calling thread, which must be a platform thread.
  ///
  /// @param lost how many the writer has lost so far
  /// @param nowNanos the local monotonic clock
  /// @return false when the writer is not enlisted: nothing is stored
  boolean write(long writer, List<Backlog.Entry> batch, long lost, Duration age, long nowNanos) {
    return database.runHere(sql -> {
      var text =
          sql.text(WRITE)
              .set("writer", writer)
              .set("age", age)
              .set("through", batch.getLast().number())
              .set("lost", lost);
      return new Columns(text, batch).bound(nowNanos).unlessWarned().execute() == 1;
    });
  }

  /// Makes the process known, and reads the key.
  byte[] enlist(long writer, int instance) {
    return database.runHere(sql -> {
      var _ =
          sql.text(ENLIST).set("writer", writer).set(AUDIT_WRITERS.INSTANCE_ID, instance).execute();
      return sql.text(READ_KEY).single(row -> row.get(KEY));
    });
  }

  /// One round of emptying and moving on.
  Kept keep() {
    var done = PATIENCE.run(database, sql -> sql.text(KEEP).fetch(row -> row.get(DONE)));
    return new Kept(done.get(0), done.get(1), done.get(2));
  }

  /// The values of a batch, side by side.
  private record Columns(BoundText text, List<Backlog.Entry> batch) {
    BoundText bound(long nowNanos) {
      all("numbers", SQLDataType.BIGINT, Backlog.Entry::number);
      of("agos", SQLDataType.BIGINT, r -> (nowNanos - r.endedNanos()) / 1000 + r.micros());
      of("micros", SQLDataType.BIGINT, AuditRecord::micros);
      of("instances", SQLDataType.INTEGER, AuditRecord::instance);
      of("principals", SQLDataType.CLOB, r -> r.who().principal());
      of("credentials", SQLDataType.CLOB, r -> r.who().credential());
      of("clients", SQLDataType.CLOB, r -> r.who().client());
      of("methods", SQLDataType.CLOB, r -> r.what().method());
      of("names", SQLDataType.CLOB, r -> r.what().name());
      var _ = text.all("arguments", AUDIT_RECORDS.ARGUMENTS, digests());
      of("outcomes", SQLDataType.CLOB, r -> r.ending().outcome().text());
      of("codes", SQLDataType.INTEGER, r -> r.ending().code());
      of("runs", SQLDataType.INTEGER, AuditRecord::run);
      of("times", SQLDataType.INTEGER, AuditRecord::times);
      of("sessions", SQLDataType.BIGINT, AuditRecord::session);
      of("tasks", SQLDataType.BIGINT, AuditRecord::task);
      of("revisions", SQLDataType.CLOB, r -> r.what().revision());
      of("traces", SQLDataType.CLOB, r -> r.what().trace());
      of("peers", SQLDataType.CLOB, r -> r.who().peer());
      return text;
    }

    private List<byte @Nullable []> digests() {
      var digests = new ArrayList<byte @Nullable []>(batch.size());
      for (var entry : batch) {
        digests.add(entry.record().arguments());
      }
      return digests;
    }

    private <T> void of(
        String name, DataType<T> type, Function<AuditRecord, ? extends @Nullable T> value) {
      all(name, type, entry -> value.apply(entry.record()));
    }

    private <T> void all(
        String name, DataType<T> type, Function<Backlog.Entry, ? extends @Nullable T> value) {
      var _ = text.all(name, type, batch, value);
    }
  }
}
