package trunkline.rate;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import trunkline.rate.Lease.Outcome;

/// What this instance has in hand of one bucket, and when it asks for more. The times are those of
/// the local clock that only goes forward.
///
/// Whatever is to be asked is returned, and asked by the caller when the lock is free.
final class Bucket {
  private static final long SECOND = 1_000_000_000;

  /// How long a shortage is not asked about again, at most, where the bucket may fill before.
  private static final double PAUSE_SECONDS_MAX = 0.2;

  private static final double ASKING_AGAIN_SECONDS_MAX = 5;
  private static final long IDLE_NANOS = 2 * SECOND;
  private static final long FORGOTTEN_NANOS = 60 * SECOND;
  private static final int SKIPS_MAX = 10;
  private static final long AFTER_SKIPS_NANOS = SECOND / 20;

  private final BucketKey key;
  private RateLimit limit;
  private int hand;
  private int portion = 1;

  /// Calls that wait for what somebody else has asked: the next portion is for them too.
  private int waiting;

  /// Tokens to give back; below 0 those spent without asking.
  private int owed;

  /// Completes when what was asked is settled; null while nothing is asked.
  private @Nullable CompletableFuture<@Nullable Void> asking;

  private long askedNanos;
  private long grantedNanos;

  /// Before that nothing is asked.
  private long againNanos;

  /// When there is a token, as far as is known: for the client.
  private long nextNanos;

  private long usedNanos;
  private int skips;
  private boolean forgotten;
  private @Nullable LocalShare share;

  /// What a call is told.
  sealed interface Turn {
    /// It passes.
    ///
    /// @param ask what is asked ahead
    record Taken(@Nullable Lease ask) implements Turn {}

    /// A portion is under way.
    ///
    /// @param settled completes when there may be some
    /// @param ask to be asked first
    record Waiting(CompletableFuture<@Nullable Void> settled, long askedNanos, @Nullable Lease ask)
        implements Turn {}

    record Refused(Duration retryAfter) implements Turn {}

    /// The database cannot be asked now.
    ///
    /// @param ask tries whether it is back
    record Alone(@Nullable Lease ask) implements Turn {}

    /// Another bucket has its place.
    record Forgotten() implements Turn {}
  }

  Bucket(BucketKey key, RateLimit limit, long nanos) {
    this.key = key;
    this.limit = limit;
    this.againNanos = nanos;
    this.nextNanos = nanos;
    this.grantedNanos = nanos - 2 * SECOND; // one call is no demand
    this.usedNanos = nanos;
  }

  BucketKey key() {
    return key;
  }

  /// Takes a token, or says what there is to wait for.
  ///
  /// @param away whether the database did not answer lately
  synchronized Turn take(RateLimit now, boolean away, long nanos) {
    if (forgotten) {
      return new Turn.Forgotten();
    }
    adopt(now, nanos);
    usedNanos = nanos;
    if (hand > 0) {
      hand--;
      waiting = Math.max(0, waiting - 1);
      return new Turn.Taken(portion > 1 && hand <= portion / 2 ? ask(nanos) : null);
    }
    var ask = ask(nanos);
    if (away) {
      return new Turn.Alone(ask);
    }
    if (asking == null) {
      return new Turn.Refused(
          duration((double) (Math.max(nextNanos, againNanos) - nanos) / SECOND));
    }
    waiting += ask == null ? 1 : 0;
    return new Turn.Waiting(asking, askedNanos, ask);
  }

  /// Another limit counts from now on: what it leaves no room for is given back.
  private void adopt(RateLimit now, long nanos) {
    if (now.equals(limit)) {
      return;
    }
    limit = now;
    againNanos = nanos;
    nextNanos = nanos;
    share = null;
    portion = Math.min(portion, now.portionMax());
    var surplus = Math.max(0, hand - now.portionMax());
    hand -= surplus;
    owed += surplus;
  }

  private @Nullable Lease ask(long nanos) {
    if (asking != null || nanos - againNanos < 0) {
      return null;
    }
    var wanted = Math.max(portion, Math.min(waiting, limit.burst()));
    waiting = 0;
    return asked(wanted, nanos);
  }

