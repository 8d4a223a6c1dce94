package trunkline.simulation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import trunkline.jsonrpc.Codec;
import trunkline.session.Principal;
import trunkline.session.Session;
import trunkline.session.SessionId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.signal.Wake;
import trunkline.store.Clockwork;
import trunkline.stream.EventId;
import trunkline.stream.Published;

/// One simulated order: a database, instances, clients and whatever goes wrong, from one number.
final class World {
  private static final int STORM_MILLIS = 4_000;
  private static final int CALM_MILLIS_MAX = 120_000;
  private static final int STEPS_MAX = 60_000;

  final SplittableRandom random;
  final Schedule schedule;
  final Weather weather;
  final MemoryDatabase database;
  final Witness witness = new Witness();
  private final long seed;
  private final boolean traced;
  final Storm storm;
  final Clients clients = new Clients(this);
  private final Server server;
  final List<Node> nodes = new ArrayList<>();
  final List<Reader> readers = new ArrayList<>();

  /// Who sends what, whose outcome is open.
  final Map<String, Node> senders = new LinkedHashMap<>();

  final Map<String, CallPlan> plans = new LinkedHashMap<>();
  private final Map<String, Integer> begun = new HashMap<>();
  private final Set<Situation> situations = EnumSet.noneOf(Situation.class);
  private final List<String> events = new ArrayList<>();
  private final Map<Long, Node> lastWriters = new HashMap<>();
  final Map<SessionKey, Long> ended = new HashMap<>();
  private boolean calm;
  private int connections;
  private int steps;
  private boolean lostAWake;

  /// The outcome of an order.
  record Outcome(
      long seed,
      Weather weather,
      List<String> findings,
      Set<Situation> situations,
      int steps,
      List<String> events) {}

  private World(long seed, Set<Quirk> quirks, boolean traced) {
    this.seed = seed;
    this.traced = traced;
    var source = new SplittableRandom(seed);
    this.weather = Weather.of(source);
    this.random = source.split();
    this.schedule = new Schedule(source.split());
    this.server = new Server(this, source.split());
    this.storm = new Storm(this, server);
    this.database = new MemoryDatabase(server, schedule::nanos, quirks, this::reached);
  }

  /// Runs an order to its end.
  static Outcome run(long seed, Set<Quirk> quirks, boolean traced) {
    var world = new World(seed, quirks, traced);
    Clockwork.drive(world.schedule, world::run);
    return new Outcome(
        seed, world.weather, world.witness.findings(), world.situations, world.steps, world.events);
  }

  private void run() {
    try {
      begin();
      while (schedule.millis() < STORM_MILLIS && step()) {}
      calm();
      while (!isOver() && step()) {}
      new Judgement(this).end();
    } catch (RuntimeException e) {
      witness.found("the order ended early: " + e);
      if (traced) {
        throw e;
      }
    }
  }

  private boolean step() {
    return steps++ < STEPS_MAX && schedule.step();
  }

  private void begin() {
    if (weather.promotions()) {
      database.keepTail();
    }
    for (int each = 0; each < weather.nodes(); each++) {
      bootNode();
    }
    for (int each = 0; each < weather.sessions(); each++) {
      var id = "0123456789abcdef0123456789abcde" + each;
      var row = database.open(id);
      var session =
          new Session(
              new SessionKey(row.key),
              new SessionId(id),
              "2025-11-25",
              new Principal("ada"),
              Codec.object(),
              Codec.object(),
              null,
              new StreamId(row.standalone),
              0,
              "");
      var reader = new Reader(this, session, session.standaloneStream(), true);
      readers.add(reader);
      schedule.start("client", "reader", () -> clients.read(reader));
      schedule.start("senders", "sender", () -> clients.send(reader));
      schedule.start("client", "caller", () -> clients.call(session));
      if (weather.ends() && each == 1) {
        schedule.start("client", "leaver", () -> clients.endSession(reader));
      }
    }
    schedule.start("senders", "broadcaster", clients::broadcast);
    schedule.start("weather", "weather", storm::rage);
  }

  private void bootNode() {
    var node = new Node(this, nodes.size() + 1);
    nodes.add(node);
    schedule.start(node, "boot", node::boot);
  }

  Duration historyAge() {
    return weather.rotations() ? Duration.ofSeconds(3) : Duration.ofHours(1);
  }

  /// A living instance that takes requests.
  Node someNode() {
    while (true) {
      var ready = nodes.stream().filter(node -> node.alive && node.ready).toList();
      if (!ready.isEmpty()) {
        return ready.get(random.nextInt(ready.size()));
      }
      schedule.rest(20);
    }
  }

  // Clients.

  Connection connection(Reader reader, Node node, @Nullable EventId from) {
    var connection = new Connection(this, reader, node, from, ++connections);
    reader.connections.add(connection);
    return connection;
  }

