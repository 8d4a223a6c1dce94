package trunkline.bench;

import java.util.Collections;
import java.util.List;

/// Clients that each open one session after the other, on one instance.
final class Initializations implements Row {
  private static final int CLIENTS = 32;

  private final Effort effort;

  Initializations(Effort effort) {
    this.effort = effort;
  }

  @Override
  public String word() {
    return "initialize";
  }

  @Override
  public String title() {
    return "initialize, 32 clients";
  }

  @Override
  public String floor() {
    return "an insert and commit each, JDBC";
  }

  @Override
  public String unit() {
    return "sessions/s";
  }

  @Override
  public Target target() {
    return Target.atLeast(0.70);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var server = stage.server();
    var floor = new RawSessions(stage, CLIENTS);
    var servers = List.of(server.address());
    var request = Requests.initialize();
    var length = RightAnswers.require(servers, request, "\"protocolVersion\"");
    var requests = Collections.nCopies(CLIENTS, request).stream().map(each -> each.duplicate());
    var product = new Calls(servers, requests.toList(), length);
    var _ = floor.play(effort.warmUp());
    var _ = product.play(effort.warmUp());
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var least = floor.play(effort.time());
        var before = stage.commits();
        var ours = product.play(effort.time());
        var commits = (double) (stage.commits() - before);
        return Round.of(least, ours.perSecond())
            .with("p50 µs", ours.times().micros(0.5))
            .with("p99 µs", ours.times().micros(0.99))
            .with("commits per session", commits / ours.times().size());
      }

      @Override
      public void close() {
        product.close();
        floor.close();
        server.close();
      }
    };
  }
}
