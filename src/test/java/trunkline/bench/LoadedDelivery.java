package trunkline.bench;

import java.util.List;

/// What a message takes when half as many come as could: due at fixed times, whatever became of
/// those before, and counted from when they were due.
final class LoadedDelivery implements Row {
  private final Effort effort;

  LoadedDelivery(Effort effort) {
    this.effort = effort;
  }

  @Override
  public String word() {
    return "loaded";
  }

  @Override
  public String title() {
    return "the same at half that rate, p99 from due to client";
  }

  @Override
  public String floor() {
    return "";
  }

  @Override
  public String unit() {
    return "ms";
  }

  @Override
  public Target target() {
    return Target.atMost(20);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var writer = stage.server();
    var reader = stage.server();
    var audience = Audience.of(Delivery.STREAMS, writer.address(), List.of(reader.address()));
    var senders = new Senders(writer.address(), audience.sessions());
    audience.warm(senders, effort.warmUp());
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var most = audience.most(senders, effort.time());
        var _ = audience.times();
        senders.start((long) (senders.size() * 1e9 / (most / 2)));
        Pause.of(effort.time());
        audience.await(senders.stop());
        var times = audience.times();
        return Round.alone(times.micros(0.99) / 1e3)
            .with("p50 ms", times.micros(0.5) / 1e3)
            .with("p99.9 ms", times.micros(0.999) / 1e3)
            .with("messages/s", most / 2);
      }

      @Override
      public void close() {
        senders.close();
        audience.close();
        writer.close();
        reader.close();
      }
    };
  }
}
