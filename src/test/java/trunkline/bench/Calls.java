package trunkline.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// A number of clients that ask the same again and again, each when it has its answer; over several
/// servers in turn. Each answer must be as long as one that was read, see [RightAnswers].
final class Calls implements AutoCloseable {
  private final Reactor reactor = new Reactor();
  private final List<Client> clients = new ArrayList<>();
  private final int bytes;
  private volatile boolean on;

  /// Connects each client with each server.
  ///
  /// @param requests one for each client
  /// @param bytes of the right answer's body
  Calls(List<InetSocketAddress> servers, List<ByteBuffer> requests, int bytes) throws IOException {
    this.bytes = bytes;
    for (var request : requests) {
      List<Wire> wires = new ArrayList<>();
      for (var server : servers) {
        wires.add(reactor.connect(server));
      }
      clients.add(new Client(wires, request));
    }
  }

  /// What they did.
  ///
  /// @param times of all answers
  record Played(double perSecond, Samples times) {}

  Played play(Duration time) throws Exception {
    for (var client : clients) {
      client.times = new Samples();
      client.over = new CompletableFuture<>();
    }
    on = true;
    var start = System.nanoTime();
    reactor.run(() -> clients.forEach(Client::ask));
    Pause.of(time); // this is how long it is measured
    on = false;
    for (var client : clients) {
      Patience.await(client.over);
    }
    var seconds = (System.nanoTime() - start) / 1e9;
    var times = new Samples();
    for (var client : clients) {
      times.addAll(client.times);
    }
    return new Played(times.size() / seconds, times);
  }

  private final class Client implements Answer {
    private final List<Wire> wires;
    private final ByteBuffer request;
    private Samples times = new Samples();
    private CompletableFuture<Void> over = CompletableFuture.completedFuture(null);
    private int turn;
    private long asked;
    private int got;

    private Client(List<Wire> wires, ByteBuffer request) {
      this.wires = wires;
      this.request = request;
    }

    private void ask() {
      got = 0;
      asked = System.nanoTime();
      try {
        wires.get(turn).send(request.rewind(), this);
      } catch (IOException e) {
        broken(e);
      }
      turn = turn + 1 == wires.size() ? 0 : turn + 1;
    }

    @Override
    public void body(ByteBuffer part) {
      got += part.remaining();
    }

    @Override
    public void end(int status) {
      times.add(System.nanoTime() - asked);
      if (status != 200) {
        broken(new IOException("status " + status));
      } else if (got != bytes) {
        broken(new IOException("an answer of %d bytes instead of %d".formatted(got, bytes)));
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
