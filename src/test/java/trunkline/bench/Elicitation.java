package trunkline.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A tool on A asks its client again and again, which reads on B and answers to C: from a question
/// to the next.
final class Elicitation implements Row {
  /// Question to the stream's holder, answer to the asker, and what both are stored for.
  private static final int WAYS = 3;

  private final Effort effort;

  Elicitation(Effort effort) {
    this.effort = effort;
  }

  @Override
  public String word() {
    return "elicitation";
  }

  @Override
  public String title() {
    return "tool on A asks, stream on B, answer to C: round trip, p50";
  }

  @Override
  public String floor() {
    return "three times a message's floor";
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
    var asker = stage.server();
    var holder = stage.server();
    var third = stage.server();
    var floor = RawWake.on(stage);
    var client = new Client(asker, holder, third);
    var _ = floor.play(effort.warmUp());
    var _ = client.play(effort.warmUp());
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var least = floor.play(effort.time());
        var ours = client.play(effort.time());
        return Round.of(WAYS * least.micros(0.5), ours.micros(0.5))
            .with("p99 µs", ours.micros(0.99));
      }

      @Override
      public void close() {
        floor.close();
        asker.close();
        holder.close();
        third.close();
      }
    };
  }

  private static final class Client implements Events.Reader {
    private final Worker asker;
    private final Worker holder;
    private final Worker third;
    private final String session;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
    private String eventId = "";
    private @Nullable String asked;
    private boolean over;

    private Client(Worker asker, Worker holder, Worker third) throws IOException {
      this.asker = asker;
      this.holder = holder;
      this.third = third;
      this.session = Stage.session(asker.address(), "{\"elicitation\":{}}");
    }

    private Samples play(Duration time) throws IOException {
      over = false;
      try (var call = Wire.to(asker.address())) {
        call.send(Requests.call(session, "ask", "{}"), new Events(this));
        next(call);
      }
      try (var stream = Wire.to(holder.address());
          var answers = Wire.to(third.address())) {
        var first = taken();
        stream.send(Requests.resume(session, eventId), new Events(this));
        answer(answers, Requests.accept(session, first));
        next(stream);
        var times = new Samples();
        var end = System.nanoTime() + time.toNanos();
        var start = System.nanoTime();
        while (start < end) {
          answer(answers, Requests.accept(session, taken()));
          next(stream);
          var now = System.nanoTime();
          times.add(now - start);
          start = now;
        }
        answer(answers, Requests.decline(session, taken()));
        stream.expect();
        while (!over) {
          stream.requireRead(buffer);
        }
        return times;
      }
    }

    private static void answer(Wire wire, ByteBuffer answer) throws IOException {
      Text.of(wire, answer).require();
    }

    private String taken() {
      var id = asked;
      if (id == null) {
        throw new IllegalStateException("nothing was asked");
      }
      asked = null;
      return id;
    }

    /// Reads until the next question.
    private void next(Wire stream) throws IOException {
      stream.expect();
      while (asked == null) {
        if (over) {
          throw new IOException("the call ended without a question");
        }
        stream.requireRead(buffer);
      }
    }

    @Override
    public void line(byte[] bytes, int length) {
      var line = new String(bytes, 0, length, US_ASCII);
      if (line.startsWith("id: ")) {
        eventId = line.substring(4);
      } else if (line.contains("\"method\":\"elicitation/create\"")) {
        var from = line.indexOf("\"id\":") + 5;
        asked = line.substring(from, line.indexOf(',', from));
      }
    }

    @Override
    public void over(String why) {
      over = true;
    }
  }
}
