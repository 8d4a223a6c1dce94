package trunkline.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import trunkline.DatabaseAccess;
import trunkline.config.DatabaseChoice;
import trunkline.config.Refusal;
import trunkline.status.Rates;
import trunkline.status.Status;
import trunkline.status.StatusLook;
import trunkline.store.DatabaseUnavailable;

/// `./trunkline status`: what there is, once or again and again.
final class StatusCommand {
  private static final Duration WATCH = Duration.ofSeconds(2);
  private static final int SECONDS_MAX = 86_400;

  /// The cursor home, and everything below it away.
  private static final String CLEAR = "\u001b[H\u001b[J";

  private StatusCommand() {}

  static int run(CommandLine.Run run, DatabaseChoice choice, PrintStream out)
      throws InterruptedException {
    var pause = pause(run);
    try (var access = DatabaseAccess.openExisting(choice)) {
      if (pause.isEmpty()) {
        print(StatusLook.take(access.connections()), Optional.empty(), run.has("--json"), out);
      } else {
        leaveAtTheEnd(access);
        watch(access, pause.get(), run.has("--json"), out);
      }
      return 0;
    }
  }

  /// Whoever watches ends with ctrl-C; an embedded server that was started for it ends as well.
  private static void leaveAtTheEnd(DatabaseAccess access) {
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(access::close));
  }

  /// Until somebody ends the process. A database that goes away is said, and looked for again.
  private static void watch(DatabaseAccess access, Duration pause, boolean json, PrintStream out)
      throws InterruptedException {
    @Nullable Status earlier = null;
    while (!out.checkError()) { // whoever reads has had enough
      try {
        var status = StatusLook.take(access.connections());
        if (!json && isTerminal()) {
          out.print(CLEAR);
        }
        var rates = Optional.ofNullable(earlier).flatMap(before -> Rates.between(before, status));
        print(status, rates, json, out);
        earlier = status;
      } catch (DatabaseUnavailable e) {
        out.println(json ? StatusJson.away(e) : "the database is away: " + e.getMessage());
        earlier = null;
      }
      Thread.sleep(pause);
    }
  }

  @SuppressWarnings("SystemConsoleNull") // since Java 25 it is null again without a terminal
  private static boolean isTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  /// Empty without `--watch`.
  static Optional<Duration> pause(CommandLine.Run run) {
    if (!run.has("--watch")) {
      return Optional.empty();
    }
    var given = run.switches().getOrDefault("--watch", "");
    if (given.isEmpty()) {
      return Optional.of(WATCH);
    }
    if (!given.matches("[1-9][0-9]{0,4}") || Integer.parseInt(given) > SECONDS_MAX) {
      throw new Refusal(
          "--watch=%s: seconds from 1 to %d, as in --watch=5".formatted(given, SECONDS_MAX));
    }
    return Optional.of(Duration.ofSeconds(Integer.parseInt(given)));
  }

  static void print(Status status, Optional<Rates> rates, boolean json, PrintStream out) {
    out.print(json ? StatusJson.of(status, rates) + "\n" : StatusPage.of(status, rates));
    out.flush();
  }
}
