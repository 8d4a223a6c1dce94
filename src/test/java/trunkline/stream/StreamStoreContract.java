package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.signal.InstanceId;
import trunkline.stream.StreamStore.ClaimRow;
import trunkline.stream.StreamStore.Holding;
import trunkline.stream.StreamStore.Position;
import trunkline.stream.StreamStore.Verdict;
import trunkline.stream.StreamStore.Wanted;

/// What a store of streams owes when holders follow each other (S10), whatever it is made of.
abstract class StreamStoreContract {
  private final Supplier<StoreBench> benches;
  private StoreBench bench;
  private StreamStore store;

  StreamStoreContract(Supplier<StoreBench> benches) {
    this.benches = benches;
    this.bench = benches.get();
    this.store = bench.streams();
  }

  @BeforeEach
  void begin() {
    bench.close();
    bench = benches.get();
    store = bench.streams();
  }

  @AfterEach
  void end() {
    bench.close();
  }

  private ClaimRow claim(int instance, @Nullable EventId from) {
    return store
        .claim(
            new Wanted(bench.session(), bench.standalone(), from, null, new InstanceId(instance)))
        .orElseThrow();
  }

  private Position position(long epoch, long own, @Nullable CloseReason closed) {
    return new Position(
        new Holding(bench.session(), bench.standalone(), epoch),
        new EventId(bench.standalone(), own, 0),
        closed);
  }

  private void write(long epoch, long own, @Nullable CloseReason closed) {
    List<Boolean> done = store.write(List.of(position(epoch, own, closed)));
    assertThat(done).containsExactly(true);
  }

  private String row() {
    return bench.state(bench.standalone());
  }

  /// As the claimer sees it while some instance lives.
  private boolean isSettled(long epoch) {
    var _ = bench.living();
    return !store.awaitsLastWord(bench.standalone(), epoch, null);
  }

  private long start(long epoch) {
    return store.settle(bench.standalone(), epoch).orElseThrow().own();
  }

  @Test
  void a_claim_says_whom_it_displaced_and_waits_for_nobody_where_nobody_was() {
    var first = claim(1, null);
    var second = claim(2, null);

    assertThat(first).matches(row -> row.settled() && row.formerInstance() == null);
    assertThat(second).matches(row -> !row.settled() && row.epoch() == first.epoch() + 1);
    assertThat(second.formerInstance()).isEqualTo(new InstanceId(1));
  }

  @Test
  void the_last_word_of_a_superseded_holder_is_where_the_next_one_starts() {
    var former = claim(1, null).epoch();
    write(former, 3, null);
    var epoch = claim(2, null).epoch();

    assertThat(isSettled(epoch)).isFalse();
    write(former, 7, CloseReason.TAKEN_OVER);

    assertThat(isSettled(epoch)).isTrue();
    assertThat(start(epoch)).isEqualTo(7);
  }

  /// Nobody waits for the dead: the position of their last flush counts.
  @ParameterizedTest
  @EnumSource
  void a_last_word_is_awaited_while_the_former_holder_lives(StoreBench.Gone how) {
    var former = bench.living();
    var _ = bench.living();
    claim(former.value(), null);
    var epoch = claim(2, null).epoch();

    assertThat(store.awaitsLastWord(bench.standalone(), epoch, former)).isTrue();
    bench.end(former, how);

    assertThat(store.awaitsLastWord(bench.standalone(), epoch, former)).isFalse();
  }

  /// The claimer waited in vain and began at the last flush; what it says counts from then on.
  @Test
  void a_last_word_that_comes_after_the_settling_moves_nothing() {
    var former = claim(1, null).epoch();
    write(former, 3, null);
    var epoch = claim(2, null).epoch();
    assertThat(start(epoch)).isEqualTo(3);

    write(former, 7, CloseReason.TAKEN_OVER);

    assertThat(start(claim(3, null).epoch())).isEqualTo(3);
  }

