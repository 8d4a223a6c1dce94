package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.DatabaseUnavailable;
import trunkline.stream.MessageStore.BatchAnswer;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.testing.TestDatabase;

class PublishLaneTest {
  private static final AtomicInteger INSTANCES = new AtomicInteger(100);

  private final Bench bench;
  private final MessageStore store;

  PublishLaneTest(TestDatabase db) {
    this.bench = new Bench(db);
    this.store = new MessageRows(bench.database);
  }

  @AfterEach
  void end() {
    bench.close();
  }

  /// A writer's batches are numbered from 1, so each lane is another instance's.
  private PublishLane lane(MessageStore messages) {
    var writer = INSTANCES.incrementAndGet();
    return new PublishLane(
        0,
        () -> new InstanceId(writer),
        new BatchSender(messages, new CurrentSlot(messages), () -> false),
        _ -> {});
  }

  private List<String> stored(StreamId stream) {
    return bench
        .db
        .sql(
            "select convert_from(payload, 'UTF8') from trunkline.outbound_messages where stream_id = ? order by event_id",
            stream.value())
        .column();
  }

  private static Published get(CompletableFuture<Published> outcome) throws Exception {
    return outcome.get(20, TimeUnit.SECONDS);
  }

  /// Goal: a stream that somebody keeps locked delays nobody else (S15). Method: lock one row, hand
  /// in messages for it and for another stream.
  @Test
  void a_locked_stream_waits_alone_and_keeps_its_order() throws Exception {
    var busy = bench.stream();
    var free = bench.stream();
    try (var lane = lane(store)) {
      var waiting = new ArrayList<CompletableFuture<Published>>();
      try (var _ = bench.locking(busy)) {
        for (int i = 0; i < 5; i++) {
          waiting.add(lane.submit(Bench.message(busy, "busy " + i)));
          get(lane.submit(Bench.message(free, "free " + i)));
        }
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
      }
      for (var outcome : waiting) {
        assertThat(get(outcome)).isInstanceOf(Published.Stored.class);
      }
    }
    assertThat(stored(busy)).containsExactly("busy 0", "busy 1", "busy 2", "busy 3", "busy 4");
    assertThat(stored(free)).hasSize(5);
  }

  @Test
  void a_bad_message_fails_alone() throws Exception {
    var stream = bench.stream();
    try (var lane = lane(store)) {
      CompletableFuture<Published> good;
      CompletableFuture<Published> bad;
      CompletableFuture<Published> alsoGood;
      try (var _ = bench.locking(stream)) { // so that they meet in one batch
        good = lane.submit(Bench.message(stream, "good"));
        bad = lane.submit(Bench.message(stream, "b\nad"));
        alsoGood = lane.submit(Bench.message(stream, "also good"));
      }
      assertThat(get(good)).isInstanceOf(Published.Stored.class);
      assertThatThrownBy(() -> get(bad)).isInstanceOf(ExecutionException.class);
      assertThat(get(alsoGood)).isInstanceOf(Published.Stored.class);
    }
    assertThat(stored(stream)).containsExactly("good", "also good");
  }

  /// Goal: a commit whose answer was lost is one copy (S4). Method: the store commits, then says
  /// that the connection broke; twice, and the slot rotates in between.
  @Test
  void a_lost_answer_is_asked_for_again_under_the_same_key() throws Exception {
    var stream = bench.stream();
    var attempts = new AtomicInteger();
    var lossy =
        new MessageRows(bench.database) {
          @Override
          public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
            var answer = super.publish(key, batch);
            if (attempts.incrementAndGet() == 1) {
              bench.db.sql("update trunkline.control set current_slot = 1");
              throw new DatabaseUnavailable("the answer is lost");
            }
            return answer;
          }
        };
    try (var lane = lane(lossy)) {
      assertThat(get(lane.submit(Bench.message(stream, "once"))))
          .isInstanceOf(Published.Stored.class);
    } finally {
      bench.db.sql("update trunkline.control set current_slot = 0");
    }
    assertThat(stored(stream)).containsExactly("once");
  }

  @Test
  void what_is_handed_in_while_a_batch_is_in_flight_is_the_next_batch() throws Exception {
    var stream = bench.stream();
    var batches = new AtomicInteger();
    var counting =
        new MessageRows(bench.database) {
          @Override
          public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
            batches.incrementAndGet();
            return super.publish(key, batch);
          }
        };
    try (var lane = lane(counting)) {
      var outcomes = new ArrayList<CompletableFuture<Published>>();
      try (var _ = bench.locking(stream)) {
        for (int i = 0; i < 60; i++) {
          outcomes.add(lane.submit(Bench.message(stream, "m" + i)));
        }
      }
      for (var outcome : outcomes) {
        get(outcome);
      }
    }
    assertThat(stored(stream)).hasSize(60);
    assertThat(batches.get()).isLessThan(20);
  }
}
