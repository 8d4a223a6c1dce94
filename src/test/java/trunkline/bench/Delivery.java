package trunkline.bench;

import java.util.List;

/// Messages from one instance to streams on the other, as many as there may be: counted where the
/// client has the bytes.
final class Delivery implements Row {
  static final int STREAMS = 1_000;

  private final Effort effort;

  Delivery(Effort effort) {
    this.effort = effort;
  }

  @Override
  public String word() {
    return "delivery";
  }

  @Override
  public String title() {
    return "messages stored and delivered, 250 senders on A, 1,000 streams on B";
  }

  @Override
  public String floor() {
    return "plain JDBC, 64 rows in a batch";
  }

  @Override
  public String unit() {
    return "messages/s";
  }

  @Override
  public Target target() {
    return Target.atLeast(0.35);
  }

  @Override
  public Trial prepare(Stage stage) throws Exception {
    var writer = stage.server();
    var reader = stage.server();
    var floor = RawMessages.on(stage);
    var audience = Audience.of(STREAMS, writer.address(), List.of(reader.address()));
    var senders = new Senders(writer.address(), audience.sessions());
    var _ = floor.play(effort.warmUp());
    audience.warm(senders, effort.warmUp());
    return new Trial() {
      @Override
      public Round round() throws Exception {
        var least = floor.play(effort.time());
        var _ = audience.times();
        var commits = stage.commits();
        var most = audience.most(senders, effort.time());
        var times = audience.times();
        return Round.of(least, most)
            .with("statements per message", (double) (stage.commits() - commits) / times.size())
            .with("p50 ms", times.micros(0.5) / 1e3)
            .with("p99 ms", times.micros(0.99) / 1e3)
            .with("MB resident, A", Resident.megabytes(writer))
            .with("MB resident, B", Resident.megabytes(reader));
      }

      @Override
      public void close() {
        senders.close();
        audience.close();
        floor.close();
        writer.close();
        reader.close();
      }
    };
  }
}
