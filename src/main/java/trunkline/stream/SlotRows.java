package trunkline.stream;

import static java.util.Collections.nCopies;
import static trunkline.stream.StreamsTable.STREAMS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.impl.SQLDataType;
import trunkline.store.BoundText;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.Sql;
import trunkline.store.SqlText;
import trunkline.stream.Slots.Kept;
import trunkline.stream.StreamStore.Wanted;

/// The keeping and freeing of messages: each step is one statement, so no lock outlives a round
/// trip. The functions are in `V004__history.sql` and `V120__slots_by_streams.sql`.
final class SlotRows implements Slots.Store {
  /// A GET that meets a locked row waits; clients give up after two errors.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private static final Field<Long> ORD = SqlText.column("ord", SQLDataType.BIGINT);
  private static final Field<Long> NEWEST = SqlText.column("newest", SQLDataType.BIGINT);
  private static final Field<Integer> SLOT = SqlText.column("slot", SQLDataType.INTEGER);
  private static final Field<Boolean> LOCKED = SqlText.column("locked", SQLDataType.BOOLEAN);

  private static final String TRIMMING =
      """
      -- streams.trim: the floor up, so that a session's stream keeps at most so many messages; most have fewer, and
      -- nothing of theirs is locked, which would be a commit that waits for the disk
      WITH held AS MATERIALIZED (
             SELECT a.ord, s.stream_id, s.trimmed_through,
                    (SELECT max(o.event_id) FROM trunkline.outbound_messages o
                      WHERE o.stream_id = s.stream_id AND o.event_id > s.trimmed_through) AS newest
               FROM unnest(:streams::bigint[], :sessions::bigint[]) WITH ORDINALITY a(stream_id, session_key, ord)
               JOIN trunkline.streams s ON s.stream_id = a.stream_id AND s.session_key = a.session_key),
           floor AS MATERIALIZED (
             SELECT h.stream_id, f.event_id
               FROM held h
              CROSS JOIN LATERAL (SELECT event_id FROM trunkline.outbound_messages o
                                   WHERE o.stream_id = h.stream_id AND o.event_id > h.trimmed_through
                                   ORDER BY event_id DESC OFFSET :keep LIMIT 1) f
              WHERE h.newest IS NOT NULL),
           mine AS MATERIALIZED (
             SELECT stream_id FROM trunkline.streams WHERE stream_id IN (SELECT stream_id FROM floor)
              ORDER BY stream_id FOR NO KEY UPDATE %s),
           raised AS (
             UPDATE trunkline.streams s SET trimmed_through = greatest(s.trimmed_through, f.event_id)
               FROM floor f JOIN mine USING (stream_id) WHERE s.stream_id = f.stream_id)
      SELECT h.ord, coalesce(h.newest, 0) AS newest, coalesce(k.current_slot, -1) AS slot,
             h.stream_id IN (SELECT stream_id FROM floor) AND h.stream_id NOT IN (SELECT stream_id FROM mine) AS locked
        FROM held h LEFT JOIN (SELECT current_slot FROM trunkline.issuing LIMIT 1) k ON true
      """;

  private static final SqlText TRIM = trimming("SKIP LOCKED");
  private static final SqlText TRIM_WAITING = trimming("");

  private static SqlText trimming(String locked) {
    return SqlText.of(TRIMMING.formatted(locked), ORD, NEWEST, SLOT, LOCKED);
  }

  private final Database database;

  SlotRows(Database database) {
    this.database = database;
  }

  @Override
  public List<Optional<Kept>> trim(List<Wanted> wanted, int keep) {
    var rows = database.runHere(sql -> bound(sql, TRIM, wanted, keep).rows());
    var kept = new ArrayList<Optional<Kept>>(nCopies(wanted.size(), Optional.empty()));
    rows.forEach(row -> kept.set(row.get(ORD).intValue() - 1, Optional.of(kept(row))));
    return kept;
  }

  @Override
  public Optional<Kept> trim(Wanted wanted, int keep) {
    return PATIENCE.runToTheEnd(
        database, sql -> bound(sql, TRIM_WAITING, List.of(wanted), keep).optional(SlotRows::kept));
  }

  private static BoundText bound(Sql sql, SqlText text, List<Wanted> wanted, int keep) {
    return sql.text(text)
        .all("streams", STREAMS.STREAM_ID, wanted, Wanted::stream)
        .all("sessions", STREAMS.SESSION_KEY, wanted, Wanted::session)
        .set("keep", keep);
  }

  private static Kept kept(Record row) {
    return new Kept(row.get(NEWEST), row.get(SLOT), row.get(LOCKED));
  }

  @Override
  public SlotAdvance advance(Duration openFor) {
    var heading = "control.advance: the next slot, when this one is old enough and that one empty";
    var advance = database.run(sql -> Routines.advanceSlot(sql.routine(heading), openFor));
    return switch (advance.getOutcome()) {
      case "moved" -> new SlotAdvance.Moved(advance.getSlot());
      case "full" -> new SlotAdvance.Full(advance.getSlot());
      default -> new SlotAdvance.NotYet();
    };
  }

  @Override
  public long retire(int slot, long after, int streamsMax) {
    var heading =
        "streams.retire: floors above what the slot holds, committed before it is emptied";
    return database.run(
        sql -> Routines.retireStreams(sql.routine(heading), slot, after, streamsMax));
  }

  @Override
  public boolean truncate(int slot, Duration patience) {
    var heading = "outbound_messages.truncate: the space back at once, without dead rows";
    return database.run(sql -> Routines.truncateSlot(sql.routine(heading), slot, patience));
  }

  @Override
  public int forget(Duration age, int rowsMax) {
    var heading = "streams.forget: calls that nobody can resume any more, the oldest ends first";
    return database.run(
        sql -> Routines.forgetFinishedStreams(sql.routine(heading), 0L, age, rowsMax).getRemoved());
  }

  /// The outcomes of an attempt to move the writing to the next slot.
  sealed interface SlotAdvance {
    /// The slot is written from now on.
    record Moved(int slot) implements SlotAdvance {}

    /// It is time, but the slot still holds messages.
    record Full(int slot) implements SlotAdvance {}

    /// The current slot is still young, or another instance was faster.
    record NotYet() implements SlotAdvance {}
  }
}
