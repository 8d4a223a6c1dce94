package trunkline.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.stream.MessageStore.BatchAnswer;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

class PublishLaneTest {
  private static final AtomicInteger INSTANCES = new AtomicInteger(100);
  private static final Duration DOUBT_MAX = Duration.ofMinutes(5);

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
    return lane(messages, DOUBT_MAX);
  }

  private PublishLane lane(MessageStore messages, Duration doubtMax) {
    var writer = INSTANCES.incrementAndGet();
    return new PublishLane(
        0,
        () -> new InstanceId(writer),
        new BatchSender(messages, new CurrentSlot(messages), doubtMax, () -> false),
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

  private static DatabaseUnavailable lost() {
    return DatabaseUnavailable.doubtful("the answer is lost", new SQLException());
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
          waiting.add(lane.submit(StoreBench.message(busy, "busy " + i)));
          get(lane.submit(StoreBench.message(free, "free " + i)));
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

  /// Goal: the same for a call's row, which its answer finishes.
  @Test
  void the_answer_of_a_locked_call_waits_alone() throws Exception {
    var call = bench.call();
    var free = bench.stream();
    try (var lane = lane(store)) {
      CompletableFuture<Published> answer;
      try (var _ =
          OpenTransaction.on(
              bench.db, "select from trunkline.calls where call_id = ? for update", call.value())) {
        var stream =
            new StreamId(
                bench
                    .db
                    .sql("select stream_id from trunkline.calls where call_id = ?", call.value())
                    .number());
        answer =
            lane.submit(
                new StreamWrite.Answer(stream, StreamWrite.ANYBODY, new byte[] {'x'}, call, true));
        for (int i = 0; i < 10; i++) {
          lane.submit(StoreBench.message(free, "free " + i)).get(1, TimeUnit.SECONDS);
        }
        assertThat(answer).isNotDone();
      }
      assertThat(get(answer)).isInstanceOf(Published.Stored.class);
    }
  }

  @Test
  void a_bad_message_fails_alone() throws Exception {
    var stream = bench.stream();
    try (var lane = lane(store)) {
      CompletableFuture<Published> good;
      CompletableFuture<Published> bad;
      CompletableFuture<Published> alsoGood;
      try (var _ = bench.locking(stream)) { // so that they meet in one batch
        good = lane.submit(StoreBench.message(stream, "good"));
        bad = lane.submit(StoreBench.message(stream, "b\nad"));
        alsoGood = lane.submit(StoreBench.message(stream, "also good"));
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
              throw lost();
            }
            return answer;
          }
        };
    try (var lane = lane(lossy)) {
      assertThat(get(lane.submit(StoreBench.message(stream, "once"))))
          .isInstanceOf(Published.Stored.class);
    } finally {
      bench.db.sql("update trunkline.control set current_slot = 0");
    }
    assertThat(stored(stream)).containsExactly("once");
  }

  /// Goal: a lost answer delays the streams of its batch and no others, and its messages keep their
  /// order and are stored once. Method: the answer is lost of a batch for a stream whose row stays
  /// locked, and its statement goes on waiting for that lock, as the backend of a lost connection
  /// does.
  @Test
  void a_batch_in_doubt_delays_no_other_stream() throws Exception {
    var locked = bench.stream();
    var free = bench.stream();
    var zombie = new CompletableFuture<FutureTask<BatchAnswer>>();
    var lossy =
        new MessageRows(bench.database) {
          @Override
          public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
            if (!batch.getFirst().stream().equals(locked) || zombie.isDone()) {
              return super.publish(key, batch);
            }
            zombie.complete(OpenTransaction.start(() -> publishWithPatience(key, batch)));
            throw lost();
          }
        };
    try (var lane = lane(lossy)) {
      CompletableFuture<Published> first;
      CompletableFuture<Published> second;
      try (var _ = bench.locking(locked)) {
        first = lane.submit(StoreBench.message(locked, "first"));
        second = lane.submit(StoreBench.message(locked, "second"));
        for (int i = 0; i < 40; i++) {
          lane.submit(StoreBench.message(free, "free " + i)).get(5, TimeUnit.SECONDS);
        }
        assertThat(List.of(first, second)).noneMatch(CompletableFuture::isDone);
      }
      assertThat(get(first)).isInstanceOf(Published.Stored.class);
      assertThat(get(second)).isInstanceOf(Published.Stored.class);
    }
    assertThatThrownBy(() -> zombie.get().get(10, TimeUnit.SECONDS))
        .hasMessageContaining("publish_batches");
    assertThat(stored(locked)).containsExactly("first", "second");
    assertThat(stored(free)).hasSize(40);
  }

  /// Waits for locks as long as it takes.
  private BatchAnswer publishWithPatience(BatchKey key, List<StreamWrite> batch) {
    while (true) {
      try {
        return store.publish(key, batch);
      } catch (DatabaseBusy e) {
        // again
      }
    }
  }

  /// Goal: a lost answer costs no good message its place. Method: the answer is lost of a batch
  /// that was never stored and holds a bad message.
  @Test
  void a_bad_message_fails_alone_in_a_batch_in_doubt_as_well() throws Exception {
    var stream = bench.stream();
    var lost = new AtomicInteger();
    var lossy =
        new MessageRows(bench.database) {
          @Override
          public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
            if (batch.size() > 1 && lost.incrementAndGet() == 1) {
              throw lost();
            }
            return super.publish(key, batch);
          }
        };
    try (var lane = lane(lossy)) {
      CompletableFuture<Published> good;
      CompletableFuture<Published> bad;
      CompletableFuture<Published> alsoGood;
      try (var _ = bench.locking(stream)) { // so that they meet in one batch
        good = lane.submit(StoreBench.message(stream, "good"));
        bad = lane.submit(StoreBench.message(stream, "b\nad"));
        alsoGood = lane.submit(StoreBench.message(stream, "also good"));
      }
      assertThat(get(good)).isInstanceOf(Published.Stored.class);
      assertThatThrownBy(() -> get(bad)).isInstanceOf(ExecutionException.class);
      assertThat(get(alsoGood)).isInstanceOf(Published.Stored.class);
    }
    assertThat(lost.get()).isPositive();
    assertThat(stored(stream)).containsExactly("good", "also good");
  }

  /// Goal: while an attempt may still commit nobody decides. Method: another transaction has
  /// written the row of the batch's key and has not committed; then it does, or it does not.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_attempt_that_is_about_to_commit_is_waited_for(boolean commits) throws Exception {
    var stream = bench.stream();
    var beside = bench.stream();
    var attempt = new CompletableFuture<OpenTransaction>();
    var lossy =
        new MessageRows(bench.database) {
          @Override
          public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
            if (batch.getFirst().stream().equals(beside) || attempt.isDone()) {
              return super.publish(key, batch);
            }
            attempt.complete(begun(key));
            throw lost();
          }
        };
    try (var lane = lane(lossy)) {
      var outcome = lane.submit(StoreBench.message(stream, "x"));
      try (var begun = attempt.get(10, TimeUnit.SECONDS)) {
        for (int i = 0; i < 5; i++) {
          get(lane.submit(StoreBench.message(beside, "beside")));
        }
        assertThat(outcome).isNotDone();
        if (commits) {
          begun.commit();
        }
      }
      assertThat(get(outcome)).isInstanceOf(Published.Stored.class);
      assertThat(((Published.Stored) get(outcome)).eventId() == 77).isEqualTo(commits);
    }
    assertThat(stored(stream))
        .hasSize(commits ? 0 : 1); // the attempt of this test wrote its key only
  }

  private OpenTransaction begun(BatchKey key) {
    try {
      return OpenTransaction.on(
          bench.db,
          "insert into trunkline.publish_batches values (?, ?, ?, '{77}', '{}')",
          key.writer(),
          key.number(),
          key.slot());
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /// Goal: nobody looks for a batch that may have been forgotten: it would be stored twice. Method:
  /// the database stays away for longer than a doubt may last.
  @Test
  void a_doubt_that_lasts_too_long_ends_with_an_error() throws Exception {
    var looks = new AtomicInteger();
    var away =
        new MessageRows(bench.database) {
          @Override
          public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
            throw lost();
          }

          @Override
          public Optional<BatchAnswer> settle(BatchKey key, List<StreamWrite> batch) {
            looks.incrementAndGet();
            throw new DatabaseUnavailable("away");
          }
        };
    try (var lane = lane(away, Duration.ofMillis(200))) {
      var outcome = lane.submit(StoreBench.message(bench.stream(), "x"));
      assertThatThrownBy(() -> get(outcome)).isInstanceOf(ExecutionException.class);
    }
    assertThat(looks.get()).isPositive();
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
          outcomes.add(lane.submit(StoreBench.message(stream, "m" + i)));
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