  @Test
  void a_client_that_names_its_event_overrules_the_former_holder() {
    var former = claim(1, null).epoch();
    write(former, 3, null);
    var resumed = claim(2, new EventId(bench.standalone(), 0, 0));

    write(former, 7, CloseReason.TAKEN_OVER);

    assertThat(resumed.settled()).isTrue();
    assertThat(start(claim(3, null).epoch())).isZero();
  }

  /// Two GETs in one moment: the claim in between never began to read, so the former holder is the
  /// last that did.
  @Test
  void a_last_word_counts_until_a_later_holder_has_begun() {
    var former = claim(1, null).epoch();
    claim(2, null);
    var epoch = claim(3, null).epoch();

    write(former, 7, CloseReason.TAKEN_OVER);

    assertThat(isSettled(epoch)).isTrue();
    assertThat(start(epoch)).isEqualTo(7);
  }

  @Test
  void a_last_word_no_longer_counts_when_a_later_holder_has_begun() {
    var former = claim(1, null).epoch();
    write(former, 3, null);
    start(claim(2, null).epoch());
    var epoch = claim(3, null).epoch();

    write(former, 7, CloseReason.TAKEN_OVER);

    assertThat(isSettled(epoch)).isFalse();
    assertThat(start(epoch)).isEqualTo(3);
  }

  @Test
  void a_last_word_no_longer_counts_when_a_later_holder_was_given_an_id() {
    var former = claim(1, null).epoch();
    claim(2, new EventId(bench.standalone(), 0, 0));
    var epoch = claim(3, null).epoch();

    write(former, 7, CloseReason.TAKEN_OVER);

    assertThat(isSettled(epoch)).isFalse();
    assertThat(start(epoch)).isZero();
  }

  @Test
  void a_flush_of_a_superseded_holder_is_no_last_word() {
    var former = claim(1, null).epoch();
    var epoch = claim(2, null).epoch();

    write(former, 7, null);

    assertThat(isSettled(epoch)).isFalse();
    assertThat(start(epoch)).isZero();
  }

  /// Goal: a place that this database does not know, as after the promotion of a standby that had
  /// not got the last message, is never taken for a known one. Method: lose it, raise the base, go
  /// on.
  @Test
  void a_place_of_a_lost_future_is_noticed_also_when_ids_have_passed_it() {
    var messages = bench.messages();
    var call = bench.callStream(1);
    var ids = new ArrayList<List<Long>>();
    for (var text : List.of("kept", "lost", "after")) {
      if (text.equals("after")) {
        bench.lose("lost");
      }
      var batch =
          List.of(
              StoreBench.message(bench.standalone(), text),
              StoreBench.written(call, 1, text, false));
      ids.add(
          messages.publish(bench.key(), batch).outcomes().stream()
              .map(outcome -> ((Published.Stored) outcome).eventId())
              .toList());
    }

    for (var place = 0; place < 3; place++) {
      var known = place != 1;
      var own = new EventId(bench.standalone(), ids.get(place).getFirst(), 0);
      var claimed = claim(1, own);
      assertThat(claimed.verdict()).isEqualTo(known ? Verdict.GRANTED : Verdict.LOST);
      assertThat(claimed.known()).isEqualTo(known ? null : own.withOwn(ids.get(0).getFirst()));
      assertThat(
              store
                  .claim(
                      new Wanted(
                          bench.session(),
                          call,
                          new EventId(call, ids.get(place).getLast(), 0),
                          null,
                          new InstanceId(1)))
                  .orElseThrow()
                  .verdict())
          .isEqualTo(known ? Verdict.GRANTED : Verdict.GAP);
    }
  }

  /// PostgreSQL updates a row once in a statement, so two rows for it must have become one before.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_flush_and_the_close_of_one_batch_close(boolean closeFirst) {
    var epoch = claim(1, null).epoch();
    var flush = position(epoch, 3, null);
    var close = position(epoch, 7, CloseReason.CLIENT_LEFT);

    store.write(closeFirst ? List.of(close, flush) : List.of(flush, close));

