package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.stream.MessageStore.Page;
import trunkline.stream.MessageStore.ReadRequest;
import trunkline.testing.TestDatabase;

class ReadAheadTest {
  private final Bench bench;
  private final MessageStore messages;
  private final ReadLanes lanes;

  ReadAheadTest(TestDatabase db) {
    this.bench = new Bench(db);
    this.messages = new MessageRows(bench.database);
    this.lanes = new ReadLanes(messages, new CurrentSlot(messages));
  }

  @AfterEach
  void end() {
    lanes.close();
    bench.close();
  }

  /// Of the calling thread: each test has its own.
  private ReadAhead ahead(WakeFlags bell) {
    return new ReadAhead(lanes, bell);
  }

  private static WakeFlags bell() {
    return new WakeFlags(Thread.currentThread());
  }

  /// Rings when the calling thread, which begins to wait now, does so.
  private Thread ringing(Runnable ring) {
    var waiter = Thread.currentThread();
    return Thread.ofPlatform()
        .start(() -> {
          while (waiter.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          ring.run();
        });
  }

  private ReadRequest from(long after) {
    return new ReadRequest(bench.standalone, 0, after);
  }

  private void store(String text) {
    messages.publish(bench.key(), List.of(StoreBench.written(bench.standalone, 0, text, false)));
  }

  /// Goal: who waits wakes with the page. Method: nothing else is rung.
  @Test
  void a_ring_reads_for_the_one_who_waits() throws InterruptedException {
    store("for you");
    var ahead = ahead(bell());
    var ringer = ringing(ahead::ring);

    assertThat(ahead.await(WakeFlags.NEWS | WakeFlags.PAGE, from(0))).isEqualTo(WakeFlags.PAGE);

    ringer.join();
    assertThat(ahead.take(from(0)))
        .isInstanceOfSatisfying(Page.Found.class, page -> assertThat(page.messages()).hasSize(1));
  }

  /// Goal: nothing that was stored after a read has begun is left to that read.
  @Test
  void a_ring_during_a_read_asks_for_another_one() throws InterruptedException {
    var bell = bell();
    var ahead = ahead(bell);
    var ringer =
        ringing(() -> {
          ahead.ring();
          ahead.ring();
        });

    var _ = ahead.await(WakeFlags.PAGE, from(0));
    ringer.join();

    bell.ring(WakeFlags.QUIET);
    assertThat(bell.await(WakeFlags.NEWS | WakeFlags.QUIET))
        .isEqualTo(WakeFlags.NEWS | WakeFlags.QUIET);
  }

  @Test
  void a_page_from_another_place_is_thrown_away() throws InterruptedException {
    store("one");
    var ahead = ahead(bell());
    var ringer = ringing(ahead::ring);
    var _ = ahead.await(WakeFlags.PAGE, from(0));
    ringer.join();

    assertThat(ahead.take(from(1))).isNull();
    assertThat(ahead.take(from(0))).isNull(); // whoever has moved on looks by himself
  }

  @Test
  void whoever_is_awake_is_rung_to_read_by_itself() throws InterruptedException {
    var bell = bell();
    ahead(bell).ring();

    assertThat(bell.await(WakeFlags.NEWS | WakeFlags.PAGE)).isEqualTo(WakeFlags.NEWS);
  }
}
