package trunkline.store;

import java.util.concurrent.CancellationException;

/// The interrupt of a thread that waited, for callers that declare no `InterruptedException`.
public final class Interruption {
  private Interruption() {}

  /// Interrupts the thread again, so that its next wait ends too.
  ///
  /// @return the exception to throw instead
  public static CancellationException restored(String message, InterruptedException cause) {
    Thread.currentThread().interrupt();
    var cancelled = new CancellationException(message);
    cancelled.initCause(cause);
    return cancelled;
  }
}
