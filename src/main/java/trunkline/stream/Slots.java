package trunkline.stream;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
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

  private final SlotRows rows;
  private final StreamPolicy policy;
  private final EventSink events;
  private long patientNanos = System.nanoTime();

  Slots(SlotRows rows, StreamPolicy policy, EventSink events) {
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
    if (System.nanoTime() - patientNanos > PATIENT_NANOS) {
      patientNanos = System.nanoTime();
      if (rows.truncate(slot, PATIENCE)) {
        return true;
      }
    }
    events.emit(new ServerEvent.SlotBlocked(slot));
    return false;
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Removes calls that ended longer ago than the history reaches, at most so many.
  int forget(int rowsMax) {
    return rows.forget(policy.historyAgeMax(), rowsMax);
  }
}