    assertThat(row()).isEqualTo("free, client left, at 7");
  }

  @Test
  void the_words_of_two_holders_of_one_batch_both_count() {
    var former = claim(1, null).epoch();
    var epoch = claim(2, null).epoch();

    store.write(
        List.of(
            position(former, 7, CloseReason.TAKEN_OVER),
            position(epoch, 7, CloseReason.CLIENT_LEFT)));

    assertThat(row()).isEqualTo("free, client left, at 7");
  }

  @Test
  void a_late_flush_leaves_a_close_as_it_is() {
    var epoch = claim(1, null).epoch();
    write(epoch, 7, CloseReason.CLIENT_LEFT);

    write(epoch, 3, null);

    assertThat(row()).isEqualTo("free, client left, at 7");
  }

  @Test
  void the_first_reason_of_a_close_stays_and_the_furthest_position_too() {
    var epoch = claim(1, null).epoch();
    write(epoch, 5, CloseReason.DRAINED);

    write(epoch, 7, CloseReason.CLIENT_LEFT);

    assertThat(row()).isEqualTo("free, drained, at 7");
  }

  /// The snapshot of a statement that waits is older than what it waited for.
  @Test
  void a_word_that_waited_for_the_next_claim_is_the_word_of_a_former_holder() throws Exception {
    var former = claim(1, null).epoch();
    Future<Boolean> word;
    try (var next = bench.locking(bench.standalone())) {
      next.claim(2);
      var last = List.of(position(former, 7, CloseReason.TAKEN_OVER));
      word =
          next.block(() -> {
            while (!store
                .write(last)
                .getFirst()) {} // as the product does when the lock took too long
            return true;
          });
    }
    word.get();

    assertThat(row()).isEqualTo("held by 2, open, at 7");
    assertThat(isSettled(former + 1)).isTrue();
  }

  /// Goal: claims of many are judged as each alone would be, and none is lost or doubled. Method:
  /// one statement for a stream that nobody holds, the same again, a call's stream from a place,
  /// and a stranger's.
  @Test
  void claims_of_many_are_each_judged_as_if_alone() {
    try (var stranger = bench.stranger()) {
      var call = bench.stream();
      var first = claim(1, null);
      write(first.epoch(), 5, CloseReason.CLIENT_LEFT);

      List<Optional<ClaimRow>> claimed =
          store.claim(
              List.of(
                  new Wanted(bench.session(), bench.standalone(), null, null, new InstanceId(1)),
                  new Wanted(bench.session(), bench.standalone(), null, null, new InstanceId(2)),
                  new Wanted(
                      bench.session(), call, new EventId(call, 0, 0), null, new InstanceId(3)),
                  new Wanted(stranger.session(), call, null, null, new InstanceId(4))));

      assertThat(claimed).extracting(Optional::isPresent).containsExactly(true, false, true, false);
      var again = claimed.get(0).orElseThrow();
      assertThat(again.epoch()).isEqualTo(first.epoch() + 1);
      assertThat(again.start())
          .as("settled at once")
          .isNotNull()
          .satisfies(start -> assertThat(Objects.requireNonNull(start).own()).isEqualTo(5));
      assertThat(claimed.get(2).orElseThrow().epoch()).isPositive();
      assertThat(claim(2, null).formerInstance()).isEqualTo(new InstanceId(1));
    }
  }

  @Test
  void another_sessions_stream_cannot_be_claimed() {
    try (var stranger = bench.stranger()) {
      Optional<ClaimRow> claimed =
          store.claim(
              new Wanted(stranger.session(), bench.standalone(), null, null, new InstanceId(1)));
      assertThat(claimed).isEmpty();
    }
  }

  /// Goal: two holders never share an epoch, or each would read for the other. Method: a standby is
  /// promoted that has not got the latest claim, whose holder does not know it; somebody claims.
  @Test
  void no_epoch_is_given_twice_though_a_claim_was_lost() {
    claim(1, null);
    var lost = claim(2, null).epoch();
    bench.loseClaim(bench.standalone());

    var next = claim(3, null).epoch();

    assertThat(next).isGreaterThan(lost);
    assertThat(claim(3, null).epoch()).isEqualTo(next + 1);
  }
}
