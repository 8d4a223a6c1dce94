package trunkline;

import java.time.Duration;
import java.util.function.IntSupplier;
import java.util.function.IntUnaryOperator;
import trunkline.cluster.Sweep;
import trunkline.cluster.Sweeper;
import trunkline.signal.Loop;
import trunkline.signal.Pace;
import trunkline.signal.Subscription;
import trunkline.signal.Topic;
import trunkline.telemetry.ServerEvent;

/// What an instance does by itself: it looks when it is rung, and at its pace when it is not.
final class BackgroundJobs implements AutoCloseable {
  private final Core core;
  private final Watching answers;
  private final Watching cancels;
  private final Watching tasks;
  private final Sweeper catchUp;
  private final Sweeper observation;
  private final Sweeper cleanUp;

  /// A loop with its bell.
  private record Watching(Loop loop, Subscription bell) implements AutoCloseable {
    @Override
    public void close() {
      loop.close();
      bell.close();
    }
  }

  private BackgroundJobs(Core core) {
    this.core = core;
    this.answers = watch("answers", Topic.ANSWER, core.exchanges()::poll);
    this.cancels = watch("cancels", Topic.CALL, core.dispatcher().calls()::poll);
    this.tasks = watch("tasks", Topic.TASK, core.dispatcher().tasks()::poll);
    this.catchUp =
        sweeper("trunkline-catch-up")
            .add(chore("news", Duration.ZERO, _ -> core.streams().sweeps().news()));
    this.observation = observer();
    core.instances().sweeps().forEach(observation::add);
    this.cleanUp =
        sweeper("trunkline-clean-up")
            .add(
                chore("positions", Duration.ofSeconds(1), _ -> core.streams().sweeps().positions()))
            .add(chore("orphans", Duration.ofSeconds(2), core.orphanedCalls()::end))
            .add(chore("dead holders", Duration.ofSeconds(2), core.streams().sweeps()::releaseDead))
            .add(
                chore("orphaned tasks", Duration.ofSeconds(2), core.dispatcher().tasks()::takeOver))
            .add(chore("expired tasks", Duration.ofSeconds(10), core.dispatcher().tasks()::sweep))
            .add(chore("slots", Duration.ofSeconds(5), _ -> core.streams().sweeps().rotate()))
            .add(chore("finished calls", Duration.ofSeconds(10), core.streams().sweeps()::forget))
            .add(chore("sessions", Duration.ofSeconds(5), core.sessions()::sweep))
            .add(chore("switches", Duration.ofSeconds(10), _ -> core.switches().reread()))
            .add(chore("questions", Duration.ofSeconds(10), core.exchanges()::sweep))
            .add(
                chore(
                    "elicitations", Duration.ofSeconds(30), core.exchanges().elicitations()::sweep))
            .add(chore("announcements", Duration.ofSeconds(30), core.announcements()::sweep));
  }

  static BackgroundJobs start(Core core) {
    var chores = new BackgroundJobs(core);
    chores.catchUp.start();
    chores.observation.start();
    chores.cleanUp.start();
    return chores;
  }

  private Sweeper sweeper(String name) {
    var signals = core.signals();
    return new Sweeper(
        name, signals.pace(), signals.doorbells().subscribe(Topic.INSTANCE, 0), core.events());
  }

  /// A sweeper of its own for who lives and who died: an observer whose looks are too far apart has
  /// to start over, so no slow chore may come between them.
  private Sweeper observer() {
    var interval = core.observationInterval();
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
        core.signals().doorbells().subscribe(Topic.INSTANCE, 0),
        core.events());
  }

  private Watching watch(String name, Topic topic, IntSupplier poll) {
    var bell = core.signals().doorbells().subscribe(topic, 0);
    var pace = core.signals().pace();
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
                core.events()
                    .emit(new ServerEvent.SweepFailed(name, String.valueOf(failure.getMessage()))));
    return new Watching(loop, bell);
  }

  private static Sweep chore(String name, Duration cadence, IntUnaryOperator step) {
    return new Sweep() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int run(int rowsMax) {
        return step.applyAsInt(rowsMax);
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
    cleanUp.runOnce();
  }

  @Override
  public void close() {
    catchUp.close();
    observation.close();
    cleanUp.close();
    answers.close();
    cancels.close();
    tasks.close();
  }
}
