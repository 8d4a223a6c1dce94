package trunkline.stream;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.Announcements;
import trunkline.jsonrpc.Codec;
import trunkline.memory.MemoryBudget;
import trunkline.session.NewSession;
import trunkline.session.Principal;
import trunkline.session.Session;
import trunkline.session.SessionId;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Database;
import trunkline.stream.Streams.Tables;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Meters;
import trunkline.testing.EventLog;
import trunkline.testing.Layers;
import trunkline.testing.TestDatabase;

/// An instance that holds streams, without HTTP and without a sweeper, and a session of its own.
final class HolderBench implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);
  final TestDatabase db;
  final EventLog events = new EventLog();
  final Meters meters = new Meters();
  final InstanceId self;
  final Streams streams;
  final Session session;
  private final Layers layers;

  /// Replaces tables by faulty ones.
  interface Faults {
    Tables over(Tables tables);
  }

  HolderBench(TestDatabase db) {
    this(db, 1_000, tables -> tables);
  }

  HolderBench(TestDatabase db, int messagesMax) {
    this(db, messagesMax, tables -> tables);
  }

  HolderBench(TestDatabase db, Faults faults) {
    this(db, 1_000, faults);
  }

  HolderBench(TestDatabase db, int messagesMax, Faults faults) {
    this.db = db;
    this.self =
        new InstanceId(
            (int)
                db.sql(
                        "insert into trunkline.instances (lease_until, url, version)"
                            + " values (clock_timestamp() + interval '1 hour', 'here', 'test') returning instance_id")
                    .number());
    EventSink sink =
        event -> {
          meters.emit(event);
          events.emit(event);
        };
    this.layers =
        Layers.of(db.settings())
            .instance(self.value())
            .telling(sink)
            .upTo(Layers.Top.ANNOUNCEMENTS);
    this.streams =
        new Streams(
            faults.over(Tables.of(layers.database(), sink)),
            layers.signals(),
            layers.announcements(),
            () -> self,
            StreamPolicy.of(messagesMax, Duration.ofHours(1), true, 100, 3, 4 << 20),
            MemoryBudget.share(50, _ -> {}),
            sink);
    this.session = another();
  }

  Session another() {
    return layers
        .sessions()
        .open(
            new NewSession(
                SessionId.random(),
                "2025-11-25",
                new Principal("nobody"),
                Codec.object(),
                Codec.object(),
                ""));
  }

  Database database() {
    return layers.database();
  }

  Announcements announcements() {
    return layers.announcements();
  }

  /// A call's stream that nobody holds, in its first run.
  StreamId call() {
    return new StreamId(
        db.sql(
                "insert into trunkline.streams (session_key, standalone, writer_epoch) values (?, false, 1) returning stream_id",
                session.key().value())
            .number());
  }

  void send(String text) {
    streams.send(session.standaloneStream(), text.getBytes(StandardCharsets.UTF_8)).join();
  }

  Reader follow(ClaimedStream held) {
    return follow(held, List::of);
  }

  Reader follow(ClaimedStream held, Supplier<List<byte[]>> gapNotice) {
    return Reader.of(streams.feed(held, gapNotice));
  }

  Claim claim(@Nullable EventId from) throws InterruptedException {
    return streams.claim(session, from, true);
  }

  ClaimedStream granted(@Nullable EventId from) throws InterruptedException {
    return ((Claim.Granted) claim(from)).claimed();
  }

  @Override
  public void close() {
    streams.closeConnections();
    streams.close();
    layers.close();
    meters.close();
  }
}
