package trunkline.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import trunkline.signal.InstanceId;
import trunkline.signal.Signals;
import trunkline.signal.Topic;
import trunkline.signal.Wake;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.DatabaseFailure;
import trunkline.store.DirectConnection;
import trunkline.telemetry.EventSink;
import trunkline.telemetry.ServerEvent;

/// This instance among the others: its number, its heartbeat and the directory.
public final class Instances implements AutoCloseable {
  private final Connections connections;
  private final Signals signals;
  private final InstancePolicy policy;
  private final EventSink events;
  private final InstanceRows rows;
  private final ControlRows control;
  private final TenureWatch tenure;
  private final Observer observer;
  private final DatabaseInspection inspection;
  private final OperatorActionRows actions;
  private final Baton baton;
  private final LookAround look;
  private final Rewinds rewinds = new Rewinds();
  private final Duty duty = new Duty();
  private final List<Runnable> fencedListeners = new CopyOnWriteArrayList<>();
  private final List<Runnable> promotedListeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<InstanceId>> registeredListeners = new CopyOnWriteArrayList<>();
  private volatile @Nullable Registration registration;
  private boolean fenced;
  private boolean rewound;
  private @Nullable Heartbeat heartbeat;

  public Instances(
      Connections connections,
      Database database,
      Signals signals,
      InstancePolicy policy,
      EventSink events) {
    this.connections = connections;
    this.signals = signals;
    this.policy = policy;
    this.events = events;
    this.rows = new InstanceRows(database, policy);
    this.control = new ControlRows(database);
    this.actions = new OperatorActionRows(database);
    this.look = new LookAround(new GlanceRows(database, policy.lease()), rows, signals.lookout());
    this.baton =
        new Baton(database, this::self, policy.lease()).unless(() -> !look.mayHave(Glance::baton));
    this.inspection = new DatabaseInspection(database, events);
    this.tenure = new TenureWatch(policy, this::self, events);
    this.observer = new Observer(this::self, look, policy, events);
  }

  /// Looks at the database, gets a number and begins to beat.
  ///
  /// @throws DatabaseUnfit naming every fault of the database and its remedy
  public InstanceId register() {
    var id = enter(inspection.adopt(false, 0), null);
    tenure.start();
    heartbeat =
        new Heartbeat(
            connections,
            policy,
            this::beat,
            signals.doorbells().subscribe(Topic.INSTANCE, 0),
            events);
    return id;
  }

  /// Committed with a flush, unlike a beat: a number that a crash forgets might be given twice.
  private InstanceId enter(Adoption adoption, @Nullable Registration former) {
    var startedNanos = System.nanoTime();
    var fresh = rows.register(signals.mode(), adoption.restores(), former, duty.isDrainWanted());
    registration = fresh;
    rewinds.start(fresh.startedAt());
    tenure.renew(startedNanos);
    signals.moveTo(fresh.id());
    events.emit(new ServerEvent.InstanceRegistered(fresh.id().value(), policy.url()));
    registeredListeners.forEach(listener -> tellListener(() -> listener.accept(fresh.id())));
    return fresh.id();
  }

  private void beat(DirectConnection line) {
    var startedNanos = System.nanoTime();
    var current = registration();
    if (!fenced && isStillOurs(line, current)) {
      tenure.renew(startedNanos);
      events.emit(
          new ServerEvent.InstanceBeat(
              current.id().value(), (System.nanoTime() - startedNanos) / 1_000));
      return;
    }
    if (!fenced) {
      fenced = true;
      tenure.end();
      events.emit(new ServerEvent.InstanceFenced(current.id().value()));
      fencedListeners.forEach(this::tellListener);
    }
    // What a start does: it may be another database, or this one at an earlier time.
    var lost = rewound || rows.isLost(current, rewinds.seen());
    enter(inspection.adopt(lost, current.restores()), lost ? null : current);
    rewound = false;
    fenced = false;
  }

  private boolean isStillOurs(DirectConnection line, Registration current) {
    var beat = rows.beat(line, current, signals.mode(), duty);
    if (beat.isEmpty()) {
      return false;
    }
    switch (rewinds.since(beat.get())) {
      case SAME -> {}
      case PROMOTED -> promotedListeners.forEach(this::tellListener);
      case REWOUND -> rewound = true;
    }
    if (!rewound) {
      run("drain", () -> duty.heard(beat.get().drainWanted()));
    }
    return !rewound;
  }

  private void tellListener(Runnable listener) {
    run("change of number", listener);
  }

