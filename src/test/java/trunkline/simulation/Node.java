package trunkline.simulation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import trunkline.announcement.SimulatedAnnouncements;
import trunkline.call.CallStart;
import trunkline.call.Orphan;
import trunkline.call.SimulatedCalls;
import trunkline.cluster.SimulatedMember;
import trunkline.memory.MemoryBudget;
import trunkline.session.SessionKey;
import trunkline.signal.Doorbells;
import trunkline.signal.InstanceId;
import trunkline.signal.Wake;
import trunkline.signal.Waking;
import trunkline.simulation.MemoryDatabase.Member;
import trunkline.store.Clockwork;
import trunkline.store.DatabaseFailure;
import trunkline.store.Lane;
import trunkline.store.LanePolicy;
import trunkline.store.OutagePatience;
import trunkline.stream.Claim;
import trunkline.stream.ClientGone;
import trunkline.stream.Outlet;
import trunkline.stream.SimulatedStreams;
import trunkline.stream.StreamWriter;
import trunkline.stream.Streams;
import trunkline.telemetry.ServerEvent;

/// An instance: the product's delivery core over the simulated database, and round it what the
/// simulation has in place of HTTP, of the heartbeat's connection and of the sweeper's thread.
final class Node implements Waking {
  static final Duration LEASE = Duration.ofSeconds(3);
  private static final int PAGE_ROWS = 3;
  private static final int HISTORY_MESSAGES = 1_000;
  private static final int SWEEP_MILLIS = 300;

  /// Often enough that an observer trusts what it sees.
  private static final int CALM_SWEEP_MILLIS = 700;

  private static final int QUIET_MILLIS = 1_000;
  private static final int TAKEN_MAX = 16;
  private static final int HEAR_MILLIS = 400;
  private static final LanePolicy LOOK_UPS = new LanePolicy(32, 1_000, Duration.ofSeconds(10));
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final MemoryBudget MEMORY = MemoryBudget.share(50, _ -> {});

  private final World world;
  private final int number;
  private final Doorbells bells = new Doorbells();
  private final List<Connection> connections = new ArrayList<>();
  private InstanceId id = new InstanceId(1);
  private @Nullable Streams streams;
  private @Nullable SimulatedCalls calls;
  private @Nullable SimulatedMember member;
  private @Nullable SimulatedAnnouncements announcements;
  private @Nullable Lane<SessionKey, Boolean> sessions;
  private final Set<SessionKey> looked = new HashSet<>();
  private boolean grew;
  private long timeline = 1;
  private int runs;
  private int openings;
  private final List<StreamWriter> left = new ArrayList<>();
  boolean alive = true;
  boolean ready;
  private long numberedNanos;
  long frozenUntilNanos;

  Node(World world, int number) {
    this.world = world;
    this.number = number;
  }

  InstanceId id() {
    return id;
  }

  /// Whether it was declared dead since, and goes on under another number.
  boolean isDeclaredDeadSince(long nanos) {
    return numberedNanos > nanos;
  }

  /// The work of a start; whatever it begins is this node's.
  void boot() {
    id = new InstanceId(enter().id);
    member = new SimulatedMember(world.database, this::id, LEASE, this::emit);
    member.renew(world.schedule.nanos());
    timeline = world.database.timeline();
    announcements = new SimulatedAnnouncements(world.database, this::id, bells, this, this::emit);
    sessions = new Lane<>("trunkline-look-up", LOOK_UPS, this::find);
    streams =
        SimulatedStreams.over(
            world.database,
            PAGE_ROWS,
            bells,
            this,
            announcements::after,
            this::id,
            SimulatedStreams.policy(HISTORY_MESSAGES, world.historyAge()),
            MEMORY,
            this::emit);
    calls = SimulatedCalls.over(world.database, streams, this, this::id, this::emit);
    world.schedule.start(this, "heartbeat", this::beat);
    world.schedule.start(this, "sweeper", this::sweep);
    world.schedule.start(this, "keep-alive", this::keepAlive);
    world.schedule.start(this, "log", this::hear);
    ready = true;
  }

  /// Whether these sessions live: one statement for all that ask meanwhile.
  private List<Boolean> find(List<SessionKey> keys) {
    return world.database.run(
        new Work<>("sessions.find", () -> keys.stream().map(this::isLiving).toList()));
  }

  private boolean isLiving(SessionKey key) {
    var row = world.database.sessions().get(key.value());
    return row != null && !row.ended;
  }

