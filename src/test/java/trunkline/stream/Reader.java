package trunkline.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;
import trunkline.stream.Outlet.Feed;

/// A client's connection without HTTP: it collects what it would get, and can leave or get stuck.
final class Reader implements Outlet {
  private final List<String> messages = new ArrayList<>();
  private ClientGone.@Nullable Cause gone;
  private final FutureTask<Boolean> following;

  private Reader(Feed feed) {
    following =
        new FutureTask<>(() -> {
          feed.run(this);
          return true;
        });
  }

  /// Follows on a thread of its own.
  static Reader of(Feed feed) {
    var reader = new Reader(feed);
    Thread.ofVirtual().start(reader.following);
    return reader;
  }

  /// Leaves with the next message, or when it is sent away, for this reason.
  synchronized void leave(ClientGone.Cause why) {
    gone = why;
  }

  /// Waits until so many messages are there.
  synchronized List<String> await(int count) throws InterruptedException {
    var until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (messages.size() < count && System.nanoTime() - until < 0) {
      wait(100);
    }
    return List.copyOf(messages);
  }

  synchronized List<String> messages() {
    return List.copyOf(messages);
  }

  @Override
  public synchronized void message(@Nullable String eventId, byte[] payload) {
    requireThere();
    messages.add(new String(payload, StandardCharsets.UTF_8));
    notifyAll();
  }

  @Override
  public void prime(String eventId, Duration retry) {}

  @Override
  public void cursor(String eventId) {}

  @Override
  public void comment() {}

  @Override
  public void hint(InstanceId instance) {}

  @Override
  public synchronized void retry(Duration wait) {
    requireThere();
  }

  private void requireThere() {
    if (gone != null) {
      throw new ClientGone(gone, new IllegalStateException("gone"));
    }
  }

  @Override
  public void flush() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void whenQuiet(Runnable ring) {}

  @Override
  public boolean isQuiet() {
    return false;
  }
}
