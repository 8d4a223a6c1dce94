package trunkline.telemetry;

/// The turn of a virtual thread at its processor. Nothing interrupts a virtual thread that works:
/// two hundred that each have four megabytes to read would let a small request wait for all of
/// them, several times. So whoever works through many bytes says how many, and lets the others go
/// on now and then.
///
/// Used by one thread. It costs a subtraction where there is little to do.
public final class Turn {
  /// About half a millisecond of work, of reading, counting or parsing.
  private static final int BYTES = 64 * 1024;

  private int left = BYTES;

  /// Says that so many bytes, or what costs as much, were worked through.
  @SuppressWarnings("ThreadPriorityCheck") // a virtual thread goes behind those that can run
  public void worked(int bytes) {
    left -= bytes;
    if (left <= 0) {
      left = BYTES;
      Thread.yield();
    }
  }
}
