package trunkline.bench;

import java.util.List;

/// An instance in little memory: so many streams are open, and calls come as fast as they are
/// answered. In the end a broadcast must reach every stream.
final class SmallHeap implements Row {
  private static final int STREAMS = 1_000;
  private static final String HEAP = "-Xmx128m";

  private final Effort effort;

  SmallHeap(Effort effort) {
    this.effort = effort;
  }

  @Override
  public String word() {
    return "small";
  }

  @Override
  public String title() {
    return "resident with " + HEAP + ", 1,000 streams and calls of 32 clients";
  }

  @Override
  public String floor() {
    return "";
  }

  @Override
  public String unit() {
    return "MB";
  }

  @Override
  public Target target() {
    return Target.atMost(300);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    Descriptors.require(STREAMS);
    var server = stage.server(HEAP);
    var sessions = NewSessions.open(server.address(), STREAMS);
    var streams = new OpenedStreams(server.address());
    var _ = streams.open(sessions);
    // Not of one session, which may have fewer calls at a time.
    var requests = sessions.subList(0, ManyCalls.CLIENTS).stream().map(Requests::echo).toList();
    var servers = List.of(server.address());
    var calls =
        new Calls(servers, requests, RightAnswers.requireEcho(servers, requests.getFirst()));
    var _ = calls.play(effort.warmUp());
    return new Trial() {
      private int turn;

      @Override
      public Round round() throws Exception {
        var played = calls.play(effort.time());
        var resident = Resident.megabytes(server);
        var word = "everybody-" + turn++;
        var shout =
            Requests.call(sessions.getFirst(), "shout", "{\"text\":\"%s\"}".formatted(word));
        streams.requireAll(
            word,
            () -> {
              var _ = Text.of(server.address(), shout).require();
            });
        return Round.alone(resident)
            .with("calls/s", played.perSecond())
            .with("p99 µs", played.times().micros(0.99));
      }

      @Override
      public void close() {
        calls.close();
        streams.close();
        server.close();
      }
    };
  }
}