  /// Sends something, and notes what became of it.
  CompletableFuture<Published> send(
      Reader reader, Node node, String text, Supplier<CompletableFuture<Published>> sending) {
    witness.attempted(reader, text);
    trace(() -> node + " sends " + text);
    var sent = sending.get();
    senders.put(text, node);
    return sent.whenComplete((outcome, failure) -> {
      senders.remove(text);
      if (outcome instanceof Published.Stored(var id)) {
        trace(() -> text + " is stored as " + id);
        witness.acknowledged(reader, text, id);
        noteWriter(reader.stream.value(), node);
      } else {
        trace(() -> text + (failure == null ? " is refused" : " failed: " + failure));
        witness.failed(text);
      }
    });
  }

  private void noteWriter(long stream, Node node) {
    var before = lastWriters.put(stream, node);
    if (before != null && before != node && lostAWake) {
      reached(Situation.S1);
    }
  }

  CallPlan plan(String requestId) {
    var plan = plans.get(requestId);
    if (plan == null) {
      throw new IllegalStateException("nobody called " + requestId);
    }
    return plan;
  }

  /// The reader of a call's stream, whose first connection is that of the call.
  Reader reads(Session session, StreamId stream) {
    for (var reader : readers) {
      if (reader.stream.equals(stream)) {
        return reader;
      }
    }
    var reader = new Reader(this, session, stream, false);
    readers.add(reader);
    schedule.start(
        "client",
        "reader",
        () -> {
          schedule.awaitCalmly(() -> !reader.connections.isEmpty(), 1_000);
          if (!reader.connections.isEmpty()) {
            clients.stay(reader, reader.connections.getFirst());
          }
          clients.read(reader);
        });
    return reader;
  }

  void began(String requestId, int run) {
    if ((begun.merge(requestId, 1, Integer::sum) > 2 && !storm.isPromoted()) || run > 2) {
      witness.found("call " + requestId + " began a third run");
    }
  }

  /// Whether a client was told, before that, that its session has ended.
  boolean hadEnded(SessionKey session, long nanos) {
    return ended.getOrDefault(session, Long.MAX_VALUE) < nanos;
  }

  // What is between the instances.

  void notify(InstanceId to, List<Wake> wakes) {
    for (var node : nodes) {
      if (node.alive && node.id().equals(to)) {
        deliver(node, wakes);
      }
    }
  }

  void notifyAll(Node from, Wake wake) {
    for (var node : nodes) {
      if (node.alive && node != from) {
        deliver(node, List.of(wake));
      }
    }
  }

  private void deliver(Node node, Collection<Wake> wakes) {
    if (server.isDown() || (!calm && random.nextInt(100) < weather.lostWakes())) {
      lostAWake = true;
      return;
    }
    var millis = random.nextInt(30);
    schedule.start(
        "network",
        "notify",
        () -> {
          schedule.rest(millis);
          if (node.alive) {
            node.ring(wakes);
          }
        });
  }

  // What goes wrong: [Storm].

  /// A process ends on whatever line it is at; another one starts in its place.
  void kill(Node node) {
    if (!node.alive) {
      return;
    }
    trace(() -> node + " is killed");
    node.alive = false;
    schedule.kill(node);
    senders
        .entrySet()
        .removeIf(sent -> {
          if (sent.getValue() == node) {
            witness.failed(sent.getKey());
            return true;
          }
          return false;
        });
    bootNode();
  }

  /// A call takes its instance with it: nothing of this strand follows.
  void poison(Node node) {
    kill(node);
    Coroutine.stop();
  }

  /// Whether a holder may have died, or been unable to speak, after it wrote something.
  boolean mayHaveLostItsWord(Node holder, long sinceNanos, Connection again) {
    return !holder.alive
        || holder.frozenUntilNanos > sinceNanos
        || holder.isDeclaredDeadSince(sinceNanos)
        || storm.isPromotedSince(sinceNanos)
        || again.grantedNanos - again.openedNanos > 6_000_000_000L
        || !isLeaseKept(holder);
  }

  private boolean isLeaseKept(Node holder) {
    var row = database.members().get(holder.id().value());
    return row != null && database.isAlive(row);
  }

  // The end.

  private void calm() {
    trace(() -> "calm");
    calm = true;
    server.calm();
    server.start();
    schedule.thaw();
    for (var reader : readers) {
      for (var connection : reader.connections) {
        connection.gone = true;
      }
    }
  }

  boolean isCalm() {
    return calm;
  }

  private boolean isOver() {
    return schedule.millis() > STORM_MILLIS + CALM_MILLIS_MAX
        || (witness.isSettled() && areCallsOver() && areNoticesHeard());
  }

  private boolean areNoticesHeard() {
    return readers.stream()
        .filter(reader -> reader.standalone && !reader.over)
        .allMatch(witness::hasHeard);
  }

  private boolean areCallsOver() {
    for (var row : database.streams().values()) {
      if (!row.standalone && !row.finished) {
        return false;
      }
    }
    return true;
  }

  void reached(Situation situation) {
    situations.add(situation);
  }

  void trace(Supplier<String> what) {
    if (traced) {
      events.add(
          "%9.3f ms  %s: %s".formatted(schedule.nanos() / 1e6, schedule.owner(), what.get()));
    }
  }

  @Override
  public String toString() {
    return "seed " + seed;
  }
}
