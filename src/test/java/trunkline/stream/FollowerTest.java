package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.telemetry.ServerEvent.GapTold;
import trunkline.testing.EventLog;
import trunkline.testing.TestDatabase;

class FollowerTest {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private static final byte[] GAP = "some are missing".getBytes(StandardCharsets.UTF_8);

  private final EventLog events = new EventLog();
  private final Bench bench;
  private final MessageStore messages;
  private final ReadLanes lanes;

  FollowerTest(TestDatabase db) {
    this.bench = new Bench(db);
    this.messages = new MessageRows(bench.database);
    this.lanes = new ReadLanes(messages, new CurrentSlot(messages));
  }

  @AfterEach
  void end() {
    lanes.close();
    bench.close();
  }

  /// Collects what a client would get.
  static final class Client implements Outlet {
    final List<String> messages = new ArrayList<>();
    final List<String> primed = new ArrayList<>();

    @Override
    public void prime(String eventId, Duration retry) {
      primed.add(eventId);
    }

    @Override
    public void message(@Nullable String eventId, byte[] payload) {
      messages.add(new String(payload, StandardCharsets.UTF_8));
    }

    @Override
    public void cursor(String eventId) {}

    @Override
    public void comment() {}

    @Override
    public void hint(InstanceId instance) {}

    @Override
    public void retry(Duration wait) {}

    @Override
    public void flush() {}

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void whenQuiet(Runnable ring) {}

    @Override
    public boolean isQuiet() {
      return false;
    }
  }

  private Follower.End follow(StreamId stream, long epoch, Client client)
      throws InterruptedException {
    return follower(stream, false, epoch, new WakeFlags(Thread.currentThread())).run(client, RETRY);
  }

  private Follower follower(StreamId stream, boolean standalone, long epoch, WakeFlags bell) {
    var claimed =
        new ClaimedStream(
            bench.session,
            stream,
            standalone,
            epoch,
            new EventId(stream, 0, 0),
            null,
            ClaimedStream.UNKNOWN,
            true,
            false);
    return new Follower(claimed, lanes, null, () -> List.of(GAP), bell, events);
  }

  /// Goal: a stream that has ended is not closed before its last message (S7). Method: more of them
  /// than two pages hold.
  @Test
  void a_finished_stream_is_written_whole_before_it_ends() throws InterruptedException {
    var call = bench.callStream(1);
    var expected = new ArrayList<String>();
    for (int part = 0; part < 3; part++) {
      var batch = new ArrayList<StreamWrite>();
      for (int i = 0; i < 150; i++) {
        expected.add("m" + expected.size());
        batch.add(StoreBench.written(call, 1, expected.getLast(), expected.size() == 450));
      }
      messages.publish(bench.key(), batch);
    }
    var client = new Client();

    assertThat(follow(call, 0, client)).isEqualTo(Follower.End.ENDED);

    assertThat(client.messages).isEqualTo(expected);
    assertThat(client.primed).containsExactly(call.value() + ".0.0.0.0");
  }

  @Test
  void a_superseded_follower_writes_no_message() throws InterruptedException {
    var call = bench.callStream(1);
    var message = StoreBench.written(call, 1, "for the new holder", true);
    messages.publish(bench.key(), List.of(message));
    var client = new Client();

    assertThat(follow(call, 7, client)).isEqualTo(Follower.End.SUPERSEDED);

    assertThat(client.messages).isEmpty();
  }

  /// Goal: a gap is said, to the client and to the operator.
  @Test
  void a_gap_is_told_to_the_client_and_as_an_event() throws InterruptedException {
    bench.db.sql(
        "update trunkline.streams set trimmed_through = 7 where stream_id = ?",
        bench.standalone.value());
    var bell = new WakeFlags(Thread.currentThread());
    bell.ring(WakeFlags.RELEASE);
    var client = new Client();

    var end = follower(bench.standalone, true, 0, bell).run(client, RETRY);

    assertThat(end).isEqualTo(Follower.End.RELEASED);
    assertThat(client.messages).containsExactly("some are missing");
    assertThat(events.await(GapTold.class)).isEqualTo(new GapTold(bench.standalone.value()));
  }

  /// Goal: no message is passed over (S12). Method: while the follower hears nothing, as when its
  /// instance is frozen, one is stored and the writing moves on by two slots; then it is woken for
  /// another one.
  @Test
  void what_was_stored_two_slots_ago_comes_before_what_is_stored_now() throws Exception {
    try (var holder = new HolderBench(bench.db)) {
      var reader = holder.follow(holder.granted(null));
      holder.send("1");
      assertThat(reader.await(1)).containsExactly("1");
      messages.publish(
          bench.key(), List.of(StoreBench.message(holder.session.standaloneStream(), "2")));
      bench.db.sql("update trunkline.control set current_slot = (current_slot + 2) % 8");
      holder.streams.sweeps().positions(); // looks where messages are written now

      holder.send("3");

      assertThat(reader.await(3)).containsExactly("1", "2", "3");
    }
  }
}
