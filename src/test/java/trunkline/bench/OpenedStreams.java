package trunkline.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Streams that are opened, 32 at a time and each on a connection of its own, and stay open: what
/// is measured with fewer would be a better figure than the server's.
final class OpenedStreams implements AutoCloseable {
  static final int AT_ONCE = 32;

  private final Reactor reactor = new Reactor();
  private final InetSocketAddress server;
  private final List<Stream> streams = new ArrayList<>();

  /// Why the first one of those that are no longer open is not.
  private final AtomicReference<@Nullable String> lost = new AtomicReference<>();

  OpenedStreams(InetSocketAddress server) throws IOException {
    this.server = server;
  }

  /// Opens one for each session.
  ///
  /// @return how many in a second, counted until the last one's head was there
  double open(List<String> sessions) throws Exception {
    Queue<ByteBuffer> requests = new ArrayDeque<>();
    for (var session : sessions) {
      requests.add(Requests.stream(session));
    }
    var opening = new Opening(requests);
    var start = System.nanoTime();
    reactor.run(() -> {
      for (var each = 0; each < AT_ONCE; each++) {
        opening.next();
      }
    });
    Patience.await(opening.over);
    var seconds = (System.nanoTime() - start) / 1e9;
    requireOpen();
    return sessions.size() / seconds;
  }

  /// Fails when the server has closed one of them.
  void requireOpen() {
    reactor.settle(); // what has arrived is read
    var why = lost.get();
    if (why != null) {
      throw new IllegalStateException("a stream was lost: " + why);
    }
  }

  /// Does something that writes to every stream, and waits until each has got it.
  void requireAll(String word, Act act) throws Exception {
    var got = new CountDownLatch(streams.size());
    streams.forEach(stream -> stream.await(word, got));
    act.act();
    var isGot = got.await(Patience.SECONDS, TimeUnit.SECONDS);
    requireOpen();
    if (!isGot) {
      throw new IllegalStateException(
          got.getCount() + " of " + streams.size() + " streams got nothing");
    }
  }

  interface Act {
    void act() throws Exception;
  }

  /// Of the connections' thread, but for its number of those that are open.
  private final class Opening {
    private final Queue<ByteBuffer> requests;
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private int left;

    Opening(Queue<ByteBuffer> requests) {
      this.requests = requests;
      this.left = requests.size();
    }

    void next() {
      var request = requests.poll();
      if (request == null) {
        return;
      }
      var stream = new Stream(this);
      try {
        streams.add(stream);
        reactor.connectHere(server).send(request, stream);
      } catch (IOException e) {
        over.completeExceptionally(e);
      }
    }

    void opened() {
      if (--left == 0) {
        over.complete(null);
      } else {
        next();
      }
    }
  }

  private final class Stream implements Answer {
    private final Opening opening;
    private volatile String word = "";
    private volatile CountDownLatch got = new CountDownLatch(0);

    private Stream(Opening opening) {
      this.opening = opening;
    }

    void await(String word, CountDownLatch got) {
      this.got = got;
      this.word = word;
    }

    @Override
    public void begin(int status, byte[] head, int headBytes) {
      if (status == 200) {
        opening.opened();
      } else {
        broken(new IOException("status " + status));
      }
    }

    @Override
    public void body(ByteBuffer part) {
      var awaited = word;
      if (!awaited.isEmpty()
          && StandardCharsets.UTF_8.decode(part.duplicate()).toString().contains(awaited)) {
        word = "";
        got.countDown();
      }
    }

    @Override
    public void end(int status) {
      broken(new IOException("the server ended it"));
    }

    @Override
    public void broken(Exception why) {
      lost.compareAndSet(null, why.toString());
      opening.over.completeExceptionally(why);
    }
  }

  @Override
  public void close() {
    reactor.close();
  }
}
