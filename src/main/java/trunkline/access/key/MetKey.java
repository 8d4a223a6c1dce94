package trunkline.access.key;

import java.util.function.LongSupplier;
import trunkline.access.Authenticator.Standing;
import trunkline.access.Authenticator.Verdict.Known;
import trunkline.jsonrpc.Codec;

/// A key that this instance has met. Whatever was opened with it asks it again.
final class MetKey implements Standing {
  private final LongSupplier nanos;
  private final KeyPolicy policy;
  private volatile Read read;
  private volatile boolean ended;
  private volatile long neededNanos;
  private volatile boolean used;

  /// How it was read last.
  ///
  /// @param beganNanos when the question was asked: a little before the answer was true
  private record Read(GoodKey key, long beganNanos) {}

  MetKey(GoodKey key, long beganNanos, LongSupplier nanos, KeyPolicy policy) {
    this.nanos = nanos;
    this.policy = policy;
    this.read = new Read(key, beganNanos);
    this.neededNanos = nanos.getAsLong();
  }

  /// What is known of a key, as far as time goes.
  enum State {
    GOOD,
    /// Revoked or expired.
    ENDED,
    /// It was good, but nobody could look for too long.
    DOUBTFUL
  }

  State state() {
    var now = nanos.getAsLong();
    neededNanos = now;
    var last = read;
    var age = now - last.beganNanos();
    var left = last.key().left();
    if (ended || (left != null && age >= left.toNanos())) {
      return State.ENDED;
    }
    return age >= policy.goodWithoutLook().toNanos() ? State.DOUBTFUL : State.GOOD;
  }

  @Override
  public boolean holds() {
    return state() == State.GOOD;
  }

  /// Lets a request in.
  Known use() {
    used = true;
    var key = read.key();
    return new Known(key.principal(), Codec.object(), key.credential(), this);
  }

  /// It was found good again.
  void renew(GoodKey key, long beganNanos) {
    read = new Read(key, beganNanos);
  }

  /// It was found good no more; a key that has ended does not come back.
  void end() {
    ended = true;
  }

  long id() {
    return read.key().id();
  }

  /// When anybody asked for it last.
  long neededNanos() {
    return neededNanos;
  }

  /// Whether it was used and that may be worth a write: an instance that wrote it within the minute
  /// has done so for all.
  boolean isDue() {
    var last = read;
    var unused = last.key().unused();
    return used
        && (unused == null
            || unused.toNanos() + nanos.getAsLong() - last.beganNanos() >= KeyUses.PAUSE.toNanos());
  }

  void written() {
    used = false;
  }

  void notWritten() {
    used = true;
  }
}
