package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import trunkline.store.Clockwork;
import trunkline.stream.SlotRows.SlotAdvance;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Gives the space of old messages back. Eight slots, each written for a sixth of the history's
/// age: when the writing moves on, the messages in the next slot are at least seven turns old. Any
/// number of instances may do this at once.
///
/// A reader in the slot's way is waited for with short attempts that delay nobody; only every ten
/// seconds does an attempt queue for a moment, because a queueing TRUNCATE holds up every later
/// reader (delivery: H2).
final class Slots {
  private static final int TURNS = 6;
  private static final int LOOKS_IN_A_TURN = 20;
  private static final Duration LOOKS_APART_MIN = Duration.ofSeconds(5);
  private static final Duration LOOKS_APART_MAX = Duration.ofSeconds(30);
  private static final int STREAMS_MAX = 500;
  private static final int ATTEMPTS = 10;
  private static final long PAUSE_MILLIS = 10;

  private static final Duration PATIENCE = Duration.ofMillis(50);
  private static final long PATIENT_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Store rows;
  private final StreamPolicy policy;
  private final EventSink events;
  private long patientNanos = Clockwork.nanos();

  /// The statements that keep and free messages. Its one product implementation is [SlotRows].
  interface Store {
    /// Keeps each stream at so many messages, and says what is kept of it; empty for one that is
    /// not the session's. Locks nothing of a stream that has no more, and waits for nobody. On the
    /// calling thread, which must be a lane's.
    List<Optional<Kept>> trim(List<StreamStore.Wanted> wanted, int keep);

    /// The same for one, alone: waits while its row is locked.
    Optional<Kept> trim(StreamStore.Wanted wanted, int keep);

    /// Writes to the next slot from now on, when this one is old enough and that one empty.
    SlotAdvance advance(Duration openFor);

    /// Raises the floors of at most so many of the slot's streams above what it holds, in the order
    /// of their ids.
    ///
    /// @param after the stream that was looked at last, 0 to begin
    /// @return the last one that was looked at now, 0 when there was none
    long retire(int slot, long after, int streamsMax);

    /// Empties a slot whose floors are raised.
    ///
    /// @return false while a reader is in its way
    boolean truncate(int slot, Duration patience);

    /// Removes finished calls that ended so long ago, the oldest ends first.
    ///
    /// @return how many
    int forget(Duration age, int rowsMax);
  }

  /// What is kept of a stream.
  ///
  /// @param newest message; 0 when there is none
  /// @param slot the one that was written when this was read
  /// @param locked it has too many messages, and somebody's lock was in the way
  record Kept(long newest, int slot, boolean locked) {}

  Slots(Store rows, StreamPolicy policy, EventSink events) {
    this.rows = rows;
    this.policy = policy;
    this.events = events;
  }

  /// Keeps streams at their number of messages; before each claim, so that it holds for every
  /// reader.
  List<Optional<Kept>> trim(List<StreamStore.Wanted> wanted) {
    return rows.trim(wanted, policy.historyMessagesMax());
  }

  /// The same for one whose row is locked.
  Optional<Kept> trim(StreamStore.Wanted wanted) {
    return rows.trim(wanted, policy.historyMessagesMax());
  }

  /// How often to look whether it is time: so often that a slot is written a twentieth longer at
  /// most, or five seconds.
  Duration cadence() {
    return cadence(policy.historyAgeMax());
  }

  static Duration cadence(Duration historyAgeMax) {
    var part = historyAgeMax.dividedBy((long) TURNS * LOOKS_IN_A_TURN);
    if (part.compareTo(LOOKS_APART_MAX) > 0) {
      return LOOKS_APART_MAX;
    }
    return part.compareTo(LOOKS_APART_MIN) < 0 ? LOOKS_APART_MIN : part;
  }

  /// Moves the writing on when it is time, freeing the next slot first.
  ///
  /// @return 1 when it moved
  int rotate() {
    var openFor = policy.historyAgeMax().dividedBy(TURNS);
    var advance = rows.advance(openFor);
    if (advance instanceof SlotAdvance.Full(var slot) && free(slot)) {
      advance = rows.advance(openFor);
    }
    return switch (advance) {
      case SlotAdvance.Moved(var slot) -> {
        events.emit(new ServerEvent.SlotAdvanced(slot));
        yield 1;
      }
      case SlotAdvance.Full _, SlotAdvance.NotYet _ -> 0;
    };
  }

  private boolean free(int slot) {
    long after = 0;
    do {
      after = rows.retire(slot, after, STREAMS_MAX);
    } while (after > 0);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (rows.truncate(slot, Duration.ZERO)) {
        return true;
      }
      pause();
    }
    if (Clockwork.nanos() - patientNanos > PATIENT_NANOS) {
      patientNanos = Clockwork.nanos();
      if (rows.truncate(slot, PATIENCE)) {
        return true;
      }
    }
    events.emit(new ServerEvent.SlotBlocked(slot));
    return false;
  }

  private static void pause() {
    try {
      Clockwork.pause(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Removes calls that ended longer ago than the history reaches, at most so many.
  int forget(int rowsMax) {
    return rows.forget(policy.historyAgeMax(), rowsMax);
  }
}
