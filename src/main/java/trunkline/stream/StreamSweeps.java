package trunkline.stream;

/// The sweeper's bounded steps that repair streams without any NOTIFY and after any death.
public final class StreamSweeps {
  private final MissedNews missed;
  private final CurrentSlot slot;
  private final Positions positions;
  private final Slots slots;
  private final StreamStore store;

  StreamSweeps(
      MissedNews missed, CurrentSlot slot, Positions positions, Slots slots, StreamStore store) {
    this.missed = missed;
    this.slot = slot;
    this.positions = positions;
    this.slots = slots;
    this.store = store;
  }

  /// Rings the followers that have something to read.
  ///
  /// @return how many were rung
  public int news() {
    return missed.poll();
  }

  /// Writes how far the connections of this instance have come.
  public int positions() {
    slot.refresh(); // for lanes that have been idle
    return positions.sweep();
  }

  /// Releases what dead instances held.
  public int releaseDead(int rowsMax) {
    return store.releaseDead(rowsMax).size();
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
