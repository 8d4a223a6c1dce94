package trunkline.stream;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.Announcements;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.session.Session;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.signal.Waker;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.stream.StreamStore.ClaimRow;
import trunkline.telemetry.EventSink;

/// Streams of messages to clients: write from any instance, read on any instance.
public final class Streams implements AutoCloseable {
  /// A GET or a call that meets a locked row waits; clients give up after two errors.
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final Database database;
  private final Supplier<InstanceId> instance;
  private final StreamStore store = new StreamRows();
  private final CurrentSlot slot = new CurrentSlot();
  private final ReadLanes lanes;
  private final Publisher publisher;
  private final ResumePoint settling;
  private final StreamConnections reading;
  private final Slots slots;
  private final Positions positions;
  private final StreamSweeps sweeps;

  /// What streams need of the layers below.
  ///
  /// @param instance the id of this instance, which changes when it was fenced
  public record Below(
      Database database,
      Doorbells doorbells,
      Waker waker,
      Announcements announcements,
      Supplier<InstanceId> instance,
      EventSink events) {}

  public Streams(Below below, StreamPolicy policy) {
    this.database = below.database();
    this.instance = below.instance();
    var messages = new MessageRows();
    var followers = new Followers(policy.sessionConnectionsMax());
    this.lanes = new ReadLanes(database, messages, slot);
    this.publisher =
        new Publisher(
            database,
            messages,
            slot,
            instance,
            below.waker(),
            followers,
            policy.messageBytesMax(),
            below.events());
    this.settling = new ResumePoint(database, store);
    this.slots = new Slots(database, policy, below.events());
    this.positions = new Positions(database, store);
    this.reading = new StreamConnections(below, policy, store, lanes, followers, positions);
    this.sweeps = new StreamSweeps(below, store, messages, followers, positions, slot, slots);
  }

  /// Refuses what no stream would take.
  ///
  /// @throws MessageTooLarge naming both sizes
  public void requireFits(byte[] payload) {
    publisher.requireFits(payload.length);
  }

  /// Sends a message to a session, on its standalone stream; completes after the commit.
  ///
  /// @throws MessageTooLarge when no stream would take it
  public CompletableFuture<Published> send(StreamId standalone, byte[] payload) {
    return publisher.publish(new Outgoing(standalone, 0, payload, false, null, null));
  }

  /// The writer's side of a call's stream under a writer epoch of this instance.
  public StreamWriter writer(SessionKey session, StreamId stream, int epoch) {
    publisher.writing(stream);
    return new StreamWriter(publisher, session, stream, epoch);
  }

  /// The streams that have a writer in this process, until the last message of each was tried.
  public List<StreamId> written() {
    return publisher.written();
  }

  /// Makes this instance the holder of a session's stream: the one that the client's event id
  /// names, or the standalone one.
  ///
  /// @param from the client's `Last-Event-ID`, null when it sent none
  /// @param primes whether the client's revision knows events without data
  public Claim claim(Session session, @Nullable EventId from, boolean primes)
      throws InterruptedException {
    var stream = from == null ? session.standaloneStream() : from.stream();
    slots.trim(stream); // so that the number of messages kept holds for every reader
    var row =
        PATIENCE.call(database, c -> store.claim(c, session.key(), stream, from, instance.get()));
    if (row.isEmpty()) {
      return new Claim.Unknown();
    }
    return switch (row.get().verdict()) {
      case FUTURE -> new Claim.FromTheFuture();
      case GAP -> new Claim.Gap();
      case GRANTED -> granted(session.key(), stream, from, primes, row.get());
    };
  }

  private Claim granted(
      SessionKey session, StreamId stream, @Nullable EventId from, boolean primes, ClaimRow row)
      throws InterruptedException {
    if (row.formerInstance() != null) {
      reading.superseded(row.formerInstance(), stream, row.epoch() - 1);
    }
    var start = from;
    if (start == null) {
      var settled = settling.settle(stream, row);
      if (settled.isEmpty()) {
        // Claimed again while we waited. The client has a newer GET; a 400 would end its session.
        return new Claim.NothingLeft();
      }
      start = settled.get();
    }
    var holding = new ClaimedStream(session, stream, row.standalone(), row.epoch(), start, primes);
    if (row.finished() && reading.hasNothingFor(holding)) {
      reading.letGo(holding);
      return new Claim.NothingLeft();
    }
    return new Claim.Granted(holding);
  }

  /// What the connection runs that made the calls.
  ///
  /// @param released whether the connection was let go before this began
  public Feed feed(ClaimedStream holding, BooleanSupplier released) {
    return outlet -> reading.follow(holding, List::of, released, outlet);
  }

  /// What a client's GET runs.
  ///
  /// @param gapNotice the messages that tell a client on its standalone stream that it missed some
  public Feed feed(ClaimedStream holding, Supplier<List<byte[]>> gapNotice) {
    return outlet -> reading.follow(holding, gapNotice, () -> false, outlet);
  }

  /// Closes the connection that made the call, if it is still there; the stream goes on.
  public void release(ClaimedStream holding) {
    reading.release(holding);
  }

  /// The bounded clean-up and catch-up of streams, for the sweeper.
  public StreamSweeps sweeps() {
    return sweeps;
  }

  /// Streams that have a connection on this instance.
  public int held() {
    return reading.held();
  }

  /// Closes every connection with a `retry`: the clients come back, to whichever instance.
  public void closeConnections() {
    reading.close();
  }

  /// Writes what is left to write. The connections are closed before.
  @Override
  public void close() {
    publisher.close();
    positions.close();
    reading.silence();
    lanes.close();
  }
}
