package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.session.StreamId;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.stream.SlotRows.SlotAdvance;
import trunkline.stream.Streams.Tables;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// The first read of a stream that was just claimed looks at the two newest leaves where nothing
/// was kept before: what is published meanwhile is found all the same, and at once, for nobody
/// rings for it.
@Timeout(60)
class FirstReadTest {
  private static final int ALL = -1;

  /// What the streams ask of their tables, and what happens just before a claim.
  private static final class Watched {
    final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    final AtomicReference<Runnable> beforeClaim = new AtomicReference<>(() -> {});

    Tables over(Tables tables) {
      return new Tables(
          over(MessageStore.class, tables.messages()),
          over(StreamStore.class, tables.streams()),
          over(Slots.Store.class, tables.slots()));
    }

    private <T> T over(Class<T> type, T store) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (_, method, arguments) -> {
                if (method.getName().equals("claim")) {
                  asked.add("claim");
                  beforeClaim.getAndSet(() -> {}).run();
                } else if (method.getName().equals("trim")) {
                  asked.add("trim");
                } else if (method.getName().equals("read")) {
                  asked.add((int) arguments[0] == ALL ? "read of all" : "read");
                }
                try {
                  return method.invoke(store, arguments);
                } catch (InvocationTargetException e) {
                  throw (Exception) e.getCause();
                }
              }));
    }
  }

  private final Watched watched = new Watched();
  private final TestDatabase db;

  FirstReadTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void a_new_stream_is_read_in_two_leaves() throws Exception {
    try (var bench = new HolderBench(db, watched::over)) {
      var reader = bench.follow(bench.granted(null));
      bench.send("1");

      assertThat(reader.await(1)).containsExactly("1");
      assertThat(watched.asked).startsWith("trim", "claim", "read").doesNotContain("read of all");
    }
  }

  @Test
  void a_stream_that_was_read_to_its_end_is_read_in_two_leaves() throws Exception {
    try (var bench = new HolderBench(db, watched::over)) {
      bench.send("1");
      var first = bench.follow(bench.granted(null));
      assertThat(first.await(1)).containsExactly("1");
      first.leave(ClientGone.Cause.LEFT);
      watched.asked.clear();

      var next = bench.follow(bench.granted(null));
      bench.send("2");

      assertThat(next.await(1)).containsExactly("2");
      assertThat(watched.asked).startsWith("trim", "claim", "read").doesNotContain("read of all");
    }
  }

  @Test
  void what_is_kept_is_read_in_all_leaves() throws Exception {
    try (var bench = new HolderBench(db, watched::over)) {
      bench.send("1");
      move(bench);
      move(bench);

      assertThat(bench.follow(bench.granted(null)).await(1)).containsExactly("1");
    }
  }

  /// Method: another instance, which knows of no holder, publishes between the look at what is kept
  /// and the claim.
  @Test
  void what_is_published_before_the_claim_is_found() throws Exception {
    try (var bench = new HolderBench(db, watched::over)) {
      watched.beforeClaim.set(() -> publish(bench, "1"));

      assertThat(bench.follow(bench.granted(null)).await(1)).containsExactly("1");
    }
  }

  /// The same, and the writing moves on twice before the first read.
  @Test
  void what_is_published_before_the_slot_changes_twice_is_found() throws Exception {
    try (var bench = new HolderBench(db, watched::over)) {
      watched.beforeClaim.set(() -> {
        publish(bench, "1");
        move(bench);
        move(bench);
      });

      assertThat(bench.follow(bench.granted(null)).await(1)).containsExactly("1");
    }
  }

  @Test
  void a_stream_that_there_is_not_is_not_claimed() throws Exception {
    try (var bench = new HolderBench(db, watched::over)) {
      var none = new EventId(new StreamId(Integer.MAX_VALUE), 0, 0);

      assertThat(bench.claim(none)).isEqualTo(new Claim.Unknown());
      assertThat(watched.asked).containsExactly("trim");
    }
  }

  /// Goal: the number of messages kept holds for whoever comes while its stream is locked.
  @Test
  void a_stream_that_is_locked_is_trimmed_all_the_same() throws Exception {
    try (var bench = new HolderBench(db, 2, watched::over)) {
      for (var text : List.of("1", "2", "3", "4")) {
        bench.send(text);
      }
      ClaimedStream held;
      try (var other =
          OpenTransaction.on(
              db,
              "select from trunkline.streams where stream_id = ? for no key update",
              bench.session.standaloneStream().value())) {
        var waits = other.block(() -> bench.granted(null));
        other.commit();
        held = waits.get();
      }

      assertThat(bench.follow(held).await(2)).containsExactly("3", "4");
    }
  }

  private static void publish(HolderBench bench, String text) {
    var messages = new MessageRows(bench.database());
    var stream = bench.session.standaloneStream();
    var write =
        new StreamWrite.Notice(stream, StreamWrite.ANYBODY, text.getBytes(StandardCharsets.UTF_8));
    var key = new BatchKey(1 << 20, System.nanoTime(), messages.currentSlot());
    var _ = messages.publish(key, List.of(write));
  }

  private static void move(HolderBench bench) {
    assertThat(new SlotRows(bench.database()).advance(Duration.ZERO))
        .isInstanceOf(SlotAdvance.Moved.class);
  }
}
