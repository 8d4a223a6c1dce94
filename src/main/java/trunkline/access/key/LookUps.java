package trunkline.access.key;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.store.Clockwork;
import trunkline.store.DatabaseFailure;
import trunkline.store.Interruption;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// Looks up keys that this instance has not met. The first is looked up at once; then there is a
/// pause between two statements, each of which takes all that wait. So a storm of random keys costs
/// ten statements a second, however large it is, and a good key that is met in the middle of it
/// waits a tenth of a second.
final class LookUps implements AutoCloseable {
  private static final LookUp.None NONE = new LookUp.None();

  private final KeySource source;
  private final LongSupplier nanos;
  private final KeyPolicy policy;
  private final EventSink events;
  private final Semaphore room;
  private final Lane<KeyDigest, LookUp> lane;
  private long latestNanos;

  LookUps(KeySource source, LongSupplier nanos, KeyPolicy policy, EventSink events) {
    this.source = source;
    this.nanos = nanos;
    this.policy = policy;
    this.events = events;
    this.room = new Semaphore(policy.lookUpsMax());
    this.latestNanos = nanos.getAsLong() - policy.lookUpPause().toNanos();
    this.lane =
        new Lane<>(
            "trunkline-keys",
            new LanePolicy(policy.lookUpsMax(), 2 * policy.lookUpsMax(), policy.lookUpPatience()),
            this::find);
  }

  /// Looks a key up, in bounded time.
  LookUp ask(KeyDigest digest) {
    if (!room.tryAcquire()) {
      return new LookUp.Unknown("too many keys are being looked up");
    }
    // Whoever gives up leaves its question in the lane, so its place is free with the answer only.
    var answer = lane.submit(digest).whenComplete((_, _) -> room.release());
    try {
      return answer.get(policy.lookUpPatience().toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException _) {
      return new LookUp.Unknown("the key could not be looked up in time");
    } catch (ExecutionException _) { // closing
      return new LookUp.Unknown("the server stops");
    } catch (InterruptedException e) {
      throw Interruption.restored("interrupted while a key was looked up", e);
    }
  }

  /// On the lane's thread.
  private List<LookUp> find(List<KeyDigest> digests) {
    pause();
    var began = nanos.getAsLong();
    latestNanos = began;
    try {
      var good = source.find(digests);
      return digests.stream().map(digest -> answer(good.get(digest), began)).toList();
    } catch (DatabaseFailure e) {
      events.emit(new ServerEvent.ApiKeysUnread(String.valueOf(e.getMessage())));
      return digests.stream()
          .<LookUp>map(_ -> new LookUp.Unknown("the key cannot be looked up: the database is away"))
          .toList();
    }
  }

  private static LookUp answer(@Nullable GoodKey key, long began) {
    return key == null ? NONE : new LookUp.Good(key, began);
  }

  private void pause() {
    var left = latestNanos + policy.lookUpPause().toNanos() - nanos.getAsLong();
    if (left > 0) {
      try {
        Clockwork.pause(TimeUnit.NANOSECONDS.toMillis(left) + 1);
      } catch (InterruptedException e) {
        throw Interruption.restored("stopping", e);
      }
    }
  }

  @Override
  public void close() {
    lane.close();
  }
}
