package trunkline.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import trunkline.testing.Program;

/// The program behind `./trunkline demo` and `./trunkline chaos`: right when the verdict is clean.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    Program.main(arguments, Main::read);
  }

  static Program read(List<String> arguments) {
    var order = Order.of(arguments);
    return order.help() ? Program.help(Order.HELP) : out -> play(order, new Narrator(out));
  }

  private static boolean play(Order order, Narrator narrator) throws Exception {
    var target = Path.of(System.getProperty("trunkline.folder", "target"));
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
    return clean;
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
