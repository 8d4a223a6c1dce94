package trunkline.stream;

import java.time.Duration;
import trunkline.session.StreamId;
import trunkline.store.Database;
import trunkline.store.LockPatience;

/// The keeping and freeing of messages: each step is one function call, so no lock outlives a round
/// trip. The functions are in `V004__history.sql`.
final class SlotRows {
  /// A claim must not fail because a slot is being truncated.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  /// The effect of a step of removing, and the next one's start; 0 at the end of the table.
  record Forgotten(int removed, long through) {}

  private final Database database;

  SlotRows(Database database) {
    this.database = database;
  }

  int trim(StreamId stream, int keep) {
    var heading = "streams.trim: floors up, so that each stream keeps at most so many messages";
    return PATIENCE.run(
        database,
        sql -> Routines.trimStreams(sql.routine(heading), new Long[] {stream.value()}, keep));
  }

  SlotAdvance advance(Duration openFor) {
    var heading = "control.advance: the next slot, when this one is old enough and that one empty";
    var advance = database.run(sql -> Routines.advanceSlot(sql.routine(heading), openFor));
    return switch (advance.getOutcome()) {
      case "moved" -> new SlotAdvance.Moved(advance.getSlot());
      case "full" -> new SlotAdvance.Full(advance.getSlot());
      default -> new SlotAdvance.NotYet();
    };
  }

  int retire(int slot, int streamsMax) {
    var heading =
        "streams.retire: floors above what the slot holds, committed before it is emptied";
    return database.run(sql -> Routines.retireSlot(sql.routine(heading), slot, streamsMax));
  }

  boolean truncate(int slot, Duration patience) {
    var heading = "outbound_messages.truncate: the space back at once, without dead rows";
    return database.run(sql -> Routines.truncateSlot(sql.routine(heading), slot, patience));
  }

  Forgotten forget(long after, Duration age, int rowsMax) {
    var heading =
        "streams.forget: calls that nobody can resume any more, walking the table in steps";
    var step =
        database.run(
            sql -> Routines.forgetFinishedStreams(sql.routine(heading), after, age, rowsMax));
    var through = step.getThrough(); // null at the end of the table
    return new Forgotten(step.getRemoved(), through == null ? 0 : through);
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
