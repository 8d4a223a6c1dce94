package trunkline.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// One client alone, whose calls in a session go to two instances in turn: what a call takes when
/// nobody else is there. The floor takes turns as well: a process that sleeps between two requests
/// answers later than one that was just asked. The load blocks on its socket.
final class LoneCalls implements Row {
  private final Effort effort;

  LoneCalls(Effort effort) {
    this.effort = effort;
  }

  @Override
  public String word() {
    return "lone";
  }

  @Override
  public String title() {
    return "the same, 1 client, p50";
  }

  @Override
  public String floor() {
    return "bare Helidon, fixed bytes, 2 servers in turn";
  }

  @Override
  public String unit() {
    return "µs";
  }

  @Override
  public Target target() {
    return Target.atMost(3);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var bare = List.of(stage.bareServer(), stage.bareServer());
    var servers = List.of(stage.server(), stage.server());
    var request = Requests.echo(Stage.session(servers.getFirst().address()));
    var addresses = servers.stream().map(Worker::address).toList();
    var floor = new Lone(wires(bare), request, BareServer.ANSWER.length);
    var product = new Lone(wires(servers), request, RightAnswers.requireEcho(addresses, request));
    WarmUp.of(() -> 1 / floor.play(WarmUp.share(effort)).micros(0.5));
    WarmUp.of(() -> 1 / product.play(WarmUp.share(effort)).micros(0.5));
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var least = floor.play(effort.time());
        var ours = product.play(effort.time());
        return Round.of(least.micros(0.5), ours.micros(0.5))
            .with("p99 µs", ours.micros(0.99))
            .with("floor p99 µs", least.micros(0.99));
      }

      @Override
      public void close() {
        floor.wires.forEach(Wire::close);
        product.wires.forEach(Wire::close);
        bare.forEach(Worker::close);
        servers.forEach(Worker::close);
      }
    };
  }

  private static List<Wire> wires(List<Worker> servers) throws IOException {
    List<Wire> wires = new ArrayList<>();
    for (var server : servers) {
      wires.add(Wire.to(server.address()));
    }
    return wires;
  }

  /// The one client.
  ///
  /// @param bytes of the right answer's body
  private record Lone(List<Wire> wires, ByteBuffer request, int bytes) {
    Samples play(Duration time) throws IOException {
      var times = new Samples();
      var buffer = ByteBuffer.allocateDirect(64 * 1024);
      var answer = new Status();
      var end = System.nanoTime() + time.toNanos();
      var now = System.nanoTime();
      for (var turn = 0; now < end; turn = (turn + 1) % wires.size()) {
        var wire = wires.get(turn);
        answer.status = 0;
        answer.got = 0;
        var start = System.nanoTime();
        wire.send(request.rewind(), answer);
        while (answer.status == 0) {
          wire.requireRead(buffer);
        }
        now = System.nanoTime();
        times.add(now - start);
        if (answer.status != 200 || answer.got != bytes) {
          throw new IOException(
              "status %d, %d bytes instead of %d".formatted(answer.status, answer.got, bytes));
        }
      }
      return times;
    }
  }

  private static final class Status implements Answer {
    private int status;
    private int got;

    @Override
    public void body(ByteBuffer part) {
      got += part.remaining();
    }

    @Override
    public void end(int status) {
      this.status = status;
    }
  }
}
