package trunkline.bench;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/// What a message costs all instances and their database together, in processor time: with more
/// instances and more streams it stays what it is. As many senders everywhere; each message goes to
/// a stream that is on any of the instances.
final class Spread implements Row {
  private static final int SENDERS = 32;
  private static final int CALLERS = 32;
  private static final int FLOOR_INSTANCES = 1;
  private static final int FLOOR_STREAMS = 100;

  private final Effort effort;
  private final int instances;
  private final int streams;
  private final AtomicReference<Double> first;

  /// @param first what a message costs where there is the least of all; NaN until it is known
  private Spread(Effort effort, int instances, int streams, AtomicReference<Double> first) {
    this.effort = effort;
    this.instances = instances;
    this.streams = streams;
    this.first = first;
  }

  static List<Row> all(Effort effort) {
    var first = new AtomicReference<>(Double.NaN);
    List<Row> rows = new ArrayList<>();
    for (var streams : List.of(FLOOR_STREAMS, 1_000, 10_000)) {
      for (var instances : List.of(FLOOR_INSTANCES, 2, 4)) {
        rows.add(new Spread(effort, instances, streams, first));
      }
    }
    return rows;
  }

  @Override
  public String word() {
    return "spread-%d-%d".formatted(instances, streams);
  }

  @Override
  public String title() {
    return "the cost of a message: instances %d, streams %,d".formatted(instances, streams);
  }

  @Override
  public String floor() {
    return "instances %d, streams %d".formatted(FLOOR_INSTANCES, FLOOR_STREAMS);
  }

  private boolean isFloor() {
    return instances == FLOOR_INSTANCES && streams == FLOOR_STREAMS;
  }

  @Override
  public String unit() {
    return "CPU ms for 1,000";
  }

  @Override
  public Target target() {
    return Target.atMost(1.3);
  }

  @Override
  public int roundsMax() {
    return 3;
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    CpuTime.require(stage);
    if (!isFloor() && first.get().isNaN()) {
      throw new IllegalStateException(
          "its floor, the row spread-%d-%d, was not measured before it"
              .formatted(FLOOR_INSTANCES, FLOOR_STREAMS));
    }
    var scene = new Scene(stage.sibling("bench_spread"));
    WarmUp.of(() -> scene.play(WarmUp.share(effort)).perSecond);
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var idle = scene.idle();
        var sent = scene.play(effort.time());
        var calls = scene.call();
        if (first.get().isNaN()) {
          first.set(sent.cost); // of the floor's row, which is the table's first
        }
        return Round.of(first.get(), sent.cost)
            .with("messages/s", sent.perSecond)
            .with("statements per message", sent.statements)
            .with("statements per call", calls.statements)
            .with("CPU ms for 1,000 calls", calls.cost)
            .with("statements per idle second", idle);
      }

      @Override
      public void close() {
        scene.close();
      }
    };
  }

  /// @param cost in milliseconds of processor time for a thousand
  /// @param statements for each
  private record Played(double perSecond, double cost, double statements) {}

  private final class Scene {
    private final Stage stage;
    private final List<Worker> servers = new ArrayList<>();
    private final List<Senders> senders = new ArrayList<>();
    private final Audience audience;
    private final Calls calls;
    private final CpuTime cpuTime;

    private Scene(Stage stage) throws Exception {
      this.stage = stage;
      for (var instance = 0; instance < instances; instance++) {
        servers.add(stage.server());
      }
      var addresses = servers.stream().map(Worker::address).toList();
      audience = Audience.of(streams, addresses.getFirst(), addresses);
      var each = (streams + SENDERS - 1) / SENDERS;
      var share = SENDERS / instances * each;
      for (var instance = 0; instance < instances; instance++) {
        var from = Math.min(instance * share, streams);
        var theirs = audience.sessions().subList(from, Math.min(from + share, streams));
        senders.add(new Senders(addresses.get(instance), theirs, each));
      }
      var requests = requests(addresses.getFirst());
      calls =
          new Calls(addresses, requests, RightAnswers.requireEcho(addresses, requests.getFirst()));
      cpuTime = CpuTime.of(servers, stage);
    }

    private List<ByteBuffer> requests(InetSocketAddress server) throws Exception {
      List<ByteBuffer> requests = new ArrayList<>();
      for (var caller = 0; caller < CALLERS; caller++) {
        requests.add(Requests.echo(Stage.session(server)));
      }
      return requests;
    }

    private double idle() throws Exception {
      Pause.ofMillis(2_000); // what was begun comes to rest
      var commits = stage.commits();
      var start = System.nanoTime();
      Pause.of(effort.time());
      return (stage.commits() - commits) / ((System.nanoTime() - start) / 1e9);
    }

    private Played play(Duration time) throws Exception {
      var commits = stage.commits();
      var cpu = cpuTime.seconds();
      var before = audience.heard();
      var start = System.nanoTime();
      for (var each : senders) {
        each.start(0);
      }
      Pause.of(time);
      var sent = 0L;
      for (var each : senders) {
        sent += each.stop();
      }
      audience.await(sent);
      return played(audience.heard() - before, start, cpu, commits);
    }

    private Played call() throws Exception {
      var commits = stage.commits();
      var cpu = cpuTime.seconds();
      var start = System.nanoTime();
      var played = calls.play(effort.time());
      return played(played.times().size(), start, cpu, commits);
    }

    private Played played(long number, long start, double cpu, long commits) throws Exception {
      var seconds = (System.nanoTime() - start) / 1e9;
      var taken = cpuTime.seconds() - cpu;
      return new Played(
          number / seconds, taken * 1e6 / number, (double) (stage.commits() - commits) / number);
    }

    private void close() {
      calls.close();
      senders.forEach(Senders::close);
      audience.close();
      servers.forEach(Worker::close);
    }
  }
}
