package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.memory.MemoryBudget;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.signal.NotifyMode;
import trunkline.signal.SignalPolicy;
import trunkline.signal.Signals;
import trunkline.store.Connections;
import trunkline.telemetry.ServerEvent.WakesSent;
import trunkline.testing.EventLog;
import trunkline.testing.TestDatabase;

class PublisherTest {
  private static final int HERE = 1;
  private static final int ELSEWHERE = 2;

  /// Goal: followers do not live by the sweep. Method: one stream is held here and one elsewhere;
  /// nothing sweeps.
  @Test
  @Timeout(30)
  void a_commit_rings_the_holder_here_and_wakes_the_one_elsewhere(TestDatabase db)
      throws Exception {
    var events = new EventLog();
    var followers = new Followers(3);
    try (var bench = new Bench(db);
        var signals =
            new Signals(
                new Connections(db.settings()),
                bench.database,
                SignalPolicy.of(NotifyMode.IF_POSSIBLE),
                events);
        var lanes = lanes(bench);
        var publisher =
            new Publisher(
                new MessageRows(bench.database),
                new CurrentSlot(new MessageRows(bench.database)),
                () -> new InstanceId(HERE),
                new Holders(() -> new InstanceId(HERE), followers, signals.waker()),
                StreamPolicy.of(100, Duration.ofHours(1), false, 100, 2, 4 << 20),
                MemoryBudget.share(50, _ -> {}),
                events)) {
      signals.moveTo(new InstanceId(HERE));
      var near = held(bench, HERE);
      var far = held(bench, ELSEWHERE);
      var bell = new WakeFlags(Thread.currentThread());
      var claimed =
          new ClaimedStream(
              bench.session,
              near,
              false,
              0,
              new EventId(near, 0, 0),
              null,
              ClaimedStream.UNKNOWN,
              false,
              false);
      followers.add(new Follower(claimed, lanes, null, List::of, bell, _ -> {}));

      publisher.publish(StoreBench.message(near, "x")).get(20, TimeUnit.SECONDS);
      publisher.publish(StoreBench.message(far, "x")).get(20, TimeUnit.SECONDS);

      assertThat(bell.await(WakeFlags.NEWS)).isEqualTo(WakeFlags.NEWS);
      assertThat(events.await(WakesSent.class)).isEqualTo(new WakesSent(ELSEWHERE, 1));
    }
  }

  private static ReadLanes lanes(Bench bench) {
    var messages = new MessageRows(bench.database);
    return new ReadLanes(messages, new CurrentSlot(messages));
  }

  private static StreamId held(Bench bench, int instance) {
    var stream = bench.stream();
    bench.db.sql(
        "update trunkline.streams set holder_instance = ? where stream_id = ?",
        instance,
        stream.value());
    return stream;
  }
}
