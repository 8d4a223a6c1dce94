package trunkline.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// One message while nothing else goes on: from the handler on one instance to the bytes at the
/// client on the other.
final class LoneDelivery implements Row {
  private static final int TEXT_BYTES = 212;

  private final Effort effort;

  LoneDelivery(Effort effort) {
    this.effort = effort;
  }

  @Override
  public String word() {
    return "latency";
  }

  @Override
  public String title() {
    return "one message, handler on A to client on B, p50";
  }

  @Override
  public String floor() {
    return "insert, NOTIFY, LISTEN, select";
  }

  @Override
  public String unit() {
    return "µs";
  }

  @Override
  public Target target() {
    return Target.atMost(1.25);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var writer = stage.server();
    var reader = stage.server();
    var floor = RawWake.on(stage);
    var client = new Client(writer, reader);
    var _ = floor.play(effort.warmUp());
    var _ = client.play(effort.warmUp());
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var least = floor.play(effort.time());
        var ours = client.play(effort.time());
        return Round.of(least.micros(0.5), ours.micros(0.5))
            .with("p99 µs", ours.micros(0.99))
            .with("floor p99 µs", least.micros(0.99));
      }

      @Override
      public void close() {
        client.close();
        floor.close();
        writer.close();
        reader.close();
      }
    };
  }

  /// Waits for each message before it asks for the next; blocks on its sockets.
  private static final class Client implements Events.Reader, AutoCloseable {
    private final String session;
    private final Wire calls;
    private final Wire stream;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private final NumberedMessage message = new NumberedMessage();
    private int next;
    private int heard;
    private long took;

    private Client(Worker writer, Worker reader) throws IOException {
      session = Stage.session(writer.address());
      calls = Wire.to(writer.address());
      stream = Wire.to(reader.address());
      stream.send(Requests.stream(session), new Events(this));
    }

    private Samples play(Duration time) throws IOException, InterruptedException {
      var times = new Samples();
      var end = System.nanoTime() + time.toNanos();
      while (System.nanoTime() < end) {
        Pause.of(RawWake.REST);
        var flood = Requests.flood(List.of(session), next++, 1, TEXT_BYTES, 0, 0);
        var answer = new Text();
        calls.send(flood, answer);
        stream.expect();
        while (heard < next) {
          stream.requireRead(buffer);
        }
        times.add(took);
        Text.await(calls, answer).require();
      }
      return times;
    }

    @Override
    public void line(byte[] line, int length) {
      if (message.read(line, length)) {
        took = System.nanoTime() - message.nanos();
        if (message.number() != heard) {
          over("message %d instead of %d".formatted(message.number(), heard));
        }
        heard++;
      }
    }

    @Override
    public void over(String why) {
      throw new IllegalStateException(why);
    }

    @Override
    public void close() {
      calls.close();
      stream.close();
    }
  }
}