  private Lease asked(int wanted, long nanos) {
    asking = new CompletableFuture<>();
    askedNanos = nanos;
    skips = 0;
    return new Lease(key, limit, wanted, owed);
  }

  /// Takes back a token that was taken for a call which another limit refused.
  synchronized void untake() {
    hand++;
  }

  /// Takes a token of this instance's own share.
  ///
  /// @return how long there is none; zero when it was taken
  synchronized Duration takeAlone(int instances, long nanos) {
    if (share == null) {
      share = new LocalShare(limit, instances, nanos);
    }
    var after = share.take(limit, instances, nanos);
    if (after.isZero()) {
      owed = Math.max(owed - 1, -LocalShare.burst(limit, instances));
    }
    return after;
  }

  /// What was asked has an answer.
  ///
  /// @return to be asked again; else those who wait go on
  @Nullable Lease settle(Lease asked, Outcome outcome, long nanos) {
    CompletableFuture<@Nullable Void> settled;
    synchronized (this) {
      switch (outcome) {
        case Outcome.Skipped _ -> {
          skips++;
          if (asked.wanted() > 0 && skips < SKIPS_MAX) {
            return asked;
          }
          againNanos = nanos + AFTER_SKIPS_NANOS;
          owed = Math.min(owed, 0); // what nobody could take back is gone
        }
        case Outcome.Granted(var tokens, var left) -> {
          owed -= asked.back();
          hand += tokens;
          share = null;
          if (tokens < asked.wanted()) {
            rest(left, nanos);
          } else if (asked.wanted() > 0) {
            suit(nanos);
          }
        }
      }
      settled = asking;
      asking = null;
    }
    complete(settled);
    return null;
  }

  /// The bucket is empty: nobody asks until it is worth it.
  private void rest(double left, long nanos) {
    var rate = limit.perSecond();
    var untilOne = Math.max(0, 1 - left) / rate;
    var pause = Math.max(untilOne, Math.min(PAUSE_SECONDS_MAX, limit.burst() / rate / 2));
    var spread = ThreadLocalRandom.current().nextDouble(1, 1.25); // instances do not ask in step
    againNanos = nanos + (long) (Math.min(pause * spread, ASKING_AGAIN_SECONDS_MAX) * SECOND);
    nextNanos = nanos + (long) (untilOne * SECOND);
    grantedNanos = nanos;
  }

  /// The next portion is for about a second.
  private void suit(long nanos) {
    var lasted = nanos - grantedNanos;
    if (lasted < SECOND) {
      portion = Math.min(portion * 2, limit.portionMax());
    } else if (lasted > 3 * SECOND) {
      portion = Math.max(1, portion / 2);
    }
    grantedNanos = nanos;
  }

  /// What was asked has no answer: whether it was taken is unknown, and so it counts as taken.
  void fail(long nanos) {
    CompletableFuture<@Nullable Void> settled;
    synchronized (this) {
      againNanos = nanos + SECOND;
      owed = Math.min(owed, 0);
      settled = asking;
      asking = null;
    }
    complete(settled);
  }

  private static void complete(@Nullable CompletableFuture<@Nullable Void> settled) {
    if (settled != null) {
      settled.complete(null);
    }
  }

  /// What nobody has wanted for a while, to be given back; and what was spent without asking.
  synchronized @Nullable Lease idle(long nanos) {
    if (asking != null || nanos - againNanos < 0 || nanos - usedNanos < IDLE_NANOS) {
      return null;
    }
    return giveBack(nanos);
  }

  /// All of it, for an instance that leaves.
  synchronized @Nullable Lease giveBack(long nanos) {
    owed += hand;
    hand = 0;
    portion = 1;
    return owed == 0 || asking != null ? null : asked(0, nanos);
  }

  /// Forgets this, if there is nothing in it and nobody has asked for a minute.
  synchronized boolean forgetIfOld(long nanos) {
    forgotten |= asking == null && hand == 0 && owed >= 0 && nanos - usedNanos > FORGOTTEN_NANOS;
    return forgotten;
  }

  /// Forgets this whatever is in it.
  synchronized void forget() {
    forgotten = true;
  }

  static Duration duration(double seconds) {
    return Duration.ofMillis((long) Math.ceil(Math.min(seconds, 1e8) * 1000)).plusMillis(1);
  }
}
