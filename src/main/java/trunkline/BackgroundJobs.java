package trunkline;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;
import trunkline.cluster.Glance;
import trunkline.cluster.Sweep;
import trunkline.cluster.Sweeper;
import trunkline.history.Minutes;
import trunkline.signal.Loop;
import trunkline.signal.Pace;
import trunkline.signal.Step;
import trunkline.signal.Subscription;
import trunkline.signal.Topic;
import trunkline.telemetry.ServerEvent;

/// The background work of an instance, done on each wake-up and on every poll.
final class BackgroundJobs implements AutoCloseable {
  private static final int LOOKS_IN_A_LEASE = 10;

  /// As long as what others rest upon may go unnoticed; a little less than four polls of the
  /// outbox, so that it comes before the fourth.
  private static final Duration LOOK = Duration.ofMillis(975);

  private final Core core;
  private final Watching answers;
  private final Watching cancels;
  private final Watching tasks;
  private final Sweeper catchUp;
  private final Sweeper observation;

  /// What each instance does about its own.
  private final Sweeper upkeep;

  /// What one does for all.
  private final Sweeper cleanUp;

  /// A loop with its bell.
  private record Watching(Loop loop, Subscription bell) implements AutoCloseable {
    @Override
    public void close() {
      loop.close();
      bell.close();
    }
  }

  private BackgroundJobs(Core core, Duration lease) {
    this.core = core;
    this.answers = watch("answers", Topic.ANSWER, core.streams().exchanges()::poll);
    this.cancels = watch("cancels", Topic.CALL, core.calls()::poll);
    this.tasks = watch("tasks", Topic.TASK, core.calls().tasks()::poll);
    this.catchUp =
        sweeper("trunkline-catch-up")
            .add(
                job(
                    "news",
                    Duration.ZERO,
                    _ -> Step.whole(core.streams().streams().sweeps().news())))
            .add(
                job(
                    "unattended streams",
                    Duration.ZERO,
                    _ -> Step.whole(core.streams().streams().sweeps().unattended())))
            .add(
                job(
                    "moves",
                    Duration.ofSeconds(2), // as often as a beat reads what else is wished
                    _ -> Step.whole(core.streams().streams().sweeps().moveAway())));
    this.observation = observer(shorter(LOOK, lease.dividedBy(LOOKS_IN_A_LEASE)));
    core.cluster().instances().sweeps().forEach(observation::add);
    this.upkeep =
        sweeper("trunkline-upkeep")
            .add(
                job(
                    "positions",
                    Duration.ofSeconds(1),
                    _ -> Step.whole(core.streams().streams().sweeps().positions())))
            .add(
                job(
                    "orphans",
                    Duration.ofSeconds(1),
                    whereSeen(Glance::streams, core.calls()::takeOver)))
            .add(
                job(
                    "orphaned tasks",
                    Duration.ofSeconds(1),
                    whereSeen(Glance::tasks, core.calls().tasks()::takeOver)))
            .add(
                job(
                    "unheld streams",
                    Duration.ofSeconds(10),
                    upTo(core.streams().streams().sweeps()::releaseUnheld)))
            .add(
                job(
                    "last uses",
                    Duration.ofSeconds(5),
                    _ -> done(core.sessions().sessions()::keepUp)))
            .add(job("minutes", Minutes.TURN, _ -> done(core.cluster().minutes()::keepUp)))
            .add(job("key uses", Duration.ofSeconds(10), _ -> done(core.keys()::keepUp)))
            .add(
                job(
                    "session count",
                    Duration.ofSeconds(10),
                    _ -> {
                      var sessions = core.sessions().sessions();
                      sessions.recount(mayHave(seen -> sessions.isCounted(seen.counted())));
                      return Step.whole(0);
                    }))
            .add(
                job(
                    "switches",
                    Duration.ofSeconds(10),
                    _ -> Step.whole(core.sessions().switches().reread())))
            .add(
                job(
                    "seal keys",
                    Duration.ofSeconds(15), // four times in the minute before a key is used
                    _ -> core.sessions().seals().reread()))
            .add(job("rates", Duration.ofSeconds(15), _ -> core.sessions().rates().reread()))
            .add(
                job(
                    "idle portions",
                    Duration.ofSeconds(1),
                    _ -> core.sessions().rates().giveBackIdle()));
    this.cleanUp =
        sweeper("trunkline-clean-up")
            .with(core.cluster().instances().baton())
            .add(
                job(
                    "dead holders",
                    Duration.ofSeconds(2),
                    whereSeenOrAfter(
                        Duration.ofSeconds(10), // whom nobody saw go
                        seen -> core.streams().streams().sweeps().mayBeLost(seen.gone()),
                        upTo(core.streams().streams().sweeps()::releaseLost))))
            .add(
                job(
                    "ended moves",
                    Duration.ofSeconds(30),
                    upTo(core.streams().streams().sweeps()::forgetMoves)))
            .add(job("expired tasks", Duration.ofSeconds(30), upTo(core.calls().tasks()::sweep)))
            .add(
                job(
                    "slots",
                    core.streams().streams().sweeps().rotation(),
                    _ -> Step.whole(core.streams().streams().sweeps().rotate())))
            .add(
                job(
                    "finished calls",
                    Duration.ofSeconds(30),
                    upTo(core.streams().streams().sweeps()::forget)))
            .add(job("sessions", Duration.ofSeconds(2), core.sessions().sessions()::sweep))
            .add(job("questions", Duration.ofSeconds(10), core.streams().exchanges()::sweep))
            .add(
                job(
                    "elicitations",
                    Duration.ofSeconds(30),
                    upTo(core.streams().exchanges().elicitations()::sweep)))
            .add(
                job(
                    "announcements",
                    Duration.ofSeconds(30),
                    upTo(core.sessions().announcements()::sweep)))
            .add(job("old api keys", Duration.ofMinutes(1), core.keys()::sweep))
            .add(job("old seal keys", Duration.ofMinutes(1), core.sessions().seals()::sweep))
            .add(job("old minutes", Duration.ofMinutes(10), upTo(core.cluster().minutes()::sweep)))
            .add(job("full buckets", Duration.ofMinutes(1), core.sessions().rates()::sweep))
            .add(job("audit slots", Duration.ofMinutes(1), _ -> Step.whole(core.audit().keep())));
    core.cluster().instances().sweepsForAll().forEach(cleanUp::add);
  }

