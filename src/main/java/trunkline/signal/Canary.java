package trunkline.signal;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// One canary on its way: a word that nobody has used, to a channel of ours. It is late only from
/// the moment its commit was confirmed: a pool that cannot send says nothing about the listener.
public final class Canary {
  static final String MARK = "?";

  private final String channel;
  private final String word =
      MARK + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  private volatile long startedNanos = System.nanoTime();
  private volatile @Nullable Long sentNanos;
  private volatile boolean failed;

  Canary(String channel) {
    this.channel = channel;
  }

  public String channel() {
    return channel;
  }

  public String word() {
    return word;
  }

  /// About to be sent.
  void start() {
    startedNanos = System.nanoTime();
  }

  /// Its transaction was committed.
  public void sent() {
    sentNanos = System.nanoTime();
  }

  /// It was not sent, or nobody knows.
  public void failUnlessSent() {
    failed = sentNanos == null;
  }

  long startedNanos() {
    return startedNanos;
  }

  @Nullable Long sentNanos() {
    return sentNanos;
  }

  boolean hasFailed() {
    return failed;
  }
}