  /// Whether the session of a request lives; the answer is as new as the request.
  private boolean isKnown(Connection connection) throws InterruptedException {
    var key = connection.reader.session.key();
    if (world.database.has(Quirk.SESSION_KEPT) && !looked.add(key)) {
      return true;
    }
    var asked = world.schedule.nanos();
    var lives = new OutagePatience(PATIENCE).call(() -> lookUps().ask(key));
    if (!lives && !world.hadEnded(key, asked)) {
      world.reached(Situation.S9);
    }
    return lives;
  }

  private Lane<SessionKey, Boolean> lookUps() {
    return Objects.requireNonNull(sessions);
  }

  SimulatedAnnouncements announcements() {
    return Objects.requireNonNull(announcements);
  }

  /// Reads the log whenever it may have grown.
  private void hear() {
    var _ = bells.listen(List.of(SimulatedAnnouncements.grew()), () -> grew = true);
    while (true) {
      grew = false;
      run(announcements()::readOnce);
      world.schedule.awaitCalmly(() -> grew, HEAR_MILLIS);
    }
  }

  private Member enter() {
    while (true) {
      try {
        return world.database.run(
            new Work<>("instances.register", () -> world.database.enter(LEASE.toNanos())));
      } catch (DatabaseFailure e) {
        world.schedule.rest(100);
      }
    }
  }

  private void emit(ServerEvent event) {
    if (event instanceof ServerEvent.StreamClosed closed && closed.reason().equals("taken over")) {
      connections.stream()
          .filter(connection -> connection.reader.stream.value() == closed.stream())
          .filter(connection -> !connection.gone && !connection.closed)
          .forEach(_ -> world.reached(Situation.S5));
    }
    world.trace(event::toString);
  }

  Streams streams() {
    return Objects.requireNonNull(streams);
  }

  private SimulatedCalls calls() {
    return Objects.requireNonNull(calls);
  }

  private SimulatedMember member() {
    return Objects.requireNonNull(member);
  }

  /// Whether it may still act on what it began.
  boolean isTrusted() {
    return member().isTrusted();
  }

  @Override
  public void wake(InstanceId instance, Collection<Wake> wakes) {
    if (instance.equals(id)) {
      wakes.forEach(bells::ring);
    } else {
      world.notify(instance, List.copyOf(wakes));
    }
  }

  @Override
  public void wakeAll(Wake wake) {
    bells.ring(wake);
    world.notifyAll(this, wake);
  }

  void ring(Collection<Wake> wakes) {
    wakes.forEach(bells::ring);
  }

  private void beat() {
    while (true) {
      var pause = member().beatMillis();
      var began = Clockwork.nanos();
      try {
        if (renewed()) {
          member().renew(began);
        } else {
          id = new InstanceId(enter().id);
          numberedNanos = world.schedule.nanos();
          member().renew(began);
        }
      } catch (DatabaseFailure e) {
        pause /= 4;
      }
      world.schedule.rest(pause);
    }
  }

  /// As at the promotion of a standby: what was read may be of a tail that it did not get.
  private void doubt(long seen) {
    if (seen != timeline) {
      timeline = seen;
      announcements().restart();
      streams().closeConnections();
    }
  }

  private boolean renewed() {
    return world.database.run(
        new Work<>(
            "instances.beat",
            () -> {
              var row = world.database.members().get(id.value());
              if (row == null || !row.isPresent()) {
                return false;
              }
              doubt(world.database.timeline());
              row.beatNanos = world.schedule.nanos();
              row.leaseUntilNanos = row.beatNanos + LEASE.toNanos();
              return true;
            }));
  }

  private void sweep() {
    for (var round = number; ; round++) {
      world.schedule.rest(world.isCalm() ? CALM_SWEEP_MILLIS : SWEEP_MILLIS);
      var sweeps = streams().sweeps();
      run(sweeps::news);
      run(member()::observe);
      if (round % 3 == 0) {
        run(sweeps::unattended);
        run(() -> sweeps.releaseLost(10));
        run(() -> sweeps.releaseUnheld(10));
        run(this::handOn);
        run(this::takeOver);
      }
      if (round % 5 == 0) {
        run(sweeps::positions);
      }
      if (world.weather.rotations() && round % 4 == 0) {
        run(sweeps::rotate);
      }
    }
  }

  /// As the sweeper does: a failure of one is no other's.
  private void run(Runnable sweep) {
    try {
      sweep.run();
    } catch (DatabaseFailure | CancellationException e) {
      world.trace(() -> "sweep failed: " + e.getMessage());
    }
  }

  private void takeOver() {
    for (var orphan : calls().orphaned().takeOver(true, TAKEN_MAX).left()) {
      world.schedule.start(this, "run-" + ++runs, () -> runAgain(orphan));
    }
  }

