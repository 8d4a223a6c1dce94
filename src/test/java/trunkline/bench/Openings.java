package trunkline.bench;

import java.util.ArrayList;
import java.util.List;

/// Sessions' own streams that are opened on another instance than the one that has the sessions
/// from their clients. All stay open.
final class Openings implements Row {
  private static final int STREAMS = 1_000;

  private final Effort effort;

  Openings(Effort effort) {
    this.effort = effort;
  }

  @Override
  public String word() {
    return "open";
  }

  @Override
  public String title() {
    return "streams opened, 32 at a time";
  }

  @Override
  public String floor() {
    return "bare Helidon, an event stream";
  }

  @Override
  public String unit() {
    return "streams/s";
  }

  @Override
  public Target target() {
    return Target.atLeast(0.50);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var turns = effort.rounds() + 3; // the first ones warm up
    Descriptors.require(2 * turns * STREAMS);
    var bare = stage.bareServer();
    var first = stage.server();
    var second = stage.server("-Xmx1g");
    List<List<String>> sessions = new ArrayList<>();
    for (var turn = 0; turn < turns; turn++) {
      sessions.add(NewSessions.open(first.address(), STREAMS));
    }
    var floor = new OpenedStreams(bare.address());
    var product = new OpenedStreams(second.address());
    for (var turn = effort.rounds(); turn < turns; turn++) {
      var warming = sessions.removeLast();
      var _ = floor.open(warming);
      var _ = product.open(warming);
    }
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var next = sessions.removeLast();
        var least = floor.open(next);
        var before = stage.commits();
        var ours = product.open(next);
        floor.requireOpen();
        return Round.of(least, ours)
            .with("commits per stream", (stage.commits() - before) / (double) STREAMS);
      }

      @Override
      public void close() {
        floor.close();
        product.close();
        bare.close();
        first.close();
        second.close();
      }
    };
  }
}
