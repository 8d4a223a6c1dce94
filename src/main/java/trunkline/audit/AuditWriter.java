package trunkline.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.store.Clockwork;
import trunkline.store.DatabaseBusy;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.RightMissing;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.Pulse;
import trunkline.telemetry.ServerEvent;

/// Writes what waits, a batch at a time, on a thread of its own and so on one connection at most:
/// whoever keeps the record's tables locked delays nobody who serves.
///
/// A batch that could not be written is written again, unchanged, until it is; meanwhile others
/// wait, and the oldest of them are dropped when they are too many.
final class AuditWriter implements AutoCloseable {
  private static final int BATCH_MAX = 500;
  private static final int WAITING_MAX = 10_000;
  private static final long CHARS_MAX = 8L << 20;

  private static final long IDLE_MILLIS = 1000;
  private static final long GATHER_MILLIS = 500;
  private static final long PAUSE_MILLIS = 200;

  /// How long a stop may take to write the rest.
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final AuditRows rows;
  private final AuditPolicy policy;
  private final Tally tally;
  private final IntSupplier instance;
  private final EventSink events;
  private final Consumer<byte[]> keyRead;
  private final Backlog backlog = new Backlog(WAITING_MAX, CHARS_MAX);
  private final long writer = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
  private @Nullable Thread thread;
  private long lost;
  private volatile boolean stuck;
  private volatile boolean closed;
  private volatile boolean killed;
  private volatile long closedNanos;

  /// @param keyRead is told the key of the digests
  AuditWriter(
      AuditRows rows,
      AuditPolicy policy,
      Tally tally,
      IntSupplier instance,
      Consumer<byte[]> keyRead,
      EventSink events) {
    this.rows = rows;
    this.policy = policy;
    this.tally = tally;
    this.instance = instance;
    this.keyRead = keyRead;
    this.events = events;
  }

  /// Once this instance has a number.
  void start() {
    enlist();
    thread = Clockwork.start("trunkline-audit", this::serve);
  }

  Backlog backlog() {
    return backlog;
  }

  /// Whether the latest attempt to write has failed, and is being repeated.
  boolean isStuck() {
    return stuck;
  }

  private void serve() {
    try {
      while (!isOver()) {
        Pulse.beat();
        tally.take(instance.getAsInt(), closed).forEach(record -> backlog.add(record, null));
        var batch = backlog.next(BATCH_MAX, IDLE_MILLIS, GATHER_MILLIS);
        noteMissing(backlog.takeDropped(), "too many waited to be written");
        if (!batch.isEmpty() && !killed) {
          write(batch);
        }
      }
    } catch (InterruptedException e) {
      // only close() interrupts, after the writer had its time
    } finally {
      stuck = true; // what would have to be recorded does not begin any more
      var left = backlog.end();
      if (left > 0 && !killed) {
        events.emit(new ServerEvent.AuditLost(left, "the instance has stopped"));
      }
    }
  }

  private boolean isOver() {
    return killed || (closed && (isLate() || (backlog.size() == 0 && tally.isEmpty())));
  }

  private boolean isLate() {
    return closed && Clockwork.nanos() - closedNanos > LAST_WORDS.toNanos();
  }

  private void noteMissing(int records, String why) {
    if (records > 0) {
      lost += records;
      events.emit(new ServerEvent.AuditLost(records, why));
      backlog.add(AuditRecord.missing(Clockwork.nanos(), instance.getAsInt(), records), null);
    }
  }

  private void write(List<Backlog.Entry> batch) throws InterruptedException {
    while (true) {
      Pulse.beat();
      try {
        if (store(batch)) {
          stuck = false;
          batch.forEach(entry -> entry.settle(true));
          events.emit(new ServerEvent.AuditWritten(batch.size()));
          return;
        }
        delayed("no slot of the record is open");
      } catch (DatabaseUnavailable | DatabaseBusy | RightMissing e) {
        delayed(ServerEvent.place(e));
      } catch (RuntimeException e) {
        writeAlone(batch, e);
        return;
      }
      if (killed || isLate()) {
        lose(batch, "it could not be written before the instance stopped");
        return;
      }
      Clockwork.pause(PAUSE_MILLIS);
    }
  }

  private void delayed(String why) {
    stuck = true;
    events.emit(new ServerEvent.AuditDelayed(why));
  }

  /// @return false when there is nowhere to write
  private boolean store(List<Backlog.Entry> batch) {
    if (rows.write(writer, batch, lost, policy.age(), Clockwork.nanos())) {
      return true;
    }
    enlist();
    return rows.write(writer, batch, lost, policy.age(), Clockwork.nanos());
  }

  /// Also in another database than before.
  private void enlist() {
    keyRead.accept(rows.enlist(writer, instance.getAsInt()));
  }

  /// So that one that the database refuses is lost alone.
  private void writeAlone(List<Backlog.Entry> batch, RuntimeException why)
      throws InterruptedException {
    if (batch.size() == 1) {
      stuck = false;
      lose(batch, ServerEvent.place(why));
    } else {
      for (var alone : new ArrayList<>(batch)) {
        write(List.of(alone));
      }
    }
  }

  /// What says that others are missing is not missed itself.
  private void lose(List<Backlog.Entry> batch, String why) {
    batch.forEach(entry -> entry.settle(false));
    var missed = batch.stream().filter(entry -> !entry.record().isOfItself()).count();
    noteMissing(Math.toIntExact(missed), why);
  }

  /// Writes the rest, for a bounded time.
  @Override
  public void close() {
    closedNanos = Clockwork.nanos();
    closed = true;
    backlog.close();
    var writing = thread;
    if (writing == null) {
      return;
    }
    try {
      if (!writing.join(LAST_WORDS.plus(LAST_WORDS))) {
        writing.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Writes nothing more, as a process that was killed.
  void kill() {
    killed = true;
    backlog.close();
  }
}
