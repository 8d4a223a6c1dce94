package trunkline.console;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import trunkline.access.Authenticator;
import trunkline.http.Health;
import trunkline.http.HttpPolicy;
import trunkline.http.HttpServer;
import trunkline.http.HttpSettings;
import trunkline.http.HttpWiring;
import trunkline.jsonrpc.Body;
import trunkline.jsonrpc.ErrorCode;
import trunkline.jsonrpc.RpcError;
import trunkline.memory.MemoryBudget;
import trunkline.protocol.Gateway;
import trunkline.protocol.McpHeaders;
import trunkline.protocol.Refusal;
import trunkline.seal.Seals;
import trunkline.session.Principal;
import trunkline.session.Sender;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.DatabaseSettings;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;

/// The console on the product's own HTTP server, beside the instances of a test: these have a
/// database that is not the embedded one, and so no console.
final class ConsoleServer implements AutoCloseable {
  static final int SHOWN_BY = 7;

  private final Console console;
  private final HttpServer server;
  private final Database keys;
  private final McpTestClient client = new McpTestClient();

  private ConsoleServer(Console console, HttpServer server, Database keys) {
    this.console = console;
    this.server = server;
    this.keys = keys;
  }

  static ConsoleServer on(DatabaseSettings database) {
    return on(database, false);
  }

  /// @param payloads whether it shows what messages say
  static ConsoleServer on(DatabaseSettings database, boolean payloads) {
    var connections = new Connections(database);
    var keys = new Database(connections, "trunkline-test-seals");
    var console =
        Console.nearby(
            new Console.Place(
                connections, () -> new InstanceId(SHOWN_BY), new Seals(keys, _ -> {}), payloads));
    var wiring =
        new HttpWiring(
            new NoMcp(),
            Authenticator.ANONYMOUS,
            (_, _, _, _) -> {},
            () -> new Health.Report(true, "serving", "notify", true),
            Optional::empty,
            () -> new InstanceId(SHOWN_BY),
            Set.of(),
            new MemoryBudget(64 << 20, _ -> {}),
            Map.of(),
            Map.of(Console.PATH, console),
            _ -> {});
    var settings =
        new HttpSettings(
            "127.0.0.1", 0, Set.of(), Set.of(), HttpPolicy.of(Duration.ofSeconds(10), 64 * 1024));
    return new ConsoleServer(console, HttpServer.start(settings, wiring), keys);
  }

  /// All pages there are, with those of the sessions given. A page that is not here is one that no
  /// test walks.
  List<String> pages(List<Long> sessions) {
    var pages = new ArrayList<>(console.paths());
    sessions.forEach(session -> {
      pages.add("sessions/" + session);
      pages.add("sessions/" + session + "/messages");
    });
    pages.add("sessions/900000000");
    pages.add("instances/1");
    pages.add("instances/1/now");
    pages.add("instances/900000000");
    pages.add("nowhere");
    return List.copyOf(pages);
  }

  /// @param path below the console's, with its query
  URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + Console.PATH + path);
  }

  /// What a page answers. Headers are given as name, value, name, value.
  Reply get(String path, String... headers) {
    return ask("GET", path, "", headers);
  }

  Reply ask(String method, String path, String body, String... headers) {
    return client.on(at(path)).raw(method, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  @Override
  public void close() {
    client.close();
    server.close();
    keys.close();
  }

  /// MCP is spoken by the instances.
  private static final class NoMcp implements Gateway {
    private static final trunkline.protocol.Reply NONE =
        trunkline.protocol.Reply.Refused.because(
            Refusal.BAD_REQUEST, null, new RpcError(ErrorCode.INVALID_REQUEST, "no MCP here"));

    @Override
    public trunkline.protocol.Reply post(Sender sender, McpHeaders headers, Body body) {
      return NONE;
    }

    @Override
    public Optional<Gateway> toolset(String name) {
      return Optional.empty();
    }

    @Override
    public trunkline.protocol.Reply get(Principal principal, McpHeaders headers) {
      return NONE;
    }

    @Override
    public trunkline.protocol.Reply delete(Principal principal, McpHeaders headers) {
      return NONE;
    }
  }
}
