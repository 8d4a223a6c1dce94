package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.DatabaseBusy;
import trunkline.stream.MessageStore.BatchAnswer;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.stream.MessageStore.Page;
import trunkline.stream.MessageStore.ReadRequest;
import trunkline.stream.Published.Refused;
import trunkline.stream.Published.Stored;

/// What a store of messages owes, whatever it is made of.
abstract class MessageStoreContract {
  private static final int WRITERS = 4;
  private static final int BATCHES_EACH = 150;
  private static final int ALL = -1;
  private static final String LARGE = "x".repeat(1 << 20);

  private final Supplier<StoreBench> benches;
  private StoreBench bench;
  private MessageStore store;

  MessageStoreContract(Supplier<StoreBench> benches) {
    this.benches = benches;
    this.bench = benches.get();
    this.store = bench.messages();
  }

  @BeforeEach
  void begin() {
    bench.close();
    bench = benches.get();
    store = bench.messages();
  }

  @AfterEach
  void end() {
    bench.close();
  }

  private BatchAnswer publish(StreamWrite... messages) {
    return store.publish(bench.key(), List.of(messages));
  }

  private Page.Found read(StreamId stream, long epoch, long after) {
    return (Page.Found) store.read(ALL, List.of(new ReadRequest(stream, epoch, after))).getFirst();
  }

  private static List<String> texts(Page.Found page) {
    return page.messages().stream().map(StoreBench::text).toList();
  }

  @Test
  void a_batch_keeps_its_order_although_it_names_a_stream_twice() {
    var x = bench.stream();
    var y = bench.stream();

    publish(
        StoreBench.message(y, "1"),
        StoreBench.message(x, "2"),
        StoreBench.message(y, "3"),
        StoreBench.message(x, "4"));

    assertThat(texts(read(x, 0, 0))).containsExactly("2", "4");
    assertThat(texts(read(y, 0, 0))).containsExactly("1", "3");
  }

  /// Goal: whoever sees an id of a stream sees every earlier one. Method: four writers of one
  /// stream race, a reader moves its cursor to the newest id it sees and never looks back.
  @Test
  void a_reader_that_never_looks_back_misses_nothing() throws Exception {
    var stream = bench.stream();
    var seen = new ArrayList<Long>();
    try (var writers = Executors.newFixedThreadPool(WRITERS)) {
      var written = new ArrayList<Future<?>>();
      for (int writer = 0; writer < WRITERS; writer++) {
        written.add(writers.submit(() -> write(stream)));
      }
      while (written.stream().anyMatch(w -> !w.isDone())) {
        follow(stream, seen);
      }
      for (var w : written) {
        w.get();
      }
    }
    int before;
    do { // a read is a page
      before = seen.size();
      follow(stream, seen);
    } while (seen.size() > before);

    assertThat(seen).hasSize(WRITERS * BATCHES_EACH).isSorted().doesNotHaveDuplicates();
  }

  private void write(StreamId stream) {
    for (int batch = 0; batch < BATCHES_EACH; batch++) {
      publishWhenItCan(stream);
    }
  }

  /// As whoever publishes does: nothing was stored, and on a busy machine the others hold the
  /// stream for longer than a statement waits.
  private void publishWhenItCan(StreamId stream) {
    while (true) {
      try {
        publish(StoreBench.message(stream, "x"));
        return;
      } catch (DatabaseBusy _) {
        Thread.onSpinWait();
      }
    }
  }

  private void follow(StreamId stream, List<Long> seen) {
    var after = seen.isEmpty() ? 0 : seen.getLast();
    read(stream, 0, after).messages().forEach(message -> seen.add(message.eventId()));
  }

  /// Goal: ids are drawn under the locks, not before (S2). Method: a batch for two streams waits
  /// for the first of them, while somebody else stores into the second.
  @Test
  void a_batch_that_had_to_wait_comes_after_what_was_stored_meanwhile() throws Exception {
    var x = bench.stream();
    var y = bench.stream();
    Future<BatchAnswer> waiting;
    try (var busy = bench.locking(x)) {
      waiting =
          busy.block(() ->
              publishWithPatience(
                  bench.key(), StoreBench.message(y, "2"), StoreBench.message(x, "2")));
      publish(StoreBench.message(y, "1"));
    }
    waiting.get(10, TimeUnit.SECONDS);

    assertThat(texts(read(y, 0, 0))).containsExactly("1", "2");
  }

  /// Waits for locks as long as it takes: what was refused for one is sent again.
  private BatchAnswer publishWithPatience(BatchKey key, StreamWrite... messages) {
    while (true) {
      try {
        return store.publish(key, List.of(messages));
      } catch (DatabaseBusy _) {
        // again
      }
    }
  }

