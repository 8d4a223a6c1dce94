package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.StatementRefused;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.stream.MessageStore.Page;
import trunkline.stream.MessageStore.ReadRequest;
import trunkline.stream.SlotRows.SlotAdvance;

/// What a store of slots owes, whatever it is made of: what is kept, where the writing goes, and
/// that nothing is emptied whose floor was not raised (S11).
abstract class SlotStoreContract {
  private static final int SLOTS = 8;
  private static final int ALL = -1;
  private static final Duration HOUR = Duration.ofHours(1);

  private final StoreBench bench;

  SlotStoreContract(Supplier<StoreBench> benches) {
    this.bench = benches.get();
  }

  @AfterEach
  void end() {
    bench.close();
  }

  private Slots.Store slots() {
    return bench.slots();
  }

  /// In the slot that is being written, and remembered there.
  private void publish(StreamId stream, String... texts) {
    var key = bench.key();
    bench
        .messages()
        .publish(
            new BatchKey(key.writer(), key.number(), slot()),
            List.of(texts).stream().map(text -> StoreBench.message(stream, text)).toList());
  }

  private Page.Found page(StreamId stream) {
    var all = new ReadRequest(stream, 0, 0);
    return (Page.Found) bench.messages().read(ALL, List.of(all)).getFirst();
  }

  private List<String> texts(StreamId stream) {
    return page(stream).messages().stream().map(StoreBench::text).toList();
  }

  private int slot() {
    return bench.messages().currentSlot();
  }

  private int advance() {
    return ((SlotAdvance.Moved) slots().advance(Duration.ZERO)).slot();
  }

  private void trim(SessionKey session, StreamId stream, int keep) {
    var _ = slots().trim(List.of(wanted(session, stream)), keep);
  }

  private static StreamStore.Wanted wanted(SessionKey session, StreamId stream) {
    return new StreamStore.Wanted(session, stream, null, null, new InstanceId(1));
  }

  @Test
  void a_stream_keeps_its_latest() {
    var stream = bench.stream();
    publish(stream, "1", "2", "3");
    var first = page(stream).messages().getFirst().eventId();

    trim(bench.session(), stream, 2);

    assertThat(page(stream).trimmedThrough()).isEqualTo(first);
    trim(bench.session(), stream, 5);
    assertThat(page(stream).trimmedThrough()).as("never back").isEqualTo(first);
  }

  @Test
  void what_is_kept_of_each_is_said() {
    var empty = bench.stream();
    var full = bench.stream();
    publish(full, "1", "2");
    var newest = page(full).messages().getLast().eventId();
    try (var stranger = bench.stranger()) {
      var kept =
          slots()
              .trim(
                  List.of(
                      wanted(bench.session(), full),
                      wanted(stranger.session(), full),
                      wanted(bench.session(), empty)),
                  9);

      assertThat(kept)
          .containsExactly(
              Optional.of(new Slots.Kept(newest, slot(), false)),
              Optional.empty(),
              Optional.of(new Slots.Kept(0, slot(), false)));
      assertThat(slots().trim(wanted(bench.session(), full), 9)).isEqualTo(kept.getFirst());
    }
  }

  /// Goal: the number of messages kept holds also for a reader that comes while somebody locks the
  /// stream. Method: together with others it is said to be locked, alone it is waited for.
  @Test
  void a_locked_stream_is_trimmed_by_whoever_waits_for_it() throws Exception {
    var stream = bench.stream();
    publish(stream, "1", "2", "3");
    var wanted = wanted(bench.session(), stream);
    Future<Optional<Slots.Kept>> waits;
    try (var other = bench.locking(stream)) {
      assertThat(slots().trim(List.of(wanted), 1).getFirst().orElseThrow().locked()).isTrue();
      assertThat(texts(stream)).hasSize(3);
      assertThat(page(stream).trimmedThrough()).isZero();
      waits = other.block(() -> slots().trim(wanted, 1));
    }

    assertThat(waits.get(10, TimeUnit.SECONDS).orElseThrow().locked()).isFalse();
    assertThat(page(stream).trimmedThrough()).isEqualTo(page(stream).messages().get(1).eventId());
  }

  @Test
  void a_stream_of_another_session_is_left_alone() {
    var stream = bench.stream();
    publish(stream, "1", "2");
    try (var stranger = bench.stranger()) {
      trim(stranger.session(), stream, 1);
    }
    assertThat(page(stream).trimmedThrough()).isZero();
  }

  @Test
  void the_writing_moves_on_when_its_slot_is_old_enough() {
    var before = advance(); // just now

    assertThat(slots().advance(HOUR)).isEqualTo(new SlotAdvance.NotYet());
    assertThat(slot()).isEqualTo(before);

    assertThat(advance()).isEqualTo((before + 1) % SLOTS).isEqualTo(slot());
  }

  @Test
  void the_writing_does_not_enter_a_slot_that_holds_something() {
    var stream = bench.stream();
    var first = slot();
    for (var turn = 0; turn < SLOTS - 1; turn++) {
      publish(stream, "in " + slot());
      advance();
    }

    assertThat(slots().advance(Duration.ZERO)).isEqualTo(new SlotAdvance.Full(first));
    assertThat(texts(stream)).hasSize(SLOTS - 1);
  }

  /// Also where only a batch is remembered, which somebody may look for.
  @Test
  void a_slot_is_emptied_when_the_floors_are_above_it() {
    var one = bench.stream();
    var other = bench.stream();
    var old = slot();
    publish(one, "old");
    publish(other, "old");
    advance();
    publish(one, "new");

    assertThat(slots().truncate(old, HOUR)).as("needed").isFalse();
    assertThat(texts(one)).containsExactly("old", "new");

    var last = slots().retire(old, 0, 100);
    assertThat(last).isEqualTo(other.value());
    assertThat(page(one).trimmedThrough()).isEqualTo(page(one).messages().getFirst().eventId());
    assertThat(slots().retire(old, last, 100)).as("no more").isZero();
    assertThat(slots().truncate(old, HOUR)).isTrue();

    assertThat(texts(one)).containsExactly("new");
    assertThat(texts(other)).isEmpty();
    for (var turn = 0; turn < SLOTS - 1; turn++) {
      assertThat(slots().advance(Duration.ZERO)).isInstanceOf(SlotAdvance.Moved.class);
    }
  }

  @Test
  void floors_are_raised_so_many_at_a_time() {
    var old = slot();
    publish(bench.stream(), "1", "1");
    var second = bench.stream();
    publish(second, "2");
    var third = bench.stream();
    publish(third, "3");
    advance();

    assertThat(slots().retire(old, 0, 2)).isEqualTo(second.value());
    assertThat(slots().truncate(old, HOUR)).as("the third is needed").isFalse();
    assertThat(slots().retire(old, second.value(), 2)).isEqualTo(third.value());
    assertThat(slots().truncate(old, HOUR)).isTrue();
  }

  @Test
  void the_slot_that_is_written_is_never_emptied() {
    assertThatThrownBy(() -> slots().truncate(slot(), HOUR)).isInstanceOf(StatementRefused.class);
  }
}
