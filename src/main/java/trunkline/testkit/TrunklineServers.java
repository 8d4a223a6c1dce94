package trunkline.testkit;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import trunkline.Server;
import trunkline.config.ServerConfig;
import trunkline.feature.Catalog;
import trunkline.feature.Feature;

/// Two instances of your server on one database, for the tests of a class:
///
/// ```java
/// @RegisterExtension
/// static TrunklineServers servers = TrunklineServers.of(Pizzeria.TOOL);
/// ```
///
/// They run in the JVM of the tests, on free ports, on an empty database of the embedded
/// PostgreSQL, which is kept in `target` or `build` and starts once a run; or on one of your own
/// ([#database]). Nested test classes share them. Whatever a test starts is closed after the class,
/// its clients after the test.
public final class TrunklineServers
    implements BeforeAllCallback, AfterAllCallback, AfterEachCallback {
  private static final Namespace OURS = Namespace.create(TrunklineServers.class);

  private final Catalog catalog;
  private final Map<String, String> options = new LinkedHashMap<>();
  private final List<Server> servers = new CopyOnWriteArrayList<>();
  private final Queue<McpTestClient> clients = new ConcurrentLinkedQueue<>();
  private int instances = 2;

  /// The test classes that run, each within the one before.
  private int classes;

  private OwnPostgres.@Nullable Database database;

  private TrunklineServers(Catalog catalog) {
    this.catalog = catalog;
    options.put("host", "127.0.0.1");
    options.put("port", "0");
    options.put("database-pool-size", "4");
    options.put("drain-delay", "0s"); // there is no balancer that has to notice
    options.put("drain-timeout", "2s");
  }

  /// Servers with these features.
  public static TrunklineServers of(Feature... features) {
    return of(Catalog.builder().add(features).build());
  }

  public static TrunklineServers of(Catalog catalog) {
    return new TrunklineServers(catalog);
  }

  /// So many instances instead of two, at least one.
  public TrunklineServers instances(int number) {
    if (number < 1) {
      throw new IllegalArgumentException(number + " instances, at least 1");
    }
    instances = number;
    return this;
  }

  /// On this database instead of an embedded one; the schema `trunkline` is made in it and stays.
  public TrunklineServers database(String jdbcUrl, String user, String password) {
    options.put("database-url", jdbcUrl);
    options.put("database-user", user);
    options.put("database-password", password);
    return this;
  }

  /// An option as `./trunkline serve --help` lists them, without the dashes.
  public TrunklineServers option(String name, String value) {
    options.put(name, value);
    return this;
  }

  /// A new client of revision 2025-11-25, closed after the test. In round robin over the instances
  /// that live when it sends something.
  public McpTestClient client() {
    return client("2025-11-25");
  }

  /// The same of another revision; `2026-07-28` is the one without sessions.
  public McpTestClient client(String revision) {
    requireStarted();
    var client = new McpTestClient(this::urls, revision);
    clients.add(client);
    return client;
  }

  /// One of the instances, the first being 0.
  public Server server(int index) {
    requireStarted();
    return servers.get(index);
  }

  /// The endpoints of the instances that live.
  public List<URI> urls() {
    return servers.stream().map(Server::url).map(URI::create).toList();
  }

  /// Ends an instance without a goodbye, as a crash would; the others move up.
  public void kill(int index) {
    server(index).kill();
    servers.remove(index);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    if (classes++ > 0) {
      return;
    }
    var all = new LinkedHashMap<>(options);
    if (!options.containsKey("database-url")) {
      var postgres =
          context
              .getRoot()
              .getStore(OURS)
              .computeIfAbsent(OwnPostgres.class, _ -> OwnPostgres.join(), OwnPostgres.class);
      database = postgres.database();
      all.putAll(database.options());
    }
    for (var i = 0; i < instances; i++) {
      servers.add(Server.start(ServerConfig.of(all), catalog, _ -> {}));
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    for (var client = clients.poll(); client != null; client = clients.poll()) {
      client.close();
    }
  }

  @Override
  public void afterAll(ExtensionContext context) {
    afterEach(context);
    if (--classes > 0) {
      return;
    }
    var leaving = new ArrayList<>(servers);
    servers.clear();
    leaving.forEach(server -> {
      server.hurry();
      server.close();
    });
    if (database != null) {
      database.close();
      database = null;
    }
  }

  private void requireStarted() {
    if (servers.isEmpty()) {
      throw new IllegalStateException(
          "no instance runs: TrunklineServers is a static field with @RegisterExtension");
    }
  }
}
