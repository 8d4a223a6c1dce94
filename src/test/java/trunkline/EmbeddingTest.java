package trunkline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;
import trunkline.config.ServerConfig;
import trunkline.feature.Catalog;
import trunkline.feature.CatalogProvider;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;
import trunkline.feature.SendOutcome;
import trunkline.feature.Settings;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.feature.TrunklineException;
import trunkline.feature.TrunklineException.Reason;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message.Notification;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestDatabase;

/// What the README says about embedding; its code is this code ([ReadmeTest]).
class EmbeddingTest {
  private static final Tool GREET =
      Tool.named("greet")
          .description("Says hello")
          .handler((none, context) -> ToolResult.text("hello"));

  /// Settings that a program made, or might rely on the default of.
  private static final List<String> PROGRAMS =
      List.of(
          "search_path",
          "lock_timeout",
          "orders.tenant",
          "enable_seqscan",
          "idle_in_transaction_session_timeout",
          "application_name");

  private static final Tool ASK_BRIEFLY =
      Tool.named("ask_briefly")
          .description("Waits a moment for the client, whatever the server's policy says")
          .handler((none, context) -> {
            var question = new ClientRequest("ping", Codec.object());
            try {
              context.ask(question.withPatience(Duration.ofMillis(200)));
              return ToolResult.text("answered");
            } catch (ClientRequestFailed e) {
              return ToolResult.text(e.reason().name());
            }
          });

  static Server start(String databaseUrl) {
    var catalog = Catalog.builder().add(GREET).build();
    return Trunkline.builder().catalog(catalog).databaseUrl(databaseUrl).start();
  }

  static Server start(String databaseUrl, Path passwordFile) {
    return Trunkline.builder()
        .catalog(Catalog.builder().add(GREET).build())
        .databaseUrl(databaseUrl)
        .databasePasswordFile(passwordFile)
        .port(0)
        .requestTimeout(Duration.ofMinutes(2))
        .start();
  }

  static String failed(TrunklineException failure) {
    return switch (failure.reason()) {
      case OPTION -> "an option is wrong, or contradicts another";
      case DATABASE -> "the database is away, or not fit";
      case SCHEMA -> "the schema cannot be brought to this release";
      case LISTENING -> "the port is taken";
    };
  }

  static String told(Server server, String sessionId, Notification notification) {
    return switch (server.handle().send(sessionId, notification)) {
      case SendOutcome.Sent() -> "on its way, whoever holds its stream";
      case SendOutcome.SessionGone(var id) -> "no such session: " + id;
    };
  }

  private static Trunkline.Builder serving(Tool tool, TestDatabase db) {
    return unconnected(tool)
        .databaseUrl(db.url())
        .databaseUser(db.user())
        .databasePassword(db.password());
  }

  private static Trunkline.Builder unconnected(Tool tool) {
    return Trunkline.builder()
        .catalog(Catalog.builder().add(tool).build())
        .port(0)
        .databasePoolSize(4)
        .drainDelay(Duration.ZERO);
  }

  private static PGSimpleDataSource source(TestDatabase db) {
    var source = new PGSimpleDataSource();
    source.setApplicationName("shop");
    source.setUrl(db.url());
    source.setUser(db.user());
    source.setPassword(db.password());
    return source;
  }

  private static String greeted(Server server) throws Exception {
    try (var client = new McpTestClient()) {
      var url = URI.create(server.url());
      client.on(url).connect("2025-11-25", "{}");
      return client.on(url).call("greet", "{}").result().at("/content/0/text").asString();
    }
  }

  @Test
  void a_program_serves_its_own_tools_and_speaks_to_its_clients(TestDatabase db) throws Exception {
    var notification =
        new Notification(
            "notifications/message", Codec.object().put("level", "info").put("data", "hi"));

    try (var server = serving(GREET, db).start();
        var client = new McpTestClient()) {
      var url = URI.create(server.url());
      client.on(url).connect("2025-11-25", "{}");

      assertThat(client.on(url).call("greet", "{}").result().at("/content/0/text").asString())
          .isEqualTo("hello");
      assertThat(told(server, client.sessionId(), notification)).startsWith("on its way");
      assertThat(told(server, "0".repeat(32), notification)).startsWith("no such session");
    }
  }

