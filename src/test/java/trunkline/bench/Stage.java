package trunkline.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import trunkline.embedded.EmbeddedPostgres;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;

/// The database, and the servers that are started on it. It ends what was started and drops what
/// was made, whoever forgot to.
final class Stage implements AutoCloseable {
  private static final List<String> JAVA = List.of("-Xmx768m", "-XX:+ExitOnOutOfMemoryError");

  private final Database database;
  private final List<Worker> servers = new CopyOnWriteArrayList<>();
  private final Map<String, Stage> siblings = new TreeMap<>();
  private final Map<String, Stage> lasting = new TreeMap<>();
  private volatile boolean closed;
  private boolean cleared;

  /// What there is to connect to.
  ///
  /// @param remains so that nothing of ours may be left in it
  /// @param keeps what was filled with much for a long time
  /// @param end what ends with the stage
  record Database(
      String url, String user, String password, boolean remains, boolean keeps, Runnable end) {}

  private Stage(Database database) {
    this.database = database;
  }

  /// On an embedded PostgreSQL of its own, with the defaults that `serve` has.
  static Stage embedded(Path folder) {
    return embedded(folder, false);
  }

  /// The same in a folder that remains, with what [#lasting] keeps in it.
  static Stage kept(Path folder) {
    return embedded(folder, true);
  }

  private static Stage embedded(Path folder, boolean remains) {
    var server = EmbeddedPostgres.join(folder);
    return new Stage(
        new Database(
            server.jdbcUrl(server.database()),
            server.user(),
            server.password(),
            remains,
            remains,
            server::close));
  }

  /// On a given one, whose schema is migrated.
  static Stage on(String url, String user, String password) {
    return new Stage(new Database(url, user, password, true, false, () -> {}));
  }

  /// A further database on the same server, made anew; dropped in the end. Its name has this
  /// process's id, so that it is nobody else's.
  synchronized Stage sibling(String prefix) throws SQLException {
    var name = prefix + "_" + ProcessHandle.current().pid();
    execute("drop database if exists " + name + " with (force)", "create database " + name);
    var sibling = beside(name);
    siblings.put(name, sibling);
    return sibling;
  }

  /// A sibling that the next benchmark finds as this one has filled it, where anything is kept.
  ///
  /// @param name of the database, which says what is in it
  synchronized Stage lasting(String name, Filling filling) throws Exception {
    if (!database.keeps()) {
      var made = sibling(name);
      filling.fill(made);
      return made;
    }
    if (!databases().contains(name)) {
      var made = sibling(name);
      filling.fill(made);
      made.endServers();
      var unnamed = name + "_" + ProcessHandle.current().pid();
      execute("alter database " + unnamed + " rename to " + name); // now it is whole
      siblings.remove(unnamed);
    }
    return lasting.computeIfAbsent(name, this::beside);
  }

  interface Filling {
    void fill(Stage empty) throws Exception;
  }

  private Stage beside(String name) {
    var url = database.url().replaceFirst("(jdbc:postgresql://[^/]*/)[^?]*", "$1" + name);
    return on(url, database.user(), database.password());
  }

  private Set<String> databases() throws SQLException {
    Set<String> names = new HashSet<>();
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("select datname from pg_database")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  private void execute(String... statements) throws SQLException {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      for (var each : statements) {
        statement.execute(each);
      }
    }
  }

  DatabaseSettings settings() {
    return DatabaseSettings.of(
        database.url(),
        database.url(),
        database.user(),
        new Password.Literal(database.password()),
        4);
  }

  Worker bareServer(String... javaOptions) throws IOException, InterruptedException {
    return keep(Worker.start(BareServer.class, options(javaOptions), List.of()));
  }

  Worker server(String... javaOptions) throws IOException, InterruptedException {
    return server(Map.of(), javaOptions);
  }

  /// The product.
  ///
  /// @param settings as in a file of options, over what a benchmark needs
  Worker server(Map<String, String> settings, String... javaOptions)
      throws IOException, InterruptedException {
    var all =
        new TreeMap<>(
            Map.of(
                "host", "127.0.0.1",
                "port", "0",
                "sessions-max", "1000000",
                "drain-delay", "0s",
                "drain-timeout", "1s",
                "log-level", "warn"));
    all.put("database-url", database.url());
    all.put("database-user", database.user());
    all.put("database-password", database.password());
    all.putAll(settings);
    return keep(
        Worker.start(
            BenchServer.class,
            options(javaOptions),
            all.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList()));
  }

  /// Ends with the row, whatever becomes of that.
  Worker keep(Worker server) {
    servers.add(server);
    if (closed) {
      server.close();
      throw new IllegalStateException("the benchmark was ended");
    }
    return server;
  }

  /// Those that still run, here and on siblings.
  synchronized void endServers() {
    servers.forEach(Worker::close);
    servers.clear();
    siblings.values().forEach(Stage::endServers);
    lasting.values().forEach(Stage::endServers);
  }

  private static List<String> options(String... more) {
    var options = new ArrayList<>(JAVA);
    options.addAll(List.of(more));
    return options;
  }

  /// A new session's id.
  static String session(InetSocketAddress server) throws IOException {
    return session(server, "{}");
  }

  /// The same for a client that can do something.
  static String session(InetSocketAddress server, String capabilities) throws IOException {
    try (var wire = Wire.to(server)) {
      var asked = Requests.initialize(capabilities);
      var id = Text.of(wire, asked).require().header("Mcp-Session-Id");
      var _ = Text.of(wire, Requests.initialized(id)).require();
      return id;
    }
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(database.url(), database.user(), database.password());
  }

  /// Transactions that the database has committed so far, see [Commits].
  long commits() throws SQLException, InterruptedException {
    try (var connection = connect()) {
      return Commits.settled(connection);
    }
  }

  /// Also by ctrl-C, while something else is still going on.
  @Override
  public void close() {
    closed = true;
    synchronized (this) {
      siblings.values().forEach(sibling -> sibling.closed = true);
      lasting.values().forEach(sibling -> sibling.closed = true);
      endServers();
      if (database.remains() && !cleared) {
        clear();
      }
      cleared = true;
      database.end().run();
    }
  }

  private void clear() {
    try {
      for (var name : siblings.keySet()) {
        execute("drop database if exists " + name + " with (force)");
      }
      execute("drop schema if exists trunkline_bench cascade");
      if (database.keeps()) {
        execute("drop schema if exists trunkline cascade");
      }
    } catch (SQLException e) {
      System.out.println("The database could not be cleared: " + e.getMessage());
    }
  }
}
