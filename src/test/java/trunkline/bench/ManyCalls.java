package trunkline.bench;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Calls of a tool that does nothing, over 32 connections; the answers are JSON.
final class ManyCalls implements Row {
  static final int CLIENTS = 32;

  private final Effort effort;
  private final boolean stateful;

  private ManyCalls(Effort effort, boolean stateful) {
    this.effort = effort;
    this.stateful = stateful;
  }

  /// Of the revision without sessions, on one instance.
  static Row stateless(Effort effort) {
    return new ManyCalls(effort, false);
  }

  /// With a session for each client, whose calls go to two instances in turn.
  static Row stateful(Effort effort) {
    return new ManyCalls(effort, true);
  }

  @Override
  public String word() {
    return stateful ? "stateful" : "stateless";
  }

  @Override
  public String title() {
    return stateful
        ? "tools/call in a session, over 2 instances in turn, 32 clients"
        : "tools/call without a session, 32 clients";
  }

  @Override
  public String floor() {
    return "bare Helidon, fixed bytes";
  }

  @Override
  public String unit() {
    return "calls/s";
  }

  @Override
  public Target target() {
    return Target.atLeast(stateful ? 0.50 : 0.60);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var bare = stage.bareServer();
    List<Worker> servers = new ArrayList<>(List.of(stage.server()));
    if (stateful) {
      servers.add(stage.server());
    }
    var addresses = servers.stream().map(Worker::address).toList();
    List<ByteBuffer> requests = new ArrayList<>();
    for (var client = 0; client < CLIENTS; client++) {
      requests.add(
          stateful ? Requests.echo(Stage.session(addresses.getFirst())) : Requests.statelessEcho());
    }
    var length = RightAnswers.requireEcho(addresses, requests.getFirst());
    var floor = new Calls(List.of(bare.address()), copies(requests), BareServer.ANSWER.length);
    var product = new Calls(addresses, copies(requests), length);
    WarmUp.of(() -> floor.play(WarmUp.share(effort)).perSecond());
    WarmUp.of(() -> product.play(WarmUp.share(effort)).perSecond());
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var least = floor.play(effort.time());
        var before = stage.commits();
        var ours = product.play(effort.time());
        var commits = (double) (stage.commits() - before);
        return Round.of(least.perSecond(), ours.perSecond())
            .with("p50 µs", ours.times().micros(0.5))
            .with("p99 µs", ours.times().micros(0.99))
            .with("floor p50 µs", least.times().micros(0.5))
            .with("statements per call", commits / ours.times().size())
            .with("MB resident", Resident.megabytes(servers.getFirst()));
      }

      @Override
      public void close() {
        floor.close();
        product.close();
        bare.close();
        servers.forEach(Worker::close);
      }
    };
  }

  private static List<ByteBuffer> copies(List<ByteBuffer> requests) {
    return requests.stream().map(ByteBuffer::duplicate).toList();
  }
}
