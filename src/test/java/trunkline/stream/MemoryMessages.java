package trunkline.stream;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.MemoryDatabase.Batch;
import trunkline.simulation.MemoryDatabase.Message;
import trunkline.simulation.MemoryDatabase.Statement;
import trunkline.simulation.Quirk;
import trunkline.simulation.Situation;

/// [MessageRows] in memory.
final class MemoryMessages implements MessageStore {
  private static final long READ_BYTES = 4L << 20;

  private final MemoryDatabase database;
  private final int pageRows;
  private final int pageBytes;

  MemoryMessages(MemoryDatabase database, int pageRows, int pageBytes) {
    this.database = database;
    this.pageRows = pageRows;
    this.pageBytes = pageBytes;
  }

  @Override
  public BatchAnswer publish(BatchKey key, List<StreamWrite> batch) {
    return database.run(new Publish(key(key), batch));
  }

  /// One batch. The slot is that of the statement's snapshot, the rows are those under the locks.
  private final class Publish implements Statement<BatchAnswer> {
    private final MemoryDatabase.Key key;
    private final List<StreamWrite> batch;
    private final List<Long> ids = new ArrayList<>();
    private final Set<Integer> rejected = new TreeSet<>();
    private int slot;

    Publish(MemoryDatabase.Key key, List<StreamWrite> batch) {
      this.key = key;
      this.batch = batch;
    }

    @Override
    public String name() {
      return "outbound_messages.publish";
    }

    @Override
    public Set<Long> locked() {
      return streams(batch);
    }

    @Override
    public void look() {
      slot = database.slot();
      batch.forEach(MemoryMessages::requireOneLine);
      if (database.has(Quirk.IDS_BEFORE_THE_LOCK)) {
        batch.stream().filter(w -> w.payload() != null).forEach(_ -> ids.add(database.nextEvent()));
      }
    }

    @Override
    public void draw() {
      for (int ord = 0; ord < batch.size(); ord++) {
        if (!isAccepted(batch.get(ord))) {
          rejected.add(ord + 1);
        } else if (batch.get(ord).payload() != null && !database.has(Quirk.IDS_BEFORE_THE_LOCK)) {
          ids.add(database.nextEvent());
        }
      }
    }

    private boolean isAccepted(StreamWrite write) {
      var row = database.stream(write.stream().value());
      return row != null
          && !row.finished
          && (row.writerEpoch == write.writerEpoch() || database.has(Quirk.PUBLISH_WITHOUT_EPOCH));
    }

    @Override
    public BatchAnswer commit() {
      var before = database.batches().get(key);
      if (before != null) {
        if (before.taken()) {
          throw MemoryDatabase.refused("duplicate key value of publish_batches");
        }
        return answer(before, batch);
      }
      var next = 0;
      for (int ord = 0; ord < batch.size(); ord++) {
        if (!rejected.contains(ord + 1)) {
          next += apply(batch.get(ord), next);
        }
      }
      var stored = new Batch(List.copyOf(ids.subList(0, next)), Set.copyOf(rejected), false);
      database.batches().put(key, stored);
      return answer(stored, batch);
    }

    private int apply(StreamWrite write, int next) {
      var row = database.stream(write.stream().value());
      if (row == null) {
        return 0;
      }
      row.finished |= write.last();
      finish(write);
      var payload = write.payload();
      if (payload == null) {
        return 0;
      }
      var id = ids.get(next);
      database.messages().put(id, new Message(id, row.id, slot, payload, database.nanos()));
      return 1;
    }

    private void finish(StreamWrite write) {
      var answered =
          switch (write) {
            case StreamWrite.Answer answer -> answer.call().value();
            case StreamWrite.NoAnswer none -> none.call().value();
            case StreamWrite.Notice _, StreamWrite.Ask _, StreamWrite.End _ -> 0L;
          };
      var call = database.calls().get(answered);
      if (call != null) {
        call.finished = true;
      }
    }
  }

  private static void requireOneLine(StreamWrite write) {
    var payload = write.payload();
    if (payload != null) {
      for (var each : payload) {
        if (each == '\n' || each == '\r') {
          throw MemoryDatabase.refused("outbound_messages_one_line_ck");
        }
      }
    }
  }

  private static MemoryDatabase.Key key(BatchKey key) {
    return new MemoryDatabase.Key(key.writer(), key.number(), key.slot());
  }

  private static Set<Long> streams(List<StreamWrite> batch) {
    return MemoryDatabase.ascending(batch.stream().map(write -> write.stream().value()).toList());
  }

