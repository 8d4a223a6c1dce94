package trunkline.stream;

import static trunkline.stream.StreamsTable.STREAMS;

import java.time.Duration;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SqlText;

/// The keeping and freeing of messages: each step is one statement, so no lock outlives a round
/// trip. The functions are in `V004__history.sql`.
final class SlotRows implements Slots.Store {
  /// A claim must not fail because a slot is being truncated.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private static final SqlText TRIM =
      SqlText.of(
          """
          -- streams.trim: the floor up, so that a session's stream keeps at most so many messages
          WITH mine AS MATERIALIZED (
                 SELECT stream_id, trimmed_through FROM trunkline.streams
                  WHERE stream_id = :stream_id AND session_key = :session_key FOR NO KEY UPDATE SKIP LOCKED),
               floor AS (
                 SELECT m.stream_id, f.event_id FROM mine m
                  CROSS JOIN LATERAL (SELECT event_id FROM trunkline.outbound_messages o
                                       WHERE o.stream_id = m.stream_id AND o.event_id > m.trimmed_through
                                       ORDER BY event_id DESC OFFSET :keep LIMIT 1) f)
          UPDATE trunkline.streams s SET trimmed_through = f.event_id FROM floor f WHERE s.stream_id = f.stream_id
          """);

  private final Database database;

  SlotRows(Database database) {
    this.database = database;
  }

  @Override
  public void trim(SessionKey session, StreamId stream, int keep) {
    var _ =
        PATIENCE.run(
            database,
            sql ->
                sql.text(TRIM)
                    .set(STREAMS.STREAM_ID, stream)
                    .set(STREAMS.SESSION_KEY, session)
                    .set("keep", keep)
                    .execute());
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
  public int retire(int slot, int streamsMax) {
    var heading =
        "streams.retire: floors above what the slot holds, committed before it is emptied";
    return database.run(sql -> Routines.retireSlot(sql.routine(heading), slot, streamsMax));
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