  @Test
  void a_former_writer_is_refused_and_the_rest_of_its_batch_is_not() {
    var call = bench.callStream(2);
    var other = bench.stream();

    var outcomes =
        publish(
                StoreBench.written(call, 1, "from the dead", true),
                StoreBench.message(other, "alive"))
            .outcomes();

    assertThat(outcomes.get(0)).isInstanceOf(Refused.class);
    assertThat(outcomes.get(1)).isInstanceOf(Stored.class);
    assertThat(read(call, 0, 0)).matches(page -> !page.finished() && page.messages().isEmpty());
  }

  /// Goal: what is sent alone, by a statement of its own, has the answer that it has among others.
  @Test
  void a_message_alone_is_judged_as_among_others() {
    var call = bench.callStream(2);
    var held = bench.stream();
    bench.hold(held, 9);
    var key = bench.key();
    var alone = List.of(StoreBench.message(held, "alone"));

    var former = publish(StoreBench.written(call, 1, "from the dead", false));
    var first = store.publish(key, alone);
    var again = store.publish(key, alone);

    assertThat(former.outcomes()).containsExactly(new Refused());
    assertThat(read(call, 0, 0)).matches(page -> page.messages().isEmpty());
    assertThat(first.outcomes().getFirst()).isInstanceOf(Stored.class);
    assertThat(first.holders()).containsExactly(new BatchAnswer.HeldBy(held, new InstanceId(9), 0));
    assertThat(again.outcomes()).isEqualTo(first.outcomes());
    assertThat(texts(read(held, 0, 0))).containsExactly("alone");
  }

  /// The store may have a statement of its own for notices.
  @Test
  void a_former_writers_notice_among_notices_is_refused_and_the_others_keep_their_order() {
    var call = bench.callStream(2);
    var other = bench.stream();

    var outcomes =
        publish(
                StoreBench.message(other, "1"),
                StoreBench.written(call, 1, "from the dead", false),
                StoreBench.message(other, "2"),
                StoreBench.written(call, 2, "from the living", false))
            .outcomes();

    assertThat(outcomes.get(1)).isInstanceOf(Refused.class);
    assertThat(List.of(outcomes.get(0), outcomes.get(2), outcomes.get(3)))
        .isEqualTo(
            Stream.concat(
                    read(other, 0, 0).messages().stream(), read(call, 0, 0).messages().stream())
                .map(message -> new Stored(message.eventId()))
                .toList());
    assertThat(texts(read(other, 0, 0))).containsExactly("1", "2");
    assertThat(texts(read(call, 0, 0))).containsExactly("from the living");
  }

  @Test
  void an_end_in_a_batch_changes_nothing_for_its_notices() {
    var call = bench.callStream(1);
    var other = bench.stream();

    publish(
        StoreBench.message(other, "1"),
        StoreBench.written(call, 1, "the last", true),
        StoreBench.message(other, "2"));

    assertThat(texts(read(other, 0, 0))).containsExactly("1", "2");
    assertThat(read(call, 0, 0).finished()).isTrue();
  }

  @Test
  void the_last_message_and_the_end_are_seen_together_and_nothing_follows() {
    var call = bench.callStream(1);

    publish(StoreBench.written(call, 1, "final", true));
    var late = publish(StoreBench.written(call, 1, "late", false)).outcomes();

    assertThat(late.getFirst()).isInstanceOf(Refused.class);
    var page = read(call, 0, 0);
    assertThat(page.finished()).isTrue();
    assertThat(texts(page)).containsExactly("final");
  }

  @Test
  void the_same_batch_sent_again_gives_its_first_answer_and_one_copy() {
    var call = bench.callStream(2);
    var stream = bench.stream();
    var batch =
        List.of(StoreBench.written(call, 1, "refused", false), StoreBench.message(stream, "once"));
    var key = bench.key();
    bench.hold(stream, 9);

    var first = store.publish(key, batch);
    var again = store.publish(key, batch);

    assertThat(again.outcomes()).isEqualTo(first.outcomes());
    assertThat(again.holders())
        .as("whom to wake, because nobody may have done so")
        .containsExactly(new BatchAnswer.HeldBy(stream, new InstanceId(9), 0))
        .isEqualTo(first.holders());
    assertThat(texts(read(stream, 0, 0))).containsExactly("once");
  }

  /// An attempt whose connection died may still be running when it is repeated.
  @Test
  void of_two_attempts_at_the_same_time_one_stores() throws Exception {
    var stream = bench.stream();
    var message = StoreBench.message(stream, "once");
    var key = bench.key();
    try (var threads = Executors.newFixedThreadPool(2)) {
      List<Future<BatchAnswer>> attempts;
      try (var _ = bench.locking(stream)) {
        attempts =
            List.of(
                threads.submit(() -> publishWithPatience(key, message)),
                threads.submit(() -> publishWithPatience(key, message)));
      }
      assertThat(attempts.get(0).get()).isEqualTo(attempts.get(1).get());
    }
    assertThat(texts(read(stream, 0, 0))).containsExactly("once");
  }

