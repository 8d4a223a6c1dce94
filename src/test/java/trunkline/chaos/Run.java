package trunkline.chaos;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import trunkline.testing.History;
import trunkline.testing.History.Kind;

/// One performance of a plan on a stage that is open: lets the guests in, makes the faults, waits
/// for what must still come, and judges.
final class Run implements AutoCloseable {
  static final int GUESTS = 6;

  /// Every fault has at least this much time to do harm before the next.
  private static final long AFTERMATH_MILLIS = 2_000;

  private final Narrator narrator;
  private final Stage stage;
  private final Pause pause = new Pause();
  private final Pause end = new Pause();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Struck> struck = new ArrayList<>();

  Run(Stage stage, Narrator narrator) {
    this.stage = stage;
    this.narrator = narrator;
  }

  /// @param title the line that repeats it
  Report play(String title, Plan plan) throws InterruptedException {
    var crowd = crowd();
    narrator.say(
        ("%d clients connect: each keeps a stream open, hears a message every %d ms, and calls tools"
                + " that bake, ask the user, run as tasks, and write to others.")
            .formatted(GUESTS, Flow.MILLIS));
    var guests = crowd.guests();
    for (var guest : guests) {
      var _ = go(crowd, () -> guest.listen(end));
    }
    var _ = go(crowd, new Flow(stage, guests, crowd.history(), crowd.tally(), pause));
    var callers =
        IntStream.range(0, guests.size())
            .mapToObj(i -> new Caller(guests.get(i), crowd, pause, end, plan.seed() * 1_000 + i))
            .map(caller -> go(crowd, caller))
            .toList();
    strike(plan);
    narrator.say("Nothing more is begun; what was promised must still come.");
    pause.end();
    var over = System.nanoTime();
    settle(plan, callers, crowd);
    end.end();
    threads.close();
    guests.forEach(Guest::close);
    return Report.of(title, struck, over, crowd);
  }

  private Crowd crowd() throws InterruptedException {
    var history = new History();
    var gaps = new Gaps();
    var tally = new Tally();
    var guests = new ArrayList<Guest>();
    for (var i = 1; i <= GUESTS; i++) {
      guests.add(new Guest("g" + i, stage.url(), history, gaps, tally));
    }
    return new Crowd(List.copyOf(guests), history, gaps, tally, stage.runsAgain());
  }

  private Future<?> go(Crowd crowd, Runnable work) {
    return threads.submit(() -> {
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        crowd.tally().wrong("a client gave up: %s".formatted(e));
        throw e;
      }
    });
  }

  private void strike(Plan plan) {
    var begin = System.nanoTime();
    for (var step : plan.steps()) {
      await(begin, step.at());
      if (!plan.entire() && System.nanoTime() - begin > plan.seconds() * 1_000_000_000L) {
        break;
      }
      struck.add(new Struck(step, System.nanoTime()));
      try {
        step.fault().strike(step, stage, narrator, pause);
      } catch (SQLException e) {
        narrator.say("That fault was not to be had: %s".formatted(e.getMessage()));
      }
      var _ = pause.of(AFTERMATH_MILLIS);
    }
    await(begin, plan.seconds());
  }

  private void await(long begin, int second) {
    var _ = pause.of(second * 1_000L - (System.nanoTime() - begin) / 1_000_000);
  }

  /// Until each call has ended and each promise is kept, or for as long as is reasonable.
  private void settle(Plan plan, List<? extends Future<?>> callers, Crowd crowd)
      throws InterruptedException {
    var until = System.nanoTime() + TimeUnit.SECONDS.toNanos(plan.patience());
    while (System.nanoTime() - until < 0
        && !(callers.stream().allMatch(Future::isDone)
            && crowd.history().verdict().of(Kind.LOST).isEmpty())) {
      var _ = end.of(500);
    }
    var _ = end.of(500); // what must not come would come about now
  }

  @Override
  public void close() {
    pause.end();
    end.end();
    threads.shutdownNow();
  }
}