  private BatchAnswer answer(Batch stored, List<StreamWrite> batch) {
    var outcomes = new ArrayList<Published>();
    var next = 0;
    for (int ord = 0; ord < batch.size(); ord++) {
      if (stored.rejected().contains(ord + 1)) {
        outcomes.add(new Published.Refused());
      } else {
        outcomes.add(
            new Published.Stored(batch.get(ord).payload() == null ? 0 : stored.ids().get(next++)));
      }
    }
    var holders = new ArrayList<BatchAnswer.HeldBy>();
    for (var id : streams(batch)) {
      var row = database.stream(id);
      if (row != null && row.holder != null) {
        holders.add(
            new BatchAnswer.HeldBy(new StreamId(id), new InstanceId(row.holder), row.holderEpoch));
      }
    }
    return new BatchAnswer(outcomes, holders, database.slot());
  }

  @Override
  public Optional<BatchAnswer> settle(BatchKey key, List<StreamWrite> batch) {
    return database.run(
        new Reading<>(
            "publish_batches.take_key",
            () -> {
              var stored = database.batches().get(key(key));
              if (key.slot() != database.slot()) {
                database.note(Situation.S4);
              }
              if (stored == null) {
                if (!database.has(Quirk.SETTLE_WITHOUT_TAKING_THE_KEY)) {
                  database.batches().put(key(key), new Batch(List.of(), Set.of(), true));
                }
                return Optional.<BatchAnswer>empty();
              }
              return stored.taken() ? Optional.empty() : Optional.of(answer(stored, batch));
            }));
  }

  @Override
  public List<StreamId> locked(List<StreamId> streams) {
    return database.run(
        new Reading<>(
            "streams.free",
            () -> streams.stream().filter(each -> database.isLocked(each.value())).toList()));
  }

  @Override
  public List<Page> read(int slot, List<ReadRequest> requests) {
    return database.run(
        new Reading<>(
            "outbound_messages.read",
            () -> {
              var pages = new Pages(requests.size(), pageRows, pageBytes);
              var bytes = 0L;
              for (int each = 0; each < requests.size(); each++) {
                bytes = read(slot, requests.get(each), each, pages, bytes);
              }
              return pages.list();
            }));
  }

  private long read(int slot, ReadRequest request, int number, Pages pages, long bytesBefore) {
    var row = database.stream(request.stream().value());
    if (row == null
        || (row.holderEpoch != request.epoch() && !database.has(Quirk.READ_WITHOUT_EPOCH))) {
      database.note(Situation.S12);
      return bytesBefore;
    }
    if (row.finished) {
      database.note(Situation.S7);
    }
    if (row.trimmedThrough > request.after()) {
      database.note(Situation.S11);
    }
    pages.begin(number, row.finished, row.trimmedThrough, database.slot());
    var bytes = bytesBefore;
    var own = 0L;
    var count = 0;
    for (var message : database.messages(row.id, request.after())) {
      if (!isInLeaves(message, slot)) {
        continue;
      }
      if (count++ >= pageRows || own >= pageBytes) {
        break;
      }
      var size = message.payload().length;
      if (bytes < READ_BYTES) {
        pages.add(
            number,
            new Page.StoredMessage(message.id(), message.payload()),
            TimeUnit.NANOSECONDS.toMicros(database.nanos() - message.nanos()));
      } else {
        pages.cut(number);
      }
      own += size;
      bytes += size;
    }
    return bytes;
  }

  private static boolean isInLeaves(Message message, int slot) {
    return slot < 0
        || message.slot() == slot
        || message.slot() == (slot + MemoryDatabase.SLOTS - 1) % MemoryDatabase.SLOTS;
  }

  @Override
  public List<StreamReady> news(int slot, List<ReadRequest> requests) {
    return database.run(
        new Reading<>(
            "outbound_messages.news",
            () -> {
              var ready = new ArrayList<StreamReady>();
              for (var request : requests) {
                var row = database.stream(request.stream().value());
                var next = next(slot, request);
                if (row == null
                    || row.holderEpoch != request.epoch()
                    || row.finished
                    || next != null) {
                  ready.add(
                      new StreamReady(
                          request.stream(),
                          request.epoch(),
                          next == null
                              ? 0
                              : TimeUnit.NANOSECONDS.toMillis(database.nanos() - next.nanos())));
                }
              }
              return ready;
            }));
  }

  private @Nullable Message next(int slot, ReadRequest request) {
    return database.messages(request.stream().value(), request.after()).stream()
        .filter(message -> isInLeaves(message, slot))
        .findFirst()
        .orElse(null);
  }

  @Override
  public Optional<byte[]> latest(StreamId stream, byte[] beginning) {
    return database.run(
        new Reading<>(
            "outbound_messages.latest",
            () ->
                database.messages(stream.value(), 0).reversed().stream()
                    .map(Message::payload)
                    .filter(payload -> begins(payload, beginning))
                    .findFirst()));
  }

  private static boolean begins(byte[] payload, byte[] beginning) {
    return payload.length >= beginning.length
        && Arrays.equals(Arrays.copyOf(payload, beginning.length), beginning);
  }

  @Override
  public int currentSlot() {
    return database.run(new Reading<>("control.slot", database::slot));
  }
}
