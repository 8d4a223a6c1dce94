package trunkline.stream;

import java.time.Duration;

/// The sweeper's bounded steps that repair streams without any NOTIFY and after any death.
public final class StreamSweeps {
  /// A slot is written for ten minutes at least.
  private static final Duration SLOT_AGE_MAX = Duration.ofSeconds(10);

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

  /// Writes how far the connections of this instance have come.
  public int positions() {
    slot.seenWithin(SLOT_AGE_MAX); // for lanes that have been idle
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

  /// Releases what instances held that are dead or have left.
  public int releaseLost(int rowsMax) {
    return holdings.releaseLost(rowsMax);
  }

  /// Releases what this instance is said to hold and does not.
  public int releaseUnheld(int rowsMax) {
    return holdings.releaseUnheld(rowsMax);
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