  private void keepAlive() {
    while (true) {
      world.schedule.rest(QUIET_MILLIS);
      connections.removeIf(connection -> connection.closed);
      connections.forEach(Connection::ringQuiet);
    }
  }

  /// Serves a client's GET until its connection is of no more use.
  void serve(Connection connection) {
    connections.add(connection);
    try {
      var reader = connection.reader;
      if (!isKnown(connection)) {
        connection.refusal = "404";
        connection.closed = true;
        return;
      }
      if (world.hadEnded(reader.session.key(), connection.openedNanos)
          && !world.storm.isPromoted()) {
        world.witness.found(connection + " is served after its session had ended");
      }
      var claim =
          new OutagePatience(PATIENCE)
              .call(() -> streams().claim(reader.session, connection.from, true));
      switch (claim) {
        case Claim.Granted(var claimed) -> {
          connection.granted = true;
          connection.grantedNanos = world.schedule.nanos();
          world.trace(() ->
              connection + " granted under epoch " + claimed.epoch() + " from " + claimed.from());
          feed(connection, streams().feed(claimed, () -> List.of(gap())));
        }
        case Claim.Unknown _ -> connection.refusal = "404";
        case Claim.FromTheFuture _ -> {
          world.reached(Situation.S17);
          connection.refusal = "400";
        }
        case Claim.Gap _ -> {
          world.reached(Situation.S11);
          connection.refusal = "400";
        }
        case Claim.NothingLeft _ -> {
          world.reached(Situation.S5);
          connection.refusal = "405";
        }
      }
    } catch (ClientGone e) {
      connection.refusal = "gone";
    } catch (DatabaseFailure e) {
      connection.refusal = "503";
    } catch (InterruptedException | CancellationException e) {
      connection.refusal = "closed";
    }
    connection.closed = true;
    world.trace(() -> connection + " closed " + connection.refusal);
  }

  private static byte[] gap() {
    return Reader.GAP.getBytes(StandardCharsets.UTF_8);
  }

  private static void feed(Connection connection, Outlet.Feed feed) throws InterruptedException {
    feed.run(connection);
  }

  /// Runs a call whose client is on this instance.
  void call(CallPlan plan) {
    var start =
        new CallStart(
            plan.session().key(),
            plan.session().principal(),
            id,
            CallStart.opening(id, ++openings),
            List.of(
                new CallStart.Requested(
                    plan.requestId(), "tools/call", plan.request(), plan.rerunnable())));
    try {
      var opened = new OutagePatience(PATIENCE).call(() -> calls().opening().open(start, true));
      if (opened.isEmpty()) {
        return;
      }
      var stream = opened.get();
      var reader = world.reads(plan.session(), stream.writer().stream());
      var connection = world.connection(reader, this, null);
      world.schedule.start(
          this,
          "post",
          () -> {
            connections.add(connection);
            try {
              calls().opening().feed(stream).run(connection);
            } catch (ClientGone | InterruptedException | CancellationException e) {
              world.trace(() -> connection + " ended: " + e.getMessage());
            }
            connection.closed = true;
          });
      new Run(world, this, plan, reader, 1).run(stream, 0);
    } catch (DatabaseFailure | InterruptedException | CancellationException e) {
      world.trace(() -> "a call ended: " + e.getMessage());
    }
  }

  private void runAgain(Orphan orphan) {
    try {
      for (int each = 0; each < orphan.calls().size(); each++) {
        var call = orphan.calls().get(each);
        var plan = world.plan(call.requestId());
        if (call.request() == null
            || !new OutagePatience(PATIENCE).call(() -> calls().orphaned().begin(orphan, call))) {
          continue;
        }
        world.reached(Situation.S16);
        var stream = calls().orphaned().resume(orphan);
        var reader = world.reads(plan.session(), orphan.stream());
        new Run(world, this, plan, reader, call.runs() + 1).run(stream, each);
      }
    } catch (DatabaseFailure | InterruptedException | CancellationException e) {
      world.trace(() -> "a further run ended: " + e.getMessage());
    }
  }

  /// Leaves a stream unfinished to whoever takes it over; the next sweep says so.
  void leave(StreamWriter writer) {
    writer.handOn();
    left.add(writer);
    writer.leave();
  }

  private void handOn() {
    if (!left.isEmpty()) {
      var some = List.copyOf(left);
      calls().orphaned().handOn(some);
      left.removeAll(some);
    }
  }

  @Override
  public String toString() {
    return "node " + number;
  }
}
