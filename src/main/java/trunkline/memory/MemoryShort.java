package trunkline.memory;

/// Requests hold as much memory as they may: the same may do a moment later.
public final class MemoryShort extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean forEver;

  MemoryShort(boolean forEver) {
    super("requests hold as much memory as they may (--memory-share)", null, false, false);
    this.forEver = forEver;
  }

  /// Whether this request alone would hold more than all may.
  public boolean isForEver() {
    return forEver;
  }
}
