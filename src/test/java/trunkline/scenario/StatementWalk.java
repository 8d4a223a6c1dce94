package trunkline.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import trunkline.testing.StatementFault;

/// Statements × faults: runs each statement's errand with each fault and notes what came of it.
/// Several booths stand side by side, because most of the time is waiting.
final class StatementWalk {
  /// At least so many; more while there is patience, since some jobs come twice a minute.
  private static final int ATTEMPTS = 3;

  private static final Duration HIT = Duration.ofSeconds(10);

  /// One statement and one fault.
  record Step(String statement, List<Errand> errands, String name, StatementFault fault) {
    /// One after the other until the statement comes by: background jobs come when they want.
    Errand errand(int attempt) {
      return errands.get(attempt % errands.size());
    }

    @Override
    public String toString() {
      return statement + " × " + name + " (" + errands.getFirst() + ")";
    }
  }

  /// What came of a step: nothing when all is well.
  record Outcome(Step step, List<String> wrong, long millis) {
    boolean isWell() {
      return wrong.isEmpty();
    }
  }

  private final int booths;
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

  StatementWalk(int booths) {
    this.booths = booths;
  }

  /// Runs every errand without a fault.
  ///
  /// @return the statements that came by, each with the errands that executed it
  static Map<String, List<Errand>> learn(Collection<Errand> errands) throws Exception {
    try (var booth = new FaultBooth()) {
      return learn(errands, booth);
    }
  }

  /// The same in a booth of the caller's.
  static Map<String, List<Errand>> learn(Collection<Errand> errands, FaultBooth booth)
      throws Exception {
    var learned = new TreeMap<String, List<Errand>>();
    for (var errand : errands) {
      booth.begin();
      errand.run(booth);
      var seen = booth.proxy().seen();
      var wrong = booth.judge();
      if (!wrong.isEmpty()) {
        throw new AssertionError(errand + " without a fault: " + wrong);
      }
      seen.forEach(name -> learned.computeIfAbsent(name, _ -> new ArrayList<>()).add(errand));
    }
    return learned;
  }

  /// Walks all steps.
  Collection<Outcome> walk(List<Step> steps) throws InterruptedException {
    var left = new ConcurrentLinkedQueue<>(steps);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var i = 0; i < Math.min(booths, steps.size()); i++) {
        var _ = threads.submit(() -> serve(left));
      }
    }
    return outcomes;
  }

  private void serve(Queue<Step> left) {
    FaultBooth booth = null;
    for (var step = left.poll(); step != null; step = left.poll()) {
      var start = System.nanoTime();
      List<String> wrong;
      try {
        booth = booth == null ? new FaultBooth() : booth;
        wrong = take(booth, step);
      } catch (RuntimeException | AssertionError e) {
        wrong = List.of("the booth failed: " + e);
      }
      var outcome = new Outcome(step, wrong, (System.nanoTime() - start) / 1_000_000);
      outcomes.add(outcome);
      if (Boolean.getBoolean("trunkline.walk.verbose") || !outcome.isWell()) {
        System.out.println(
            (outcome.isWell() ? "ok  " : "RED ") + step + " " + outcome.millis() + " ms " + wrong);
      }
      if (!wrong.isEmpty()) {
        booth = closed(booth); // the next step must not suffer for this one
      }
    }
    closed(booth);
  }

  private static @Nullable FaultBooth closed(@Nullable FaultBooth booth) {
    if (booth != null) {
      try {
        booth.close();
      } catch (RuntimeException | AssertionError e) {
        System.out.println("a booth did not close: " + e);
      }
    }
    return null;
  }

  private static List<String> take(FaultBooth booth, Step step) {
    booth.begin();
    var wrong = new ArrayList<String>();
    try (var armed = booth.proxy().arm(step.statement(), step.fault())) {
      var hit = false;
      var attempts = 0;
      var until = System.nanoTime() + Trio.FAULT_PATIENCE.toNanos();
      while (!hit && wrong.isEmpty() && (attempts < ATTEMPTS || System.nanoTime() < until)) {
        run(booth, step.errand(attempts++), wrong);
        hit = armed.isHit(attempts < ATTEMPTS ? Duration.ZERO : HIT);
      }
      if (!hit && wrong.isEmpty()) {
        wrong.add("was not executed in " + attempts + " errands");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      wrong.add("interrupted");
    }
    wrong.addAll(booth.judge());
    return wrong;
  }

  private static void run(FaultBooth booth, Errand errand, List<String> wrong) {
    try {
      errand.run(booth);
    } catch (Exception | AssertionError e) {
      wrong.add(first(e));
    }
  }

  /// What failed and where the errand was.
  private static String first(Throwable failure) {
    for (var frame : failure.getStackTrace()) {
      if (frame.getClassName().startsWith(Errand.class.getName())) {
        return failure + " at " + frame.getFileName() + ":" + frame.getLineNumber();
      }
    }
    return failure.toString();
  }

  /// The table, a row a statement and a column a fault.
  static String table(Collection<Outcome> outcomes, Collection<String> faults) {
    var rows = new TreeMap<String, Map<String, Outcome>>();
    for (var outcome : outcomes) {
      rows.computeIfAbsent(outcome.step().statement(), _ -> new LinkedHashMap<>())
          .put(outcome.step().name(), outcome);
    }
    var text = new StringBuilder("| statement | errand | ");
    text.append(String.join(" | ", faults)).append(" |\n|---|---");
    faults.forEach(_ -> text.append("|---"));
    text.append("|\n");
    rows.forEach((statement, cells) -> {
      text.append("| `").append(statement).append("` | ");
      text.append(cells.values().iterator().next().step().errand(0)).append(" |");
      for (var fault : faults) {
        var cell = cells.get(fault);
        text.append(cell == null ? "  |" : cell.isWell() ? " ✓ |" : " **✗** |");
      }
      text.append("\n");
    });
    for (var outcome : outcomes) {
      if (!outcome.isWell()) {
        text.append("\n- ").append(outcome.step()).append(": ");
        text.append(String.join("; ", outcome.wrong()).replace("\n", " "));
      }
    }
    return text.append("\n").toString();
  }
}