  @Test
  void a_stored_batch_is_settled_by_what_it_did() {
    var call = bench.callStream(2);
    var stream = bench.stream();
    var batch =
        List.of(StoreBench.written(call, 1, "refused", false), StoreBench.message(stream, "once"));
    var key = bench.key();

    var first = store.publish(key, batch);

    assertThat(store.settle(key, batch)).contains(first);
  }

  /// Goal: "nothing is stored" stays true. Method: an attempt comes late, after the question was
  /// asked; and the question is asked again, as after a lost answer.
  @Test
  void a_batch_that_was_settled_as_not_stored_is_never_stored() {
    var stream = bench.stream();
    var batch = List.of(StoreBench.message(stream, "late"));
    var key = bench.key();

    assertThat(store.settle(key, batch)).isEmpty();

    assertThatThrownBy(() -> store.publish(key, batch)).hasMessageContaining("publish_batches");
    assertThat(store.settle(key, batch)).isEmpty();
    assertThat(texts(read(stream, 0, 0))).isEmpty();
  }

  @Test
  void a_line_break_is_refused_because_it_would_forge_an_event() {
    var stream = bench.stream();

    assertThatThrownBy(() -> publish(StoreBench.message(stream, "data\nid: 1")))
        .hasMessageContaining("outbound_messages_one_line_ck");
    assertThatThrownBy(() -> publish(StoreBench.message(stream, "data\rid: 1")))
        .hasMessageContaining("outbound_messages_one_line_ck");
  }

  @Test
  void another_epoch_reads_nothing() {
    publish(StoreBench.message(bench.standalone(), "x"));

    var page = store.read(ALL, List.of(new ReadRequest(bench.standalone(), 7, 0))).getFirst();

    assertThat(page).isInstanceOf(Page.Superseded.class);
  }

  @Test
  void pages_are_bounded_in_rows_and_bytes_and_say_so() {
    var many = bench.stream();
    var big = bench.stream();
    for (int batch = 0; batch < 3; batch++) {
      var messages = new ArrayList<StreamWrite>();
      for (int i = 0; i < 100; i++) {
        messages.add(StoreBench.message(many, "x"));
      }
      messages.add(StoreBench.message(big, "y".repeat(200_000)));
      store.publish(bench.key(), messages);
    }

    var first = read(many, 0, 0);
    assertThat(first.full()).isTrue();
    assertThat(first.messages()).hasSize(200);
    var rest = read(many, 0, first.messages().getLast().eventId());
    assertThat(rest.full()).isFalse();
    assertThat(rest.messages()).hasSize(100);
    assertThat(read(big, 0, 0)).matches(page -> page.full() && page.messages().size() == 2);
  }

  @Test
  void only_streams_with_something_to_see_are_news() {
    var quiet = bench.stream();
    var loud = bench.stream();
    var ended = bench.callStream(1);
    publish(StoreBench.message(loud, "x"), StoreBench.written(ended, 1, "bye", true));

    var news =
        store.news(
            0,
            List.of(
                new ReadRequest(quiet, 0, 0),
                new ReadRequest(loud, 0, 0),
                new ReadRequest(ended, 0, Long.MAX_VALUE),
                new ReadRequest(bench.standalone(), 5, 0)));

    assertThat(news)
        .extracting(MessageStore.StreamReady::stream)
        .containsExactlyInAnyOrder(loud, ended, bench.standalone());
  }

  /// Goal: however many large messages wait for however many followers, one read is bounded.
  /// Method: five times two messages of a mebibyte; who got nothing or a part is told that there is
  /// more.
  @Test
  void a_read_is_bounded_in_bytes_and_says_who_has_to_come_again() {
    var streams = IntStream.range(0, 5).mapToObj(_ -> bench.stream()).toList();
    for (var stream : streams) {
      publish(StoreBench.message(stream, LARGE));
      publish(StoreBench.message(stream, LARGE));
    }

    var left =
        streams.stream().map(stream -> new ReadRequest(stream, 0, 0)).collect(Collectors.toList());
    var read = new ArrayList<Long>();
    var rounds = 0;
    while (!left.isEmpty()) {
      var pages = store.read(ALL, left);
      assertThat(pages.stream().mapToLong(page -> ((Page.Found) page).messages().size()).sum())
          .isLessThanOrEqualTo(4);
      for (var i = pages.size() - 1; i >= 0; i--) {
        var page = (Page.Found) pages.get(i);
        var asked = left.remove(i);
        page.messages().forEach(message -> read.add(message.eventId()));
        if (page.full()) {
          var after =
              page.messages().isEmpty() ? asked.after() : page.messages().getLast().eventId();
          left.add(new ReadRequest(asked.stream(), 0, after));
        }
      }
      assertThat(++rounds).isLessThan(20);
    }

    assertThat(read).hasSize(10).doesNotHaveDuplicates();
  }
}
