package trunkline.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/// Those who send to a [Audience]: each calls [BenchTools#FLOOD] again and again, over four
/// sessions.
final class Senders implements AutoCloseable {
  static final int SESSIONS_EACH = 4;

  /// Of one call: it is over before a call becomes a stream of its own.
  private static final int MESSAGES_OF_A_CALL = 32;

  /// With the rest of the message this makes 300.
  private static final int TEXT_BYTES = 212;

  private final Reactor reactor = new Reactor();
  private final List<Sender> senders = new ArrayList<>();

  /// Of one call for each session.
  private final int messages;

  private volatile boolean on;
  private volatile long everyNanos;

  Senders(InetSocketAddress server, List<String> sessions) throws IOException {
    this(server, sessions, SESSIONS_EACH);
  }

  Senders(InetSocketAddress server, List<String> sessions, int each) throws IOException {
    messages = Math.max(1, MESSAGES_OF_A_CALL / each);
    for (var first = 0; first < sessions.size(); first += each) {
      var theirs = sessions.subList(first, Math.min(first + each, sessions.size()));
      senders.add(new Sender(reactor.connect(server), theirs));
    }
  }

  int size() {
    return senders.size();
  }

  /// All of them begin.
  ///
  /// @param everyNanos each sender's next message is due after so long, whatever became of those
  ///   before it; 0: when the one before is kept
  void start(long everyNanos) {
    this.everyNanos = everyNanos;
    on = true;
    reactor.run(() -> {
      for (var sender : senders) {
        sender.over = new CompletableFuture<>();
        sender.dueNanos =
            System.nanoTime()
                + (everyNanos == 0 ? 0 : ThreadLocalRandom.current().nextLong(everyNanos));
        sender.ask();
      }
    });
    reactor.settle();
  }

  /// Returns when all calls are over.
  ///
  /// @return how many messages were sent since the beginning of all
  long stop() throws Exception {
    on = false;
    var sent = 0L;
    for (var sender : senders) {
      Patience.await(sender.over);
      sent += (long) sender.next * sender.sessions.size();
    }
    return sent;
  }

  private final class Sender implements Answer {
    private final Wire wire;
    private final List<String> sessions;
    private CompletableFuture<Void> over = CompletableFuture.completedFuture(null);
    private long dueNanos;
    private int next;

    private Sender(Wire wire, List<String> sessions) {
      this.wire = wire;
      this.sessions = sessions;
    }

    private void ask() {
      var flood = Requests.flood(sessions, next, messages, TEXT_BYTES, dueNanos, everyNanos);
      next += messages;
      dueNanos += everyNanos * messages * sessions.size();
      try {
        wire.send(flood, this);
      } catch (IOException e) {
        broken(e);
      }
    }

    @Override
    public void end(int status) {
      if (status != 200) {
        broken(new IOException("status " + status));
      } else if (on) {
        ask();
      } else {
        over.complete(null);
      }
    }

    @Override
    public void broken(Exception why) {
      over.completeExceptionally(why);
    }
  }

  @Override
  public void close() {
    reactor.close();
  }
}
