package trunkline.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import trunkline.testing.Program;

/// The program behind `./trunkline bench`: right when everything was measured.
public final class Main {
  private final Order order;
  private final PrintStream out;

  /// What ctrl-C ends.
  private volatile @Nullable Stage stage;

  private volatile boolean ended;

  private Main(Order order, PrintStream out) {
    this.order = order;
    this.out = out;
  }

  public static void main(String[] arguments) {
    Program.main(arguments, Main::read);
  }

  static Program read(List<String> arguments) {
    var order = Order.of(arguments);
    return order.help() ? Program.help(Order.HELP) : out -> new Main(order, out).measure();
  }

  private boolean measure() throws Exception {
    var target = Checkout.target();
    var folder = target.resolve("bench-" + ProcessHandle.current().pid());
    var hook = Thread.ofPlatform().unstarted(() -> leaveNothing(folder));
    Runtime.getRuntime().addShutdownHook(hook);
    List<Result> results = new ArrayList<>();
    try (var stage = stage(folder)) {
      this.stage = stage;
      for (var row : order.rows()) {
        try {
          var result = measure(row, stage);
          results.add(result);
          out.println(Table.line(result));
        } catch (Absent e) {
          out.println("Not measured: " + row.word() + ": " + e.getMessage());
        }
      }
    }
    out.println("\n" + Table.text(results));
    var json = Objects.requireNonNullElse(order.json(), target.resolve("bench.json"));
    Files.writeString(json, Table.json(results));
    out.println("All figures are in " + json + ".");
    return results.stream().noneMatch(Result::isFailed);
  }

  private Stage stage(Path folder) throws IOException {
    var url = order.url();
    if (url != null) {
      return Stage.on(url, order.user(), order.password());
    }
    var data = order.data();
    if (data != null) {
      out.println("PostgreSQL starts, in the folder " + data);
      return Stage.kept(Files.createDirectories(data));
    }
    out.println("PostgreSQL starts, in a folder of its own: " + folder);
    return Stage.embedded(Files.createDirectories(folder));
  }

  private Result measure(Row row, Stage stage) {
    out.println("… " + row.title());
    List<Round> rounds = new ArrayList<>();
    try (var trial = row.prepare(stage)) {
      for (var round = 0; round < Math.min(order.effort().rounds(), row.roundsMax()); round++) {
        rounds.add(trial.round());
      }
      return new Result(row, rounds, "");
    } catch (Absent e) {
      throw e;
    } catch (Exception | AssertionError e) {
      if (ended) {
        throw new IllegalStateException("it was interrupted", e); // no table of that
      }
      var why = Objects.requireNonNullElse(e.getMessage(), e.toString());
      out.println(why);
      return new Result(row, rounds, why.lines().findFirst().orElse(""));
    } finally {
      stage.endServers(); // of a row that failed while it was prepared
    }
  }

  /// Servers and PostgreSQL end before their folder goes.
  private void leaveNothing(Path folder) {
    ended = true;
    var begun = stage;
    if (begun != null) {
      begun.close();
    }
    remove(folder);
  }

  private static void remove(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException _) {
      // Somebody still writes there: it is in target, and goes with it.
    }
  }
}