  private void run(String what, Runnable listener) {
    try {
      listener.run();
    } catch (RuntimeException e) {
      events.emit(new ServerEvent.SweepFailed(what, String.valueOf(e.getMessage())));
    }
  }

  /// Our number, which changes when we are fenced.
  public InstanceId self() {
    return registration().id();
  }

  /// Our row, which changes when we are fenced.
  public Registration registration() {
    var current = registration;
    if (current == null) {
      throw new IllegalStateException("not registered yet");
    }
    return current;
  }

  /// How long we may trust our lease.
  public Tenure tenure() {
    return tenure.current();
  }

  /// Every instance that is not forgotten, newest first.
  public List<Instance> directory() {
    return rows.directory();
  }

  public Optional<Instance> find(InstanceId id) {
    return rows.find(id);
  }

  /// Fences an instance that is known to be gone, without waiting for its lease.
  ///
  /// @return false when it was dead, had left or never was
  public boolean declareDead(InstanceId id) {
    return rows.declareDead(id);
  }

  /// Asks an instance, this one or another, to serve nobody while it lives: it is not ready, its
  /// streams go elsewhere, and what it runs may end or is handed on.
  public DrainOutcome drain(InstanceId id) {
    return rows.drain(id);
  }

  /// Takes [#drain] back.
  public UndrainOutcome undrain(InstanceId id) {
    return rows.undrain(id);
  }

  /// Runs with each beat, with whether our row wants us to serve nobody. On the heartbeat's thread.
  public void onDrainWanted(Consumer<Boolean> listener) {
    duty.onDrainWanted(listener);
  }

  /// Asked with each beat whether we are drained, which the directory says then.
  public void drainedWhen(BooleanSupplier condition) {
    duty.drainedWhen(condition);
  }

  /// Asked with each beat how many streams have their client here, which the directory says then.
  public void holding(IntSupplier streams) {
    duty.holding(streams);
  }

  /// Beats now, so that the directory says what has changed.
  public void beatSoon() {
    if (heartbeat != null) {
      heartbeat.soon();
    }
  }

  /// Runs when we were declared dead, before we register anew: stop what was done under the old
  /// number. On the heartbeat's thread, so it has to return soon.
  public void onFenced(Runnable listener) {
    fencedListeners.add(listener);
  }

  /// Runs when a standby was promoted: what was read may be of a tail that it did not get. On the
  /// heartbeat's thread.
  public void onPromoted(Runnable listener) {
    promotedListeners.add(listener);
  }

  /// Runs with each number we get, the first one included.
  public void onRegistered(Consumer<InstanceId> listener) {
    registeredListeners.add(listener);
  }

  /// Runs when we can no longer trust our lease: handlers have to stop. Not on the heartbeat's
  /// thread, and once for each time it happens.
  public void onTenureEnded(Runnable listener) {
    tenure.onEnded(listener);
  }

  /// How many instances lived when this one looked last, itself included. From memory.
  public int living() {
    return observer.living();
  }

  /// What the observer sees besides the others.
  public LookAround look() {
    return look;
  }

  /// What lets one instance sweep for all.
  public Baton baton() {
    return baton;
  }

  /// The jobs of this package that every instance has to do.
  public List<Sweep> sweeps() {
    return List.of(
        observer,
        new OperatorActions(actions, this::self, () -> look.mayHave(Glance::untold), events));
  }

  /// Those that one can do for all.
  public List<Sweep> sweepsForAll() {
    return List.of(
        new ControlWatch(control, events),
        new ForgottenInstances(rows),
        new IdHighSweep(control),
        new ForgottenActions(actions));
  }

  /// Lets the directory say that we are about to leave: with the next beat, which comes now, and
  /// with those after it, should this one fail or find us fenced. We live on until [#leave()].
  public void leaveSoon() {
    duty.leave();
    beatSoon();
  }

  /// Says goodbye, as the last step of a clean stop. Without the database the lease runs out
  /// instead.
  public void leave() {
    close();
    var current = registration();
    try {
      if (rows.leave(current)) {
        signals.waker().wakeAll(new Wake(Topic.INSTANCE, current.id().value()));
        events.emit(new ServerEvent.InstanceLeft(current.id().value()));
      }
    } catch (DatabaseFailure e) {
      events.emit(new ServerEvent.SweepFailed("leave", String.valueOf(e.getMessage())));
    }
  }

  /// Stops beating without a goodbye.
  @Override
  public void close() {
    if (heartbeat != null) {
      heartbeat.close();
    }
    tenure.close();
  }
}
