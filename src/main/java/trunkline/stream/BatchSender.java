package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import trunkline.session.StreamId;
import trunkline.store.Clockwork;
import trunkline.store.DatabaseFailure;
import trunkline.store.FailureKind;
import trunkline.stream.MessageStore.BatchAnswer;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.telemetry.Pulse;

/// Sends a batch, and finds out what became of one whose answer was lost.
///
/// A batch in doubt is never sent again: its *key is taken* instead. Either an attempt has
/// committed, and its row is the answer; or the key is free, and taking it means that no attempt
/// will ever commit, wherever it is on its way and whatever it waits for. After that nothing is in
/// doubt any more, and its messages are as good as new. Sending it again under the same key would
/// be as safe, but it would wait for each lock that the first attempt waits for, and could never be
/// split beside a bad message.
final class BatchSender {
  /// A message is worth waiting for: the answer of a call, for instance.
  private static final Duration OUTAGE_MAX = Duration.ofMinutes(5);

  private static final long PAUSE_MILLIS = 100;

  private final MessageStore store;
  private final CurrentSlot slot;
  private final Duration doubtMax;
  private final BooleanSupplier stopping;

  sealed interface Result {}

  /// Committed.
  record Sent(BatchAnswer answer) implements Result {}

  /// A row stayed locked: nothing was stored.
  record Locked() implements Result {}

  /// The database refused the batch for its content: nothing was stored.
  record Broken(Exception why) implements Result {}

  /// The database was away for too long: nothing was stored.
  record Away(Exception why) implements Result {}

  /// The answer was lost: it may or may not be stored, now or later.
  record Doubtful(BatchKey key, Exception why, long sinceNanos) implements Result {}

  sealed interface Settled {}

  /// It had been committed.
  record Stored(BatchAnswer answer) implements Settled {}

  /// Nothing of it is stored, nor will be.
  record Absent() implements Settled {}

  /// Not now: ask again.
  record Undecided() implements Settled {}

  /// Given up: it may or may not be stored.
  record Unknown() implements Settled {}

  /// @param doubtMax below the time for which a batch's key is remembered
  BatchSender(MessageStore store, CurrentSlot slot, Duration doubtMax, BooleanSupplier stopping) {
    this.store = store;
    this.slot = slot;
    this.doubtMax = doubtMax;
    this.stopping = stopping;
  }

  /// Sends it once. While the database is away, which is to say that nothing happened, it waits:
  /// nothing else could be sent either.
  ///
  /// @param keys a fresh key whose row is in this slot
  Result send(IntFunction<BatchKey> keys, List<StreamWrite> batch) throws InterruptedException {
    var startedNanos = Clockwork.nanos();
    while (true) {
      Pulse.beat();
      var result = attempt(keys, batch);
      var over = Clockwork.nanos() - startedNanos > OUTAGE_MAX.toNanos() || stopping.getAsBoolean();
      if (over || !(result instanceof Away)) {
        return result;
      }
      Clockwork.pause(PAUSE_MILLIS);
    }
  }

  private Result attempt(IntFunction<BatchKey> keys, List<StreamWrite> batch) {
    var sinceNanos = Clockwork.nanos();
    BatchKey key;
    try {
      key = keys.apply(slot.seenWithin(doubtMax));
    } catch (DatabaseFailure e) {
      return new Away(e); // whatever it is, no batch was sent
    }
    try {
      var answer = store.publish(key, batch);
      slot.saw(answer.slot());
      return new Sent(answer);
    } catch (RuntimeException e) {
      return switch (e instanceof DatabaseFailure failed ? failed.kind() : FailureKind.REFUSED) {
        case AWAY -> new Away(e);
        case BUSY -> new Locked();
        case DOUBTFUL -> new Doubtful(key, e, sinceNanos);
        case REFUSED -> new Broken(e);
      };
    }
  }

  /// @param sinceNanos when the attempt began
  Settled settle(BatchKey key, List<StreamWrite> batch, long sinceNanos) {
    if (Clockwork.nanos() - sinceNanos > doubtMax.toNanos()) {
      return new Unknown();
    }
    try {
      var stored = store.settle(key, batch);
      if (stored.isEmpty()) {
        return new Absent();
      }
      slot.saw(stored.get().slot());
      return new Stored(stored.get());
    } catch (RuntimeException e) {
      return stopping.getAsBoolean() ? new Unknown() : new Undecided();
    }
  }

  /// The locked ones among the streams; all while the database cannot say.
  List<StreamId> locked(List<StreamId> streams) throws InterruptedException {
    try {
      return store.locked(streams);
    } catch (RuntimeException e) {
      Clockwork.pause(PAUSE_MILLIS);
      return streams;
    }
  }
}
