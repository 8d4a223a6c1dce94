package trunkline.cluster;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.store.DatabaseFailure;

/// What the instance holds that does the clean-up that one can do for all. Held for a lease, by the
/// database's clock, and renewed by the thread that sweeps: one that hangs, fails, is cut off or
/// dies loses it, and the next one to ask takes it.
///
/// It saves work and protects nothing: two may think that they hold it, and every sweep is harmless
/// when another instance does the same at the same moment. One thread asks for it and passes it on:
/// the one that sweeps.
public final class Baton {
  private static final int LOOKS_IN_A_LEASE = 5;

  private final BatonRows rows;
  private final Supplier<InstanceId> self;
  private final Duration lease;
  private final long lookNanos;
  private BooleanSupplier elsewhere = () -> false;
  private long lookedNanos;
  private long nextNanos = System.nanoTime();
  private volatile boolean held;

  /// @param self the id of this instance, which changes when it was fenced
  /// @param lease how long nobody sweeps when the holder dies
  Baton(Database database, Supplier<InstanceId> self, Duration lease) {
    this.rows = new BatonRows(database);
    this.self = self;
    this.lease = lease;
    this.lookNanos = lease.dividedBy(LOOKS_IN_A_LEASE).toNanos();
  }

  /// While somebody else is known to hold it, this instance does not ask.
  Baton unless(BooleanSupplier condition) {
    elsewhere = condition;
    return this;
  }

  /// Whether this instance is to sweep now; asks the database a few times in a lease, and trusts an
  /// answer for no longer than from before it was asked.
  boolean isHeld() {
    var now = System.nanoTime();
    if (now - nextNanos >= 0 && (held || !elsewhere.getAsBoolean())) {
      held = false;
      nextNanos = now + lookNanos;
      held = rows.take(self.get(), lease);
      lookedNanos = now;
    }
    return held && now - lookedNanos < lease.toNanos();
  }

  /// What the last look has found; asks nobody.
  public boolean isHere() {
    return held;
  }

  /// A sweep failed here, and may not elsewhere: this instance does not ask for a lease.
  void pass() {
    nextNanos = System.nanoTime() + lease.toNanos();
    if (held) {
      held = false;
      try {
        rows.pass(self.get());
      } catch (DatabaseFailure e) {
        // it is over with the lease
      }
    }
  }
}