  /// Greets as it was told to at the start.
  private static final class Greetings implements CatalogProvider {
    private String greeting = "";

    @Override
    public String name() {
      return "greetings";
    }

    @Override
    public void open(Settings settings) {
      greeting = settings.require("text") + settings.find("mark").orElse(".");
    }

    @Override
    public void addTo(Catalog.Builder catalog) {
      catalog.add(
          Tool.named("greet")
              .description("Says what it was told to")
              .handler((none, context) -> ToolResult.text(greeting)));
    }
  }

  @Test
  void a_provider_gets_the_settings_that_are_called_like_it(TestDatabase db) throws Exception {
    try (var server =
        serving(GREET, db)
            .catalog(new Greetings())
            .set("greetings.text", "good day")
            .set("greetings.mark", "!")
            .start()) {
      assertThat(greeted(server)).isEqualTo("good day!");
    }
  }

  @Test
  void settings_add_up_however_they_are_said(TestDatabase db) throws Exception {
    try (var server =
        serving(GREET, db)
            .catalog(new Greetings())
            .set("greetings.text", "good night")
            .options(Map.of("set.greetings.mark", "!"))
            .options(Map.of("set", "greetings.text=good day"))
            .start()) {
      assertThat(greeted(server)).isEqualTo("good day!");
    }
  }

  @Test
  void a_setting_that_nobody_would_get_is_refused() {
    var config = ServerConfig.of(Map.of("set.greetings.text", "hi"));
    assertThatThrownBy(() -> Server.start(config, Catalog.builder().add(GREET).build(), _ -> {}))
        .isInstanceOf(TrunklineException.class)
        .hasMessageContaining("settings are for a CatalogProvider");
    assertThatThrownBy(() -> unconnected(GREET).set("greetings.text", "hi").start())
        .isInstanceOf(TrunklineException.class)
        .hasMessageContaining("settings are for a CatalogProvider");
    assertThatThrownBy(() ->
            Trunkline.builder()
                .catalog(new Greetings())
                .options(Map.of("set.greetings.text", "hi", "set.greetings.texts", "hi"))
                .start())
        .isInstanceOf(TrunklineException.class)
        .hasMessageContaining("greetings.texts");
  }

  @Test
  void a_question_may_have_less_patience_than_the_server(TestDatabase db) throws Exception {
    try (var server = serving(ASK_BRIEFLY, db).start();
        var client = new McpTestClient()) {
      var url = URI.create(server.url());
      client.on(url).connect("2025-11-25", "{}");

      assertThat(client.on(url).call("ask_briefly", "{}").result().at("/content/0/text").asString())
          .as("60 s are the server's patience")
          .isEqualTo("EXPIRED");
    }
  }

  @Test
  void a_program_knows_how_its_server_is_and_where(@TempDir Path folder, TestDatabase db)
      throws Exception {
    var password = Files.writeString(folder.resolve("password"), db.password());
    var url = db.url().replace("jdbc:", "").replace("//", "//" + db.user() + "@");

    try (var server = start(url, password)) {
      assertThat(server.port()).isPositive().isEqualTo(server.managementPort());
      assertThat(server.ready()).isTrue();
      assertThat(server.health())
          .isEqualTo(new ServerHealth(true, "serving", true, "notify", List.of()));
      assertThat(greeted(server)).isEqualTo("hello");
      server.hurry();
    }
  }

  private static double connections(SimpleMeterRegistry registry, String kind) {
    return registry.get("trunkline.pool." + kind).gauge().value();
  }

