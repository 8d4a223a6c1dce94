package trunkline.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Clockwork;
import trunkline.store.Intake;
import trunkline.stream.MessageStore.BatchAnswer;
import trunkline.stream.MessageStore.BatchKey;
import trunkline.stream.WaitingStreams.Doubt;
import trunkline.telemetry.Pulse;

/// One writer: a thread with one batch in flight, and whatever was handed in meanwhile as the next.
/// A stream always uses the same lane of an instance, so acknowledgement order is id order.
final class PublishLane implements AutoCloseable {
  /// What a statement takes whatever its size is shared by so many: 15 µs for each of 64 messages,
  /// 11 for each of 256.
  private static final int MESSAGES_MAX = 256;

  private static final int BYTES_MAX = 256 * 1024;
  private static final int QUEUE_MAX = 4096;
  private static final long IDLE_MILLIS = 100;
  private static final long BUSY_MILLIS = 20;

  private final int number;
  private final Supplier<InstanceId> instance;
  private final BatchSender sender;
  private final Consumer<Committed> committed;
  private final Intake<Handed> intake =
      new Intake<>(QUEUE_MAX, (handed, why) -> handed.outcome().completeExceptionally(why));
  private final WaitingStreams waiting = new WaitingStreams();
  private final Thread thread;
  private long batches;

  /// A message with its promise.
  record Handed(StreamWrite message, CompletableFuture<Published> outcome, long nanos) {}

  /// A batch that is in the database.
  ///
  /// @param idle whether nothing waits behind it
  record Committed(List<Handed> batch, BatchAnswer answer, boolean idle) {}

  PublishLane(
      int number,
      Supplier<InstanceId> instance,
      BatchSender sender,
      Consumer<Committed> committed) {
    this.number = number;
    this.instance = instance;
    this.sender = sender;
    this.committed = committed;
    var name = "trunkline-publish-" + number;
    this.thread = Clockwork.start(name, this::serve);
  }

  /// Hands a message in; the future completes after the commit. Waits while the queue is full.
  CompletableFuture<Published> submit(StreamWrite message) {
    var handed = new Handed(message, new CompletableFuture<>(), Clockwork.nanos());
    intake.submit(handed);
    return handed.outcome();
  }

  private void serve() {
    List<Handed> batch = List.of();
    try {
      while (intake.isOpen() || waiting.hasDoubts()) {
        Pulse.beat();
        waiting.due().ifPresent(this::settleOrFail);
        batch = collect();
        if (!batch.isEmpty()) {
          sendOrFail(batch);
        }
      }
    } catch (InterruptedException e) {
      // only close() interrupts, after the lane had its time
    } finally {
      var left = new ArrayList<Handed>(batch); // failing what is done already changes nothing
      left.addAll(waiting.drain());
      fail(left, new CancellationException("the server stopped before this was stored"));
      intake.end();
    }
  }

  /// A defect fails a batch; it must not end the lane, which nobody would notice.
  private void sendOrFail(List<Handed> batch) throws InterruptedException {
    try {
      send(batch);
    } catch (RuntimeException e) {
      fail(batch, new IllegalStateException("publishing failed", e));
    }
  }

  private void settleOrFail(Doubt doubt) {
    try {
      settle(doubt);
    } catch (RuntimeException e) {
      waiting.end(doubt);
      fail(doubt.batch(), new IllegalStateException("publishing failed", e));
    }
  }

  /// Messages that waited for their stream come first, so that its order is kept.
  private List<Handed> collect() throws InterruptedException {
    var batch = new ArrayList<Handed>();
    var locked = waiting.locked();
    if (!locked.isEmpty()) {
      batch.addAll(waiting.release(sender.locked(locked), MESSAGES_MAX, BYTES_MAX));
    }
    var bytes = batch.stream().mapToLong(handed -> handed.message().bytes()).sum();
    while (batch.size() < MESSAGES_MAX && bytes < BYTES_MAX) {
      var handed = batch.isEmpty() ? intake.next(patience()) : intake.next();
      if (handed == null) {
        break;
      }
      if (!waiting.add(handed)) {
        batch.add(handed);
        bytes += handed.message().bytes();
      }
    }
    return batch;
  }

  private long patience() {
    return waiting.isEmpty() ? IDLE_MILLIS : BUSY_MILLIS;
  }

  private void send(List<Handed> batch) throws InterruptedException {
    var messages = batch.stream().map(Handed::message).toList();
    switch (sender.send(this::newKey, messages)) {
      case BatchSender.Sent(var answer) -> complete(batch, answer);
      case BatchSender.Locked() -> setAside(batch);
      case BatchSender.Broken(var why) when batch.size() == 1 -> fail(batch, why);
      case BatchSender.Broken(var _) -> sendAlone(batch);
      case BatchSender.Away(var why) -> fail(batch, why);
      case BatchSender.Doubtful(var key, var why, var since) ->
          waiting.begin(Doubt.begun(key, batch, why, since));
    }
  }

  private BatchKey newKey(int slot) {
    return new BatchKey(((long) instance.get().value()) << 8 | number, ++batches, slot);
  }

  /// One look for a batch whose answer was lost. Its streams wait meanwhile, the others go on.
  private void settle(Doubt doubt) {
    switch (sender.settle(doubt.key(), doubt.messages(), doubt.sinceNanos())) {
      case BatchSender.Undecided() -> waiting.postpone(doubt);
      case BatchSender.Absent() -> waiting.sendAgain(doubt);
      case BatchSender.Stored(var answer) -> {
        waiting.end(doubt);
        complete(doubt.batch(), answer);
      }
      case BatchSender.Unknown() -> {
        waiting.end(doubt);
        fail(doubt.batch(), doubt.why());
      }
    }
  }

  /// So that one bad message fails alone. Where one has to wait, those after it on its stream wait
  /// behind it.
  private void sendAlone(List<Handed> batch) throws InterruptedException {
    var held = new LinkedHashMap<StreamId, List<Handed>>();
    for (var alone : batch) {
      var before = held.get(alone.message().stream());
      if (before != null) {
        before.add(alone);
        continue;
      }
      send(List.of(alone));
      if (waiting.holds(alone)) {
        held.put(alone.message().stream(), new ArrayList<>(List.of(alone)));
      }
    }
    held.values().forEach(all -> waiting.putBehind(all.getFirst(), all.subList(1, all.size())));
  }

  /// A batch that met a lock: nothing was stored. The busy streams wait, the rest goes on; where
  /// none is busy any more, all of it comes again in the next batch.
  private void setAside(List<Handed> batch) throws InterruptedException {
    var streams = batch.stream().map(h -> h.message().stream()).distinct().toList();
    var locked = sender.locked(streams);
    var rest = waiting.setAside(batch, locked.isEmpty() ? streams : locked);
    if (!rest.isEmpty()) {
      send(rest);
    }
  }

  private void complete(List<Handed> batch, BatchAnswer answer) {
    var stored = new Committed(batch, answer, intake.isEmpty());
    if (!stored.idle()) {
      committed.accept(stored);
    }
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).outcome().complete(answer.outcomes().get(i));
    }
    if (stored.idle()) {
      committed.accept(stored); // on this thread, for which the writers need not wait
    }
  }

  private static void fail(List<Handed> batch, Exception why) {
    batch.forEach(handed -> handed.outcome().completeExceptionally(why));
  }

  /// Stores what was handed in, then ends; whatever cannot be stored in time fails.
  @Override
  public void close() {
    intake.close();
    try {
      if (!thread.join(Duration.ofSeconds(5))) {
        thread.interrupt();
        thread.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
