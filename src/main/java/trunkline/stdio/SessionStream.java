package trunkline.stdio;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import trunkline.protocol.Gateway;
import trunkline.protocol.McpHeaders;
import trunkline.protocol.Refusal;
import trunkline.protocol.Reply;
import trunkline.session.Principal;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.stream.ClientGone;

/// The session of this process, and its standalone stream: what an HTTP client gets by a GET comes
/// by itself here. Wherever a stream is closed, by an operator or because the database went, it is
/// gone on with.
final class SessionStream {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Gateway gateway;
  private final Principal principal;
  private final String id;
  private final LineOutput out;
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch gone;
  private final AtomicBoolean begun = new AtomicBoolean();
  private volatile @Nullable Thread follower;

  /// @param id of the session
  /// @param gone counted down when the session has ended without its client
  SessionStream(
      Gateway gateway, Principal principal, String id, LineOutput out, CountDownLatch gone) {
    this.gateway = gateway;
    this.principal = principal;
    this.id = id;
    this.out = out;
    this.gone = gone;
  }

  String id() {
    return id;
  }

  /// Begins to follow; the client is ready to hear.
  void start() {
    if (begun.compareAndSet(false, true)) {
      var thread = Thread.ofVirtual().name("stdio-session").unstarted(this::follow);
      follower = thread;
      thread.start();
    }
  }

  private void follow() {
    String cursor = null;
    try {
      while (!isOver()) {
        var outlet = new LineOutlet(out, cursor);
        switch (open(cursor)) {
          case Reply.Streaming(var feed, var _) -> feed.run(outlet);
          case Reply.Refused(var why, var _) when why == Refusal.NOT_FOUND -> {
            gone.countDown();
            return;
          }
          default -> {}
        }
        cursor = outlet.cursor();
        pause(outlet.retry().orElse(AGAIN));
      }
    } catch (InterruptedException | ClientGone _) {
      // the end
    }
  }

  /// The rest of a stream of the session.
  Reply open(@Nullable String cursor) throws InterruptedException {
    try {
      return gateway.get(principal, McpHeaders.unwritten(id, cursor));
    } catch (DatabaseUnavailable | DatabaseBusy _) {
      return new Reply.Accepted(); // once more, in a moment
    }
  }

  /// Waits about so long, or until the end.
  void pause(Duration wait) throws InterruptedException {
    var spread = ThreadLocalRandom.current().nextLong(1 + wait.toMillis() / 4);
    var _ = over.await(wait.toMillis() + spread, TimeUnit.MILLISECONDS);
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /// Ends the session, everywhere.
  void end() {
    over.countDown();
    var following = follower;
    if (following != null) {
      following.interrupt();
    }
    try {
      var _ = gateway.delete(principal, McpHeaders.unwritten(id, null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (DatabaseUnavailable | DatabaseBusy _) {
      // it is idle from now on, and ends by itself
    }
  }
}