  /// Its meters are in the program's registry while it runs, and its connections are the program's:
  /// given back as they came.
  @Test
  void a_program_lends_its_connections_and_its_registry(TestDatabase db) throws Exception {
    var registry = new SimpleMeterRegistry();
    var pool = new HikariDataSource();
    pool.setDataSource(source(db));
    pool.setMaximumPoolSize(8);
    pool.setAutoCommit(false);
    pool.setConnectionInitSql(
        "set search_path = orders, public; set lock_timeout = '7s'; set orders.tenant = 'x'");

    try (pool) {
      try (var server = unconnected(GREET).dataSource(pool, source(db)).meters(registry).start()) {
        assertThat(greeted(server)).isEqualTo("hello");
        assertThat(server.health().wakeups()).isEqualTo("notify");
        assertThat(connections(registry, "active") + connections(registry, "idle")).isPositive();
      }

      assertThat(registry.getMeters()).isEmpty();
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
      assertThat(settings(pool))
          .as("of the program, and its defaults")
          .containsExactlyInAnyOrder(
              "search_path=orders, public",
              "lock_timeout=7s",
              "orders.tenant=x",
              "enable_seqscan=on",
              "idle_in_transaction_session_timeout=0",
              "application_name=shop",
              "transaction=open");
    }
  }

  /// What each connection that was lent has now.
  private static Set<String> settings(HikariDataSource pool) throws SQLException {
    var settings = new TreeSet<String>();
    var connections = new ArrayList<Connection>();
    try {
      for (var left = pool.getHikariPoolMXBean().getIdleConnections(); left > 0; left--) {
        var connection = pool.getConnection();
        connections.add(connection);
        settings.add("transaction=" + (connection.getAutoCommit() ? "each" : "open"));
        for (var name : PROGRAMS) {
          try (var statement = connection.createStatement();
              var answer = statement.executeQuery("show " + name)) {
            answer.next();
            settings.add(name + "=" + answer.getString(1));
          }
        }
      }
      return settings;
    } finally {
      for (var connection : connections) {
        connection.close();
      }
    }
  }

  @Test
  void what_goes_wrong_is_one_kind_of_exception_with_its_cause(TestDatabase db) throws Exception {
    assertFails(serving(GREET, db).port(65_536), Reason.OPTION)
        .hasMessageStartingWith("port: '65536'");
    assertFails(Trunkline.builder().port(0), Reason.OPTION)
        .hasMessageContaining("nothing to serve");
    assertThatThrownBy(() -> Trunkline.builder().requestTimeout(Duration.ofNanos(1)))
        .isInstanceOf(TrunklineException.class)
        .hasMessageStartingWith("requestTimeout: PT0.000000001S is not a duration of whole");
    assertFails(
            unconnected(GREET).databaseUrl("postgres://no-such-host.invalid/x"), Reason.DATABASE)
        .hasRootCauseInstanceOf(UnknownHostException.class);
    assertFails(serving(GREET, db).dataSource(source(db)), Reason.OPTION)
        .hasMessageContaining("not both");
    db.sql("update trunkline.flyway_schema_history set checksum = 1 where version = '001'");
    assertFails(serving(GREET, db), Reason.SCHEMA);
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      assertFails(serving(GREET, db).port(taken.getLocalPort()), Reason.LISTENING)
          .hasRootCauseInstanceOf(BindException.class);
      assertFails(serving(GREET, db).managementPort(taken.getLocalPort()), Reason.LISTENING);
    }
  }

  private static AbstractThrowableAssert<?, ?> assertFails(
      Trunkline.Builder builder, Reason reason) {
    return assertThatThrownBy(builder::start)
        .isInstanceOfSatisfying(
            TrunklineException.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .satisfies(e -> assertThat(failed((TrunklineException) e)).isNotEmpty());
  }

  @Test
  void health_and_metrics_move_to_a_port_of_their_own(TestDatabase db) throws Exception {
    try (var server = serving(GREET, db).managementPort(0).start()) {
      var apart = "http://localhost:" + server.managementPort();

      assertThat(status(apart + "/observe/health/ready")).isEqualTo(200);
      assertThat(status(apart + "/observe/metrics")).isEqualTo(200);
      assertThat(status(apart + "/mcp")).isEqualTo(404);
      assertThat(status(server.url().replace("/mcp", "/observe/metrics"))).isEqualTo(404);
      assertThat(greeted(server)).isEqualTo("hello");
    }
  }

  private static int status(String url) throws IOException {
    return ((HttpURLConnection) URI.create(url).toURL().openConnection()).getResponseCode();
  }
}
