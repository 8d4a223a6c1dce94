package trunkline.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.memory.MemoryBudget;
import trunkline.memory.MemoryShort;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Clockwork;
import trunkline.stream.PublishLane.Committed;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// The publish lanes of this instance, and the waking of holders after each commit.
final class Publisher implements AutoCloseable {
  private static final int LANES = 2;

  /// Of a message: in the lane, and in the statement.
  private static final long COPIES = 2;

  private final Holders holders;
  private final MemoryBudget memory;
  private final int messageBytesMax;
  private final EventSink events;
  private final List<PublishLane> lanes = new ArrayList<>();
  private final Map<StreamId, Integer> written = new ConcurrentHashMap<>();
  private volatile boolean closing;

  Publisher(
      MessageStore store,
      CurrentSlot slot,
      Supplier<InstanceId> instance,
      Holders holders,
      StreamPolicy policy,
      MemoryBudget memory,
      EventSink events) {
    this.holders = holders;
    this.memory = memory;
    this.messageBytesMax = policy.messageBytesMax();
    this.events = events;
    var sender = new BatchSender(store, slot, policy.doubtMax(), () -> closing);
    for (int number = 0; number < LANES; number++) {
      lanes.add(new PublishLane(number, instance, sender, this::committed));
    }
  }

  /// What is said on the way may be refused and holds its writer up; an end may not.
  ///
  /// @throws MessageTooLarge before a lane has seen it
  /// @throws MemoryShort the same
  CompletableFuture<Published> publish(StreamWrite write) {
    requireFits(write.bytes());
    var bytes = COPIES * write.bytes();
    var stored =
        switch (write) {
          case StreamWrite.Notice _, StreamWrite.Ask _ ->
              memory.taking(bytes, () -> lane(write).submit(write));
          case StreamWrite.Answer _, StreamWrite.NoAnswer _, StreamWrite.End _ ->
              memory.noting(bytes, () -> lane(write).submit(write));
        };
    return write.last()
        ? stored.whenComplete((_, _) -> written.remove(write.stream(), write.writerEpoch()))
        : stored;
  }

  private PublishLane lane(StreamWrite write) {
    return lanes.get((int) (write.stream().value() % LANES));
  }

  void requireFits(int bytes) {
    if (bytes > messageBytesMax) {
      events.emit(new ServerEvent.LimitReached("message-bytes-max"));
      throw new MessageTooLarge("a message", bytes, messageBytesMax, "--message-bytes-max");
    }
  }

  /// The writer's side of a stream, which counts as written until its last message was tried.
  void writing(StreamId stream, int epoch) {
    written.put(stream, epoch);
  }

  /// The stream has no writer here any more, though it is not finished.
  void leave(StreamId stream, int epoch) {
    written.remove(stream, epoch);
  }

  boolean isWriting(StreamId stream) {
    return written.containsKey(stream);
  }

  List<StreamId> written() {
    return List.copyOf(written.keySet());
  }

  /// Runs on the lane's thread: commit, then wake; before the writers' futures complete, unless the
  /// lane is idle.
  private void committed(Committed committed) {
    var held = committed.answer().holders();
    holders.wake(held, committed.idle() && held.size() == 1);
    report(committed);
  }

  private void report(Committed committed) {
    var stored = 0;
    var refused = 0;
    for (var outcome : committed.answer().outcomes()) {
      switch (outcome) {
        case Published.Stored(var id) -> stored += id == 0 ? 0 : 1;
        case Published.Refused() -> refused++;
      }
    }
    var oldest = committed.batch().stream().mapToLong(PublishLane.Handed::nanos).min().orElse(0);
    events.emit(new ServerEvent.MessagesPublished(stored, refused, Clockwork.nanos() - oldest));
  }

  @Override
  public void close() {
    closing = true;
    lanes.forEach(PublishLane::close);
  }
}
