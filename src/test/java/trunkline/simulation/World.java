package trunkline.simulation;

import java.nio.charset.StandardCharsets;
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
  private final Server server;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final Map<String, CallPlan> plans = new LinkedHashMap<>();
  private final Map<String, Integer> begun = new HashMap<>();
  private final Set<Situation> situations = EnumSet.noneOf(Situation.class);
  private final List<String> events = new ArrayList<>();
  private final Map<Long, Node> lastWriters = new HashMap<>();
  private final Map<SessionKey, Long> ended = new HashMap<>();
  private boolean calm;
  private int connections;
  private int steps;
  private long promotedNanos = -1;
  private boolean lostAWake;
  private long stoppedNanos;

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
      end();
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
      schedule.start("client", "reader", () -> read(reader));
      schedule.start("senders", "sender", () -> send(reader));
      schedule.start("client", "caller", () -> call(session));
      if (weather.ends() && each == 1) {
        schedule.start("client", "leaver", () -> endSession(reader));
      }
    }
    schedule.start("senders", "broadcaster", this::broadcast);
    schedule.start("weather", "weather", this::storm);
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
  private Node someNode() {
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

  /// Connects, reads for a while, leaves or is left, and comes back; some open another connection
  /// while the first still stands, and some forget where they were.
  private void read(Reader reader) {
    while (!reader.over) {
      var forgets = reader.standalone && !calm && weather.forgetful() && random.nextBoolean();
      var from = forgets ? null : reader.last;
      if (!reader.standalone && from == null) {
        reader.over = true; // nobody could ask for it
        return;
      }
      reader.forgot |= reader.last != null && from == null;
      var node = someNode();
      var connection = connection(reader, node, from);
      trace(() -> connection + " asks " + node + " for what comes after " + from);
      schedule.start(node, "get", () -> node.serve(connection));
      stay(reader, connection);
      schedule.rest(random.nextInt(250));
    }
  }

  private void stay(Reader reader, Connection connection) {
    var millis = calm ? Long.MAX_VALUE : random.nextInt(50, 2_500);
    schedule.awaitCalmly(() -> connection.closed || !connection.node.alive || reader.over, millis);
    if (connection.refusal.equals("400") || connection.refusal.equals("405")) {
      if (reader.standalone) {
        reader.last = null;
      } else {
        reader.over = true;
      }
    }
    reader.over |= connection.refusal.equals("404");
    if (!connection.node.alive || !weather.impatient() || calm || random.nextBoolean()) {
      connection.gone = true;
    }
  }

  private void send(Reader reader) {
    for (int each = 0; each < weather.messages(); each++) {
      schedule.rest(random.nextInt(random.nextInt(3) == 0 ? 5 : 700));
      var node = someNode();
      var text = "message " + each + " to " + reader.stream.value();
      var payload = text.getBytes(StandardCharsets.UTF_8);
      schedule.start(
          node,
          "send",
          () -> {
            var _ = send(reader, node, text, () -> node.streams().send(reader.stream, payload));
          });
    }
  }

  private void broadcast() {
    for (int each = 0; each < weather.messages() / 2; each++) {
      schedule.rest(random.nextInt(700));
      var node = someNode();
      var text = "notice " + each;
      witness.notice(text);
      schedule.start(node, "broadcast", () -> broadcast(node, text));
    }
  }

  private void broadcast(Node node, String text) {
    trace(() -> node + " tells everybody " + text);
    var _ =
        node.announcements()
            .broadcast(text)
            .thenAccept(id -> {
              trace(() -> text + " is stored as " + id);
              witness.announced(text, id);
            });
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

  private final Map<String, Node> senders = new LinkedHashMap<>();

  private void noteWriter(long stream, Node node) {
    var before = lastWriters.put(stream, node);
    if (before != null && before != node && lostAWake) {
      reached(Situation.S1);
    }
  }

  private void call(Session session) {
    for (int each = 0; each < weather.calls(); each++) {
      schedule.rest(random.nextInt(1_500));
      var id = "\"" + session.key().value() + "-" + each + "\"";
      var poison = weather.kills() && random.nextInt(3) == 0;
      var plan =
          new CallPlan(session, id, random.nextInt(1, 5), poison || random.nextBoolean(), poison);
      plans.put(id, plan);
      var node = someNode();
      schedule.start(node, "call", () -> node.call(plan));
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
            stay(reader, reader.connections.getFirst());
          }
          read(reader);
        });
    return reader;
  }

  void began(String requestId, int run) {
    if ((begun.merge(requestId, 1, Integer::sum) > 2 && promotedNanos < 0) || run > 2) {
      witness.found("call " + requestId + " began a third run");
    }
  }

  private void endSession(Reader standalone) {
    schedule.rest(random.nextInt(500, 3_000));
    var session = standalone.session.key().value();
    var streams =
        MemoryDatabase.ascending(
            database.streams().values().stream()
                .filter(row -> row.session == session)
                .map(row -> row.id)
                .toList());
    try {
      database.run(
          new Work<>(
              "sessions.end",
              streams,
              () -> {
                database.end(session);
                return true;
              }));
    } catch (RuntimeException e) {
      return; // the client asks once
    }
    ended.put(standalone.session.key(), schedule.nanos());
    readers.stream()
        .filter(reader -> reader.session.key().value() == session && random.nextBoolean())
        .forEach(reader -> reader.over = true);
  }

  /// Whether a client was told, before that, that its session has ended.
  boolean hadEnded(SessionKey session, long nanos) {
    return ended.getOrDefault(session, Long.MAX_VALUE) < nanos;
  }

  /// Whether a standby took over, which may lack anything.
  boolean isPromoted() {
    return promotedNanos >= 0;
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

  // What goes wrong.

  private void storm() {
    while (!calm) {
      schedule.rest(random.nextInt(100, 900));
      if (calm) {
        return;
      }
      switch (random.nextInt(6)) {
        case 0 -> {
          if (weather.kills()) {
            kill(nodes.get(random.nextInt(nodes.size())));
          }
        }
        case 1 -> {
          if (weather.freezes()) {
            freeze(nodes.get(random.nextInt(nodes.size())));
          }
        }
        case 2 -> {
          if (weather.outages()) {
            outage(0);
          }
        }
        case 3 -> {
          if (weather.promotions() && promotedNanos < 0) {
            outage(random.nextInt(1, 5));
          }
        }
        case 4 -> {
          if (weather.locks()) {
            lockSome();
          }
        }
        default -> {
          if (weather.interrupts()) {
            schedule.interrupt(nodes.get(random.nextInt(nodes.size())), "call");
          }
        }
      }
    }
  }

  /// A process ends on whatever line it is at; another one starts in its place.
  private void kill(Node node) {
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

  private void freeze(Node node) {
    if (node.alive) {
      var millis = random.nextInt(200, 5_000);
      trace(() -> node + " is frozen for " + millis + " ms");
      node.frozenUntilNanos = schedule.nanos() + millis * 1_000_000L;
      schedule.freeze(node, millis);
    }
  }

  /// The database stops, and starts again; or a standby takes its place that lacks the latest.
  private void outage(int lost) {
    trace(() ->
        "the database stops" + (lost > 0 ? ", its latest " + lost + " commits are lost" : ""));
    server.stop(database);
    stoppedNanos = schedule.nanos();
    schedule.rest(random.nextInt(50, 2_000));
    if (lost > 0) {
      promotedNanos = schedule.nanos();
      for (var message : database.promote(lost)) {
        trace(() -> message + " is lost");
        witness.excuse(message);
      }
    }
    server.start();
    trace(() -> "the database is back");
  }

  boolean hasStoppedSince(long sinceNanos) {
    return stoppedNanos > sinceNanos && !server.isDown();
  }

  /// Somebody's transaction keeps a row.
  private void lockSome() {
    var streams = List.copyOf(database.streams().keySet());
    var stream = streams.get(random.nextInt(streams.size()));
    var millis = random.nextInt(50, 900);
    var owner = new Object();
    if (database.lock(owner, stream)) {
      trace(() -> "stream " + stream + " is locked for " + millis + " ms");
      schedule.start(
          "operator",
          "psql",
          () -> {
            schedule.rest(millis);
            database.unlock(owner);
          });
    }
  }

  /// Whether a holder may have died, or been unable to speak, after it wrote something.
  boolean mayHaveLostItsWord(Node holder, long sinceNanos, Connection again) {
    return !holder.alive
        || holder.frozenUntilNanos > sinceNanos
        || promotedNanos > sinceNanos
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

  private void end() {
    for (var sent : senders.entrySet()) {
      witness.found("nobody learns what became of " + sent.getKey());
    }
    readers.stream().filter(reader -> reader.standalone).forEach(witness::judgeNotices);
    for (var row : database.streams().values()) {
      var session = database.sessions().get(row.session);
      if (session != null && session.ended && !row.finished) {
        witness.found("stream " + row.id + " outlives its session");
      } else if (session != null && session.ended && row.createdNanos > session.endedNanos) {
        witness.found("stream " + row.id + " was opened in a session that had ended");
      } else if (!row.standalone && !row.finished) {
        witness.found("call on stream " + row.id + " never ends");
      }
      judgeRuns(row.id);
    }
    trace(() -> "over");
  }

  /// One final response, and no run's messages after those of the next one.
  private void judgeRuns(long stream) {
    var finals = 0;
    var run = 0;
    for (var message : database.messages(stream, 0)) {
      var words = new String(message.payload(), StandardCharsets.UTF_8).split(" ", -1);
      if (words[0].equals("final") || words[0].startsWith("{")) {
        finals++;
      }
      if (words.length > 3 && words[2].equals("run")) {
        var of = Integer.parseInt(words[3]);
        if (of < run) {
          witness.found("stream " + stream + ": run " + of + " after run " + run);
        }
        run = Math.max(run, of);
      }
    }
    if (finals > 1) {
      witness.found("stream " + stream + " has " + finals + " final responses");
    }
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
