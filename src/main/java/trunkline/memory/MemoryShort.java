package trunkline.memory;

/// Requests, tasks and messages hold as much memory as they may: the same may do a moment later.
public final class MemoryShort extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean forEver;

  MemoryShort(boolean forEver) {
    super("the server is short of memory (--memory-share); try again later", null, false, false);
    this.forEver = forEver;
  }

  /// Whether this request alone would hold more than all may.
  public boolean isForEver() {
    return forEver;
  }
}
