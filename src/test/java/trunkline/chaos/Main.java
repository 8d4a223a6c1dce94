package trunkline.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The program behind `./trunkline demo` and `./trunkline chaos`.
///
/// Exit codes: 0 when the verdict is clean, 1 when it is not or nothing came of it, 2 for a wrong
/// command line.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(arguments), out, err));
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    Order order;
    try {
      order = Order.of(arguments);
    } catch (IllegalArgumentException e) {
      err.println("trunkline: " + e.getMessage());
      return 2;
    }
    if (order.help()) {
      out.print(Order.HELP);
      return 0;
    }
    try {
      return play(order, new Narrator(out));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    } catch (Exception | AssertionError e) {
      err.println("trunkline: " + order.word() + " came to no verdict: " + e.getMessage());
      return 1;
    }
  }

  private static int play(Order order, Narrator narrator) throws Exception {
    var target = Path.of(System.getProperty("trunkline.chaos.folder", "target"));
    var folder = Files.createDirectories(target.resolve("chaos-" + ProcessHandle.current().pid()));
    narrator.show(order.title() + "\n");
    if (order.isDrawn()) {
      order.plan().steps().forEach(step -> narrator.show(step.toString()));
    }
    narrator.say(
        "PostgreSQL starts, in a folder of its own: %s".formatted(folder.toAbsolutePath()));
    var stage = new Stage(folder.toAbsolutePath(), order.pollOnly());
    var hook = Thread.ofPlatform().unstarted(stage::close); // ctrl-C leaves nothing running
    Runtime.getRuntime().addShutdownHook(hook);
    boolean clean;
    try (stage;
        var run = new Run(stage.open(narrator), narrator)) {
      if (order.plant() != null) {
        stage.sql(order.plant().sql());
      }
      var report = run.play(order.title(), order.plan());
      clean = report.isClean();
      show(report, order, target, narrator);
      if (!clean) {
        stage.keepLogs();
        narrator.say("What the instances and PostgreSQL said is kept in %s.".formatted(folder));
      }
    } finally {
      forget(hook);
    }
    if (clean) {
      stage.forget();
    }
    return clean ? 0 : 1;
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // It is running already, and ends the process.
    }
  }

  private static void show(Report report, Order order, Path target, Narrator narrator)
      throws IOException {
    var page = report.page();
    narrator.show("\n" + page);
    Files.writeString(target.resolve(order.word() + ".md"), page);
    narrator.say(
        report.isClean()
            ? "Clean: nothing lost, doubled, inverted, misrouted or made up."
            : "NOT clean: see above.");
  }
}
