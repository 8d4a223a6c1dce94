package trunkline.stream;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.AnnouncementKind;
import trunkline.announcement.Announcements;
import trunkline.jsonrpc.MessageTooLarge;
import trunkline.memory.MemoryBudget;
import trunkline.memory.MemoryShort;
import trunkline.session.Session;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.signal.Signals;
import trunkline.signal.Waking;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.stream.Outlet.Feed;
import trunkline.telemetry.EventSink;

/// Streams of messages to clients: write from any instance, read on any instance.
public final class Streams implements AutoCloseable {
  private final ReadLanes lanes;
  private final Followers followers;
  private final Publisher publisher;
  private final ConnectionReports reports;
  private final StreamConnections connections;
  private final Slots slots;
  private final Holdings holdings;
  private final Claims claims;
  private final StreamSweeps sweeps;
  private final MessageStore messages;

  /// @param instance the id of this instance, which changes when it was fenced
  public Streams(
      Database database,
      Signals signals,
      Announcements announcements,
      Supplier<InstanceId> instance,
      StreamPolicy policy,
      MemoryBudget memory,
      EventSink events) {
    this(Tables.of(database, events), signals, announcements, instance, policy, memory, events);
  }

  Streams(
      Tables tables,
      Signals signals,
      Announcements announcements,
      Supplier<InstanceId> instance,
      StreamPolicy policy,
      MemoryBudget memory,
      EventSink events) {
    this(
        tables,
        signals.doorbells(),
        signals.waker(),
        announcements::after,
        instance,
        policy,
        memory,
        events);
    announcements.on(
        AnnouncementKind.SESSION_CHANGED,
        changed -> followers.ringParked(new SessionKey(Long.parseLong(changed.about()))));
  }

  Streams(
      Tables tables,
      Doorbells doorbells,
      Waking waker,
      Follower.Announced announced,
      Supplier<InstanceId> instance,
      StreamPolicy policy,
      MemoryBudget memory,
      EventSink events) {
    this.messages = tables.messages();
    var slot = new CurrentSlot(messages);
    this.followers = new Followers(policy.sessionConnectionsMax());
    this.lanes = new ReadLanes(tables.messages(), slot);
    var holders = new Holders(instance, followers, waker);
    this.publisher =
        new Publisher(tables.messages(), slot, instance, holders, policy, memory, events);
    this.slots = new Slots(tables.slots(), policy, events);
    this.reports =
        policy.announceConnections()
            ? ConnectionReports.announced(events, tables.streams())
            : ConnectionReports.silent(events);
    this.holdings = new Holdings(instance, tables.streams(), followers, reports, holders);
    this.claims = new Claims(instance, tables.streams(), slots, lanes, holders, holdings);
    var parked = new ParkedConnections(tables.streams(), followers, claims, doorbells);
    this.connections =
        new StreamConnections(
            new Attachments(doorbells, announced, lanes, followers, events),
            parked,
            holdings,
            policy.retry());
    var missed = new MissedNews(tables.messages(), slot, followers, events);
    this.sweeps = new StreamSweeps(missed, slot, holdings, slots, parked);
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
  /// @throws MemoryShort when too much waits to be stored
  public CompletableFuture<Published> send(StreamId standalone, byte[] payload) {
    return publisher.publish(new StreamWrite.Notice(standalone, StreamWrite.ANYBODY, payload));
  }

  /// The writer's side of a call's stream under a writer epoch of this instance.
  public StreamWriter writer(SessionKey session, StreamId stream, int epoch) {
    publisher.writing(stream, epoch);
    return new StreamWriter(publisher, session, stream, epoch);
  }

  /// The latest message of a stream that begins with these bytes; for the few who go on writing
  /// what another instance began.
  public Optional<byte[]> latest(StreamId stream, byte[] beginning) {
    return messages.latest(stream, beginning);
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
    return claims.claim(session, stream, from, primes);
  }

  /// The feed of the connection that made the calls.
  ///
  /// @param released whether the connection was let go before this began
  public Feed feed(ClaimedStream claimed, BooleanSupplier released) {
    return outlet -> {
      holdings.opened(claimed.holding()); // by the row that made the calls a stream
      connections.follow(claimed, List::of, released, outlet);
    };
  }

  /// The feed of a client's GET.
  ///
  /// @param gapNotice the messages that tell a client on its standalone stream that it missed some
  public Feed feed(ClaimedStream claimed, Supplier<List<byte[]>> gapNotice) {
    return connections.feed(claimed, gapNotice);
  }

  /// Closes the connection that made the call, if it is still there; the stream goes on.
  public void release(ClaimedStream claimed) {
    followers.ring(claimed.stream(), claimed.epoch(), WakeFlags.RELEASE);
  }

  /// The bounded clean-up and catch-up of streams, for the sweeper.
  public StreamSweeps sweeps() {
    return sweeps;
  }

  /// Streams that have a connection on this instance.
  public int held() {
    return followers.count();
  }

  /// Closes every connection: what is stored is written, then a `retry`: the clients come back, to
  /// whichever instance. Parked ones just end.
  public void closeConnections() {
    followers.closeAll();
  }

  /// Every connection is to be closed like that: each that comes later when it comes, those that
  /// are here by and by. Only the streams of calls that still run here end by themselves.
  ///
  /// @return how many are here
  public int leave() {
    return followers.leave(stream -> !publisher.isWriting(stream));
  }

  /// How many of those are still here.
  public int leaving() {
    return followers.leaving().size();
  }

  /// Closes so many of those.
  public void closeNext(int atMost) {
    followers.closeNext(atMost);
  }

  /// Closes all of those that are left.
  public void closeRest() {
    followers.closeRest();
  }

  /// Takes [#leave()] back.
  public void stay() {
    followers.stay();
  }

  /// Closes what [#leave()] means without a last look at the database.
  public void cutRest() {
    followers.cutRest();
  }

  /// Closes everything without a last look at the database, and whatever still comes.
  public void cutConnections() {
    followers.cutAll();
  }

  /// Writes what is left to write. The connections must be closed before.
  @Override
  public void close() {
    publisher.close();
    claims.close();
    holdings.close();
    reports.close();
    lanes.close();
  }

  /// The tables of streams.
  record Tables(MessageStore messages, StreamStore streams, Slots.Store slots) {
    static Tables of(Database database, EventSink events) {
      return new Tables(
          new MessageRows(database),
          new StreamRows(database, new SetAside("streams", events)),
          new SlotRows(database));
    }
  }
}
