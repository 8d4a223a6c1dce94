package trunkline.signal;

/// A doorbell that rings while this is open.
public final class Subscription implements AutoCloseable {
  private final Doorbell bell;
  private final Runnable end;

  Subscription(Doorbell bell, Runnable end) {
    this.bell = bell;
    this.end = end;
  }

  public Doorbell bell() {
    return bell;
  }

  /// Rings no more; closing again does nothing.
  @Override
  public void close() {
    end.run();
  }
}
