package trunkline.cli;

import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import trunkline.Version;
import trunkline.catalog.FeaturesUnknown;
import trunkline.cluster.DatabaseUnfit;
import trunkline.config.DatabaseChoice;
import trunkline.config.Logging;
import trunkline.config.Options;
import trunkline.config.Refusal;
import trunkline.config.ServerConfig;
import trunkline.embedded.EmbeddedPostgres;
import trunkline.http.PortTaken;
import trunkline.otlp.Otlp;
import trunkline.schema.MigrationNeeded;
import trunkline.signal.NotifyRequired;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.RightMissing;
import trunkline.telemetry.Telemetry;

/// The command line of Trunkline. A failure is one line on the standard error and an exit code: 2
/// when the command line or the configuration is wrong, 1 when the command failed.
public final class Main {
  private static final int FAILED = 1;
  private static final int REFUSED = 2;

  /// Failures whose message tells an operator the remedy.
  private static final Set<Class<?>> EXPLAINED =
      Set.of(
          DatabaseUnavailable.class,
          DatabaseUnfit.class,
          MigrationNeeded.class,
          NotifyRequired.class,
          RightMissing.class,
          FeaturesUnknown.class,
          IllegalArgumentException.class);

  private Main() {}

  public static void main(String[] arguments) {
    LogSetup.choose();
    var code = run(List.of(arguments), System.getenv(), System.out, System.err);
    System.out.flush();
    // Everything is closed by now. System.exit would first load the logging, which is not needed.
    Runtime.getRuntime().halt(code);
  }

  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    try {
      return switch (CommandLine.parse(arguments)) {
        case CommandLine.Version() -> {
          out.println(Version.line());
          yield 0;
        }
        case CommandLine.Help(Optional<Command> command) -> {
          out.print(command.map(HelpText::of).orElseGet(HelpText::overview));
          yield 0;
        }
        case CommandLine.Run run ->
            run(run, Options.resolve(run.options(), environment), environment, out, err);
      };
    } catch (Refusal e) {
      err.println("trunkline: " + oneLine(e));
      return REFUSED;
    } catch (RuntimeException e) {
      err.println("trunkline: " + explained(e));
      LoggerFactory.getLogger(Main.class).debug("why it failed", e);
      return FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FAILED;
    }
  }

  private static int run(
      CommandLine.Run run,
      Options options,
      Map<String, String> environment,
      PrintStream out,
      PrintStream err)
      throws InterruptedException {
    if (run.has(Command.PRINT_CONFIG)) {
      out.print(SettingsTable.of(run.command(), options));
      check(run.command(), options);
      return 0;
    }
    return switch (run.command()) {
      case SERVE -> {
        var config = ServerConfig.read(options);
        LogSetup.apply(config.logging());
        var telemetry = telemetry(environment, config);
        yield run.has("--stdio")
            ? ServeCommand.runStdio(config, telemetry)
            : ServeCommand.run(config, telemetry, out);
      }
      case MIGRATE -> {
        LogSetup.apply(Logging.read(options).quiet());
        yield MigrateCommand.run(run, DatabaseChoice.read(options), out, err);
      }
      case SQL -> {
        LogSetup.apply(Logging.read(options).quiet());
        yield SqlCommand.run(run, DatabaseChoice.read(options), out, err);
      }
      case DOCTOR -> {
        LogSetup.apply(Logging.read(options).quiet());
        yield DoctorCommand.run(DatabaseChoice.read(options), run.has("--json"), out);
      }
      case STATUS -> {
        LogSetup.apply(Logging.read(options).quiet());
        yield StatusCommand.run(run, DatabaseChoice.read(options), out);
      }
      case KEY -> {
        LogSetup.apply(Logging.read(options).quiet());
        yield KeyCommand.run(run, DatabaseChoice.read(options), out, err);
      }
      case CONNECT -> {
        out.print(ConnectCommand.text(run, ServerConfig.read(options)));
        yield 0;
      }
      case STOP -> {
        var folder = DatabaseChoice.embeddedFolder(options);
        out.println(
            EmbeddedPostgres.stop(folder)
                ? "Stopped the embedded PostgreSQL in " + folder + "."
                : "No embedded PostgreSQL is running in " + folder + ".");
        yield 0;
      }
      case TEST, DEMO, CHAOS, BENCH -> {
        var word = run.command().word();
        throw new Refusal(word + " runs in a source checkout: ./trunkline " + word);
      }
    };
  }

  private static Optional<Telemetry> telemetry(
      Map<String, String> environment, ServerConfig config) {
    try {
      var name = config.identity().name().orElse("trunkline");
      return Otlp.from(environment, name, Version.number());
    } catch (IllegalArgumentException e) {
      throw new Refusal(String.valueOf(e.getMessage()));
    }
  }

  /// What is printed is refused all the same when the command would refuse it.
  private static void check(Command command, Options options) {
    switch (command) {
      case SERVE, CONNECT -> ServerConfig.read(options);
      case MIGRATE, SQL, DOCTOR, STATUS, KEY -> DatabaseChoice.read(options);
      case STOP -> DatabaseChoice.embeddedFolder(options);
      case TEST, DEMO, CHAOS, BENCH -> {}
    }
  }

  /// The first cause in the chain that an operator can act on, if any.
  private static String explained(RuntimeException failure) {
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof PortTaken) {
        return oneLine(cause) + ": choose another with --port or --host";
      }
      if (cause instanceof InvalidPathException) {
        return oneLine(cause) + ": the locale has no such letters, LC_ALL=C.UTF-8 has";
      }
      if (EXPLAINED.contains(cause.getClass())) {
        return oneLine(cause);
      }
    }
    return "unexpected failure, --log-level debug shows where: "
        + failure.getClass().getSimpleName()
        + ": "
        + oneLine(failure);
  }

  private static String oneLine(Throwable failure) {
    return String.valueOf(failure.getMessage()).strip().replaceAll("\\s*\\R\\s*", " | ");
  }
}
