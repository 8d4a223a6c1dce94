package trunkline.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/// One message to everybody, until the last of them has it.
final class Broadcast implements Row {
  private static final int STREAMS = 5_000;
  private static final int TEXT_BYTES = 212;

  private final Effort effort;

  Broadcast(Effort effort) {
    this.effort = effort;
  }

  @Override
  public String word() {
    return "broadcast";
  }

  @Override
  public String title() {
    return "one message to 5,000 streams on 2 instances, the last client";
  }

  @Override
  public String floor() {
    return "the same bytes to 5,000 sockets";
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public Target target() {
    return Target.atMost(2);
  }

  /// Says something to all who listen.
  @FunctionalInterface
  private interface Shout {
    void shout(String text) throws Exception;
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    Descriptors.require(2 * STREAMS);
    var bare = stage.bareServer();
    var servers = List.of(stage.server(), stage.server());
    var addresses = servers.stream().map(Worker::address).toList();
    var audience = Audience.of(STREAMS, addresses.getFirst(), addresses);
    var listeners = Audience.without(STREAMS, bare.address());
    var wire = Wire.to(addresses.getFirst());
    var session = audience.sessions().getFirst();
    Shout ours =
        text -> {
          var call = Requests.call(session, "shout", "{\"text\":\"" + text + "\"}");
          Text.of(wire, call).require();
        };
    Shout least = text -> bare.ask(message(text));
    var _ = play(least, listeners, effort.warmUp());
    var _ = play(ours, audience, effort.warmUp());
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var floor = play(least, listeners, effort.time());
        var before = rows(stage);
        var product = play(ours, audience, effort.time());
        var rows = (double) (rows(stage) - before);
        return Round.of(floor.micros(0.5) / 1e3, product.micros(0.5) / 1e3)
            .with("rows per broadcast", rows / product.size())
            .with("slowest ms", product.micros(1) / 1e3);
      }

      @Override
      public void close() {
        wire.close();
        audience.close();
        listeners.close();
        bare.close();
        servers.forEach(Worker::close);
      }
    };
  }

  private static Samples play(Shout shout, Audience audience, Duration time) throws Exception {
    var times = new Samples();
    var end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      var heard = audience.heard();
      var start = System.nanoTime();
      shout.shout(text(heard / STREAMS, start));
      audience.await(heard + STREAMS);
      times.add(audience.lastNanos() - start);
    }
    return times;
  }

  /// As [BenchTools#FLOOD] has it.
  private static String text(long number, long nanos) {
    var text = number + " " + nanos + " ";
    return text + "x".repeat(TEXT_BYTES - text.length());
  }

  private static String message(String text) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"notice\",\"data\":\""
        + text
        + "\"}}";
  }

  private static long rows(Stage stage) throws SQLException {
    try (var connection = stage.connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT count(*) FROM trunkline.announcements")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
