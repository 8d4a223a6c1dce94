package trunkline.http;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet;

/// An [Outlet] over a chunked HTTP/1.1 response. Only the connection's own thread writes; the
/// ticker reads two numbers and rings.
final class SseOutlet implements Outlet, Ticker.Ticked, Standings.Guest {
  private static final int PENDING_BYTES_MAX = 64 * 1024;

  /// A vanished client answers the first write with a reset and fails the second one, so two writes
  /// and one tick must fit into one keep-alive interval.
  private static final double QUIET_SHARE_MAX = 0.45;

  private static final double QUIET_SHARE_MIN = 0.35;

  private final DeadlineOutput client;
  private final long quietNanos;
  private final SseEncoder frames = new SseEncoder();
  private volatile long writtenNanos = System.nanoTime();
  private volatile long ringAtNanos;
  private volatile boolean open = true;
  private @Nullable ClientGone gone;
  private volatile @Nullable Runnable ring;
  private volatile boolean dismissed;

  SseOutlet(DeadlineOutput client, Duration keepAlive) {
    this.client = client;
    // Different for each stream: after a broadcast all are quiet at the same moment.
    var share = ThreadLocalRandom.current().nextDouble(QUIET_SHARE_MIN, QUIET_SHARE_MAX);
    this.quietNanos = (long) (keepAlive.toNanos() * share);
    this.ringAtNanos = writtenNanos + quietNanos;
  }

  @Override
  public void prime(String eventId, Duration retry) {
    frames.prime(eventId, retry);
    flushWhenMuch();
  }

  @Override
  public void cursor(String eventId) {
    frames.cursor(eventId);
    flushWhenMuch();
  }

  @Override
  public void message(@Nullable String eventId, byte[] payload) {
    frames.message(eventId, payload);
    flushWhenMuch();
  }

  @Override
  public void comment() {
    frames.comment();
    flushWhenMuch();
  }

  @Override
  public void hint(InstanceId instance) {
    frames.hint(instance);
    flushWhenMuch();
  }

  @Override
  public void retry(Duration wait) {
    frames.retry(wait);
    flushWhenMuch();
  }

  private void flushWhenMuch() {
    if (frames.size() >= PENDING_BYTES_MAX) {
      flush();
    }
  }

  @Override
  public void flush() {
    if (gone != null) {
      throw gone;
    }
    if (dismissed) {
      throw new ClientGone();
    }
    write();
  }

  private void write() {
    try {
      client.write(frames.take());
    } catch (ClientGone e) {
      gone = e;
      open = false;
      throw e;
    }
    writtenNanos = System.nanoTime();
    ringAtNanos = writtenNanos + quietNanos;
  }

  @Override
  public boolean isOpen() {
    return open;
  }

  void close() {
    open = false;
  }

  @Override
  public void whenQuiet(Runnable ring) {
    this.ring = ring;
  }

  @Override
  public void dismiss() {
    dismissed = true;
    var bell = ring;
    if (bell != null) {
      bell.run();
    }
  }

  @Override
  public boolean isDismissed() {
    return dismissed;
  }

  @Override
  public void goodbye(byte[] payload) {
    var _ = frames.take();
    frames.message(null, payload);
    write();
  }

  @Override
  public boolean isQuiet() {
    return dismissed || !open || System.nanoTime() - writtenNanos >= quietNanos;
  }

  @Override
  public void turn(long nowNanos) {
    var bell = ring;
    if (bell != null && nowNanos - ringAtNanos >= 0 && isQuiet()) {
      ringAtNanos = nowNanos + quietNanos / 2; // again soon if not heard
      bell.run();
    }
  }
}
