package trunkline.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls of a tool that does nothing, beside a server that people use: the same load on one
/// instance of each, with a session for each client. The peer keeps its sessions in its memory, the
/// product in the database.
final class PeerCalls implements Row {
  private static final int CLIENTS = ManyCalls.CLIENTS;

  private final Effort effort;
  private final Peer peer;

  PeerCalls(Effort effort, Peer peer) {
    this.effort = effort;
    this.peer = peer;
  }

  @Override
  public String word() {
    return peer.word();
  }

  @Override
  public String title() {
    return "tools/call in a session, one instance, 32 clients, beside a peer";
  }

  @Override
  public String floor() {
    return peer.title();
  }

  @Override
  public String unit() {
    return "calls/s";
  }

  @Override
  public Target target() {
    return Target.atLeast(1);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    List<Side> sides = new ArrayList<>();
    try {
      sides.add(Side.of(stage.keep(peer.start())));
      // The TypeScript SDK answers with events unless it is told otherwise.
      var json = peer == Peer.TYPESCRIPT ? Side.of(stage.keep(peer.start("json"))) : null;
      if (json != null) {
        sides.add(json);
      }
      sides.add(Side.of(stage.server()));
      for (var side : sides) {
        WarmUp.of(() -> side.play(WarmUp.share(effort)).perSecond());
      }
      return trial(sides, sides.getFirst(), json, sides.getLast());
    } catch (Exception | AssertionError e) {
      sides.forEach(Side::close);
      throw e;
    }
  }

  private Trial trial(List<Side> sides, Side theirs, @Nullable Side json, Side ours) {
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var peers = theirs.play(effort.time());
        var products = ours.play(effort.time());
        var round =
            Round.of(peers.perSecond(), products.perSecond())
                .with("p50 µs", products.times().micros(0.5))
                .with("p99 µs", products.times().micros(0.99))
                .with("peer p50 µs", peers.times().micros(0.5))
                .with("peer p99 µs", peers.times().micros(0.99))
                .with("MB resident", Resident.megabytes(ours.worker))
                .with("peer MB resident", Resident.megabytes(theirs.worker));
        return json == null
            ? round
            : round.with("peer calls/s, told to answer JSON", json.play(effort.time()).perSecond());
      }

      @Override
      public void close() {
        sides.forEach(Side::close);
      }
    };
  }

  /// One of those that are compared.
  ///
  /// @param requests one for each client, with its session
  /// @param bytes of an answer that was read
  private record Side(Worker worker, List<ByteBuffer> requests, int bytes) {
    static Side of(Worker worker) throws Exception {
      try {
        var requests = requests(worker.address());
        var servers = List.of(worker.address());
        return new Side(worker, requests, RightAnswers.requireEcho(servers, requests.getFirst()));
      } catch (Exception e) {
        worker.close();
        throw e;
      }
    }

    private static List<ByteBuffer> requests(InetSocketAddress server) throws IOException {
      List<ByteBuffer> requests = new ArrayList<>();
      for (var client = 0; client < CLIENTS; client++) {
        requests.add(Requests.echo(Stage.session(server)));
      }
      return requests;
    }

    /// On new connections, since Node closes those that are idle for five seconds.
    Calls.Played play(Duration time) throws Exception {
      try (var calls = new Calls(List.of(worker.address()), requests, bytes)) {
        return calls.play(time);
      }
    }

    void close() {
      worker.close();
    }
  }
}
