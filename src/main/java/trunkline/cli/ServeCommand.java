package trunkline.cli;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import trunkline.Server;
import trunkline.config.DrainPolicy;
import trunkline.config.ServerConfig;
import trunkline.telemetry.Crash;
import trunkline.telemetry.Telemetry;

/// `./trunkline serve`: an instance in the foreground, until SIGTERM or ctrl-C.
final class ServeCommand {
  private static final String INITIALIZE =
      """
      {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}\
      """;

  private ServeCommand() {}

  /// @param telemetry where traces go, if the environment says it
  static int run(ServerConfig config, Optional<Telemetry> telemetry, PrintStream out)
      throws InterruptedException {
    var delay = config.policies().drain().delay();
    var leaving =
        delay.isPositive()
            ? "Leaving; serving on for " + delay.toSeconds() + " s. Again to leave at once."
            : "";
    return run(
        config,
        leaving,
        () -> {
          var server = Server.start(config, telemetry);
          out.print(greeting(server));
          out.flush();
          return server;
        });
  }

  /// The same for one client over the standard streams. Whatever else is printed, by a tool or a
  /// library, goes to the standard error: what is no message would break the client.
  static int runStdio(ServerConfig config, Optional<Telemetry> telemetry)
      throws InterruptedException {
    // Not System.out, which keeps to itself that nobody reads.
    var messages = new BufferedOutputStream(new FileOutputStream(FileDescriptor.out));
    System.setOut(System.err);
    return run(config, "", () -> Server.startStdio(config, System.in, messages, telemetry));
  }

  private static int run(ServerConfig config, String goodbye, Supplier<Server> start)
      throws InterruptedException {
    var started = new CompletableFuture<Server>();
    // Registered first: a ctrl-C while the server starts must still leave the database in peace.
    var policy = config.policies().drain();
    var leaving =
        Thread.ofPlatform().name("shutdown").unstarted(() -> leave(started, goodbye, policy));
    Runtime.getRuntime().addShutdownHook(leaving);
    Crash.onUncaught();
    try {
      var server = start.get();
      started.complete(server);
      server.awaitStopped();
      return 0;
    } catch (RuntimeException e) {
      forget(leaving);
      started.completeExceptionally(e);
      throw e;
    }
  }

  private static void forget(Thread leaving) {
    try {
      Runtime.getRuntime().removeShutdownHook(leaving);
    } catch (IllegalStateException _) {
      // It is running already, waiting for the start to end, and ends the process.
    }
  }

  /// An instance that leaves in peace has not failed: exit code 0 rather than the signal's. It ends
  /// in bounded time, whatever hangs.
  private static void leave(CompletableFuture<Server> started, String goodbye, DrainPolicy policy) {
    if (!goodbye.isEmpty()) {
      System.err.println(goodbye);
    }
    FurtherSignal.onEach(() -> {
      var _ = started.thenAccept(Server::hurry);
    });
    var left =
        started
            .thenCompose(
                server -> left(server).orTimeout(policy.longest().toMillis(), MILLISECONDS))
            .handle((_, failure) -> failure == null)
            .join();
    Runtime.getRuntime().halt(left ? 0 : 1);
  }

  private static CompletableFuture<Void> left(Server server) {
    return CompletableFuture.runAsync(
        server::close, task -> Thread.ofPlatform().name("leaving").start(task));
  }

  private static String greeting(Server server) {
    var url = server.url();
    var access = server.database();
    var settings = access.connections().settings();
    var password = access.passwordFile().map(file -> " (password in " + file + ")").orElse("");
    return """
    Trunkline ready: %s (instance %s, PostgreSQL %s)

      Claude Code    claude mcp add --transport http trunkline %s
      other clients  {"mcpServers":{"trunkline":{"type":"http","url":"%s"}}}
      more of them   ./trunkline connect --url %s, or %s in a browser
      by hand        curl -si %s -H 'Content-Type: application/json' \
    -H 'Accept: application/json, text/event-stream' -d '%s'
      database       %s as %s%s, or ./trunkline sql
    %s
    """
        .formatted(
            url,
            server.instance(),
            access.version(),
            url,
            url,
            url,
            url.substring(0, url.lastIndexOf('/') + 1),
            url,
            INITIALIZE,
            settings.shownUrl(),
            settings.user(),
            password,
            server.console().map(at -> "  console        " + at + "\n").orElse(""));
  }
}
