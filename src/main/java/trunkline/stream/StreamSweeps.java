package trunkline.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// The sweeper's bounded steps that repair streams without any NOTIFY and after any death.
public final class StreamSweeps {
  private static final Duration SLOT_AGE_MAX = Duration.ofSeconds(2);

  private final MissedNews missed;
  private final CurrentSlot slot;
  private final Holdings holdings;
  private final Slots slots;

  private final ParkedConnections parked;

  StreamSweeps(
      MissedNews missed,
      CurrentSlot slot,
      Holdings holdings,
      Slots slots,
      ParkedConnections parked) {
    this.missed = missed;
    this.slot = slot;
    this.holdings = holdings;
    this.slots = slots;
    this.parked = parked;
  }

  /// Rings the followers that have something to read.
  ///
  /// @return how many were rung
  public int news() {
    return missed.poll();
  }

  /// How long the oldest message waits that was seen and has not reached its connection here.
  public double undeliveredSeconds() {
    return missed.oldestSeconds();
  }

  /// Somebody has looked at which slot is written to.
  public void sawSlot(int current) {
    if (current >= 0) {
      slot.saw(current);
    }
  }

  /// Writes how far the connections of this instance have come.
  public int positions() {
    var _ = slot.seenWithin(SLOT_AGE_MAX); // for lanes that have been idle; mostly a glance has it
    return holdings.sweep();
  }

  /// Rings the parked connections whose stream nobody holds any more.
  ///
  /// @return how many were rung
  public int unattended() {
    return parked.look();
  }

  /// Sends clients away whose sessions are wanted on another instance.
  ///
  /// @return how many
  public int moveAway() {
    return holdings.moveAway();
  }

  /// Forgets wishes of that kind whose connection has ended.
  public int forgetMoves(int rowsMax) {
    return holdings.forgetMoves(rowsMax);
  }

  /// Whether somebody may hold something who has died or left at that time or before.
  public boolean mayBeLost(Optional<Instant> goneAt) {
    return holdings.mayBeLost(goneAt);
  }

  /// Releases what instances held that are dead or have left.
  public int releaseLost(int rowsMax) {
    return holdings.releaseLost(rowsMax);
  }

  /// Releases what this instance is said to hold and does not.
  public int releaseUnheld(int rowsMax) {
    return holdings.releaseUnheld(rowsMax);
  }

  /// How often to look whether it is time for [#rotate].
  public Duration rotation() {
    return slots.cadence();
  }

  /// Moves the writing to the next slot when it is time.
  public int rotate() {
    return slots.rotate();
  }

  /// Removes finished calls that no client can resume any more.
  public int forget(int rowsMax) {
    return slots.forget(rowsMax);
  }
}