  private static Step done(Runnable work) {
    work.run();
    return Step.whole(0);
  }

  static BackgroundJobs start(Core core, Duration lease) {
    var jobs = new BackgroundJobs(core, lease);
    jobs.catchUp.start();
    jobs.observation.start();
    jobs.upkeep.start();
    jobs.cleanUp.start();
    return jobs;
  }

  private Sweeper sweeper(String name) {
    var signals = core.cluster().signals();
    return new Sweeper(
        name,
        signals.pace(),
        signals.doorbells().subscribe(Topic.INSTANCE, 0),
        core.cluster().events());
  }

  /// A separate sweeper that watches leases: an observer whose polls are too far apart must start
  /// over, so no slow job may come between them.
  private Sweeper observer(Duration interval) {
    var pace =
        new Pace() {
          @Override
          public Duration interval() {
            return interval;
          }

          @Override
          public void reset() {}
        };
    return new Sweeper(
        "trunkline-observer",
        pace,
        core.cluster().signals().doorbells().subscribe(Topic.INSTANCE, 0),
        core.cluster().events());
  }

  private Watching watch(String name, Topic topic, IntSupplier poll) {
    var bell = core.cluster().signals().doorbells().subscribe(topic, 0);
    var pace = core.cluster().signals().pace();
    var loop =
        Loop.start(
            "trunkline-" + name,
            bell.bell(),
            pace,
            () -> {
              if (poll.getAsInt() > 0) {
                pace.reset();
              }
            },
            failure ->
                core.cluster()
                    .events()
                    .emit(new ServerEvent.SweepFailed(name, String.valueOf(failure.getMessage()))));
    return new Watching(loop, bell);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /// A step that asks the database only where the look around saw that there may be something.
  private IntFunction<Step> whereSeen(Predicate<Glance> what, IntFunction<Step> step) {
    return rowsMax -> mayHave(what) ? step.apply(rowsMax) : Step.whole(0);
  }

  /// The same, and so long after the last time whatever was seen.
  private IntFunction<Step> whereSeenOrAfter(
      Duration rest, Predicate<Glance> what, IntFunction<Step> step) {
    var lastNanos = new AtomicLong(System.nanoTime() - rest.toNanos());
    return rowsMax -> {
      var now = System.nanoTime();
      if (!mayHave(what) && now - lastNanos.get() < rest.toNanos()) {
        return Step.whole(0);
      }
      lastNanos.set(now);
      return step.apply(rowsMax);
    };
  }

  private boolean mayHave(Predicate<Glance> what) {
    return core.cluster().instances().look().mayHave(what);
  }

  /// A step that says only how many of the rows it was allowed it has handled.
  private static IntFunction<Step> upTo(IntUnaryOperator rows) {
    return rowsMax -> Step.upTo(rowsMax, rows.applyAsInt(rowsMax));
  }

  private static Sweep job(String name, Duration cadence, IntFunction<Step> step) {
    return new Sweep() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Step run(int rowsMax) {
        return step.apply(rowsMax);
      }

      @Override
      public Duration cadence() {
        return cadence;
      }
    };
  }

  /// One round of everything, now.
  void runOnce() {
    catchUp.runOnce();
    observation.runOnce();
    upkeep.runOnce();
    cleanUp.runOnce();
  }

  @Override
  public void close() {
    catchUp.close();
    observation.close();
    upkeep.close();
    cleanUp.close();
    answers.close();
    cancels.close();
    tasks.close();
  }
}
