package trunkline.stream;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
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
    /// Changes nothing, and locks nothing, of a stream that is not the session's.
    void trim(SessionKey session, StreamId stream, int keep);

    /// Writes to the next slot from now on, when this one is old enough and that one empty.
    SlotAdvance advance(Duration openFor);

    /// Raises the floors of at most so many streams above what the slot holds.
    ///
    /// @return of how many
    int retire(int slot, int streamsMax);

    /// Empties a slot whose floors are raised.
    ///
    /// @return false while a reader is in its way
    boolean truncate(int slot, Duration patience);

    /// Removes finished calls that ended so long ago, the oldest ends first.
    ///
    /// @return how many
    int forget(Duration age, int rowsMax);
  }

  Slots(Store rows, StreamPolicy policy, EventSink events) {
    this.rows = rows;
    this.policy = policy;
    this.events = events;
  }

  /// Keeps a session's stream at its number of messages; before each claim, so that it holds for
  /// every reader.
  void trim(SessionKey session, StreamId stream) {
    rows.trim(session, stream, policy.historyMessagesMax());
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
    int retired;
    do {
      retired = rows.retire(slot, STREAMS_MAX);
    } while (retired > 0);
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
