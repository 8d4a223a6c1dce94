package trunkline.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.simulation.DirectWire;
import trunkline.simulation.MemoryDatabase;
import trunkline.simulation.MemoryDatabase.Client;
import trunkline.simulation.MemoryDatabase.Stream;
import trunkline.testing.OpenTransaction;

/// The simulation's tables under the contracts of the stores.
final class MemoryBench implements StoreBench {
  private static final int PAGE_ROWS = 200;
  private static final int PAGE_BYTES = 256 * 1024;
  private static final long HOUR_NANOS = 3_600_000_000_000L;

  private final MemoryDatabase database;
  private final Client client;

  MemoryBench() {
    this(new MemoryDatabase(new DirectWire(), System::nanoTime, Set.of(), _ -> {}));
  }

  private MemoryBench(MemoryDatabase database) {
    this.database = database;
    this.client = database.open("somebody");
  }

  @Override
  public MessageStore messages() {
    return new MemoryMessages(database, PAGE_ROWS, PAGE_BYTES);
  }

  @Override
  public StreamStore streams() {
    return new MemoryStreams(database);
  }

  @Override
  public Slots.Store slots() {
    return new MemorySlots(database);
  }

  @Override
  public SessionKey session() {
    return new SessionKey(client.key);
  }

  @Override
  public StreamId standalone() {
    return new StreamId(client.standalone);
  }

  @Override
  public StoreBench stranger() {
    return new MemoryBench(database);
  }

  @Override
  public StreamId stream() {
    return callStream(0);
  }

  @Override
  public StreamId callStream(int writerEpoch) {
    return new StreamId(database.open(client.key, false, writerEpoch).id);
  }

  private Stream row(StreamId stream) {
    return Objects.requireNonNull(database.stream(stream.value()));
  }

  @Override
  public void hold(StreamId stream, int instance) {
    row(stream).holder = instance;
  }

  @Override
  public InstanceId living() {
    return new InstanceId(database.enter(HOUR_NANOS).id);
  }

  @Override
  public void end(InstanceId instance, Gone how) {
    var member = Objects.requireNonNull(database.members().get(instance.value()));
    switch (how) {
      case DEAD -> member.dead = true;
      case LEFT -> member.left = true;
      case LEASE_OVER -> member.leaseUntilNanos = System.nanoTime();
    }
  }

  @Override
  public String state(StreamId stream) {
    var row = row(stream);
    return (row.holder == null ? "free" : "held by " + row.holder)
        + ", "
        + (row.closeReason == null ? "open" : row.closeReason)
        + ", at "
        + row.own;
  }

  @Override
  public void lose(String text) {
    database
        .messages()
        .values()
        .removeIf(message -> new String(message.payload(), UTF_8).equals(text));
    database.raiseBase();
  }

  @Override
  public void loseClaim(StreamId stream) {
    row(stream).holderEpoch--;
    database.raiseBase();
  }

  @Override
  public Locked locking(StreamId stream) {
    var owner = new Object();
    if (!database.lock(owner, stream.value())) {
      throw new IllegalStateException("locked already: " + stream);
    }
    return new Locked() {
      @Override
      public void claim(int instance) {
        var row = row(stream);
        row.holder = instance;
        row.holderEpoch++;
        row.settled = false;
      }

      @Override
      public <T> Future<T> block(Callable<T> work) {
        return OpenTransaction.start(work);
      }

      @Override
      public void close() {
        database.unlock(owner);
      }
    };
  }

  @Override
  public void close() {}
}
