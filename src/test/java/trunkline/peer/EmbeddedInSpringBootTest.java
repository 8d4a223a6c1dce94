package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.RoundRobin;
import trunkline.testing.TestDatabase;

/// Goal: Trunkline lives in an application that has migrations, a logging configuration, a pool and
/// versions of libraries of its own, and neither notices the other's. Method: `spring-boot` under
/// `src/test/projects` is built by Maven and started twice, on one database.
@Tag("cluster")
@Timeout(value = 6, unit = TimeUnit.MINUTES) // Maven fetches Spring first, where it was never built
class EmbeddedInSpringBootTest {
  private static final Duration START_MAX = Duration.ofSeconds(90);

  /// What the application says when it is there.
  private static final Pattern OPEN =
      Pattern.compile("shop\\| INFO shop\\.ShopApplication open web=(\\d+) mcp=(\\S+)");

  /// The application's own role. The tests' is called like our schema, which PostgreSQL then puts
  /// before `public`: the application's Flyway would take our history for its own.
  private record Owner(TestDatabase db) implements AutoCloseable {
    static final String NAME = "trunkline_test_shop";

    Owner {
      db.sql("drop role if exists " + NAME);
      db.sql("create role %1$s login password '%1$s'".formatted(NAME));
      db.sql("grant create on schema public to " + NAME);
      db.sql("grant create on database %s to %s".formatted(db.name(), NAME));
    }

    @Override
    public void close() {
      db.sql("drop owned by " + NAME + " cascade");
      db.sql("drop role " + NAME);
    }
  }

  /// One running application.
  private record Shop(int web, URI mcp) {
    static Shop of(ForeignProcess process) throws InterruptedException {
      var line = OPEN.matcher(process.awaitLine(OPEN.asMatchPredicate(), START_MAX));
      assertThat(line.matches()).isTrue();
      return new Shop(Integer.parseInt(line.group(1)), URI.create(line.group(2)));
    }

    HttpResponse<String> health() throws IOException, InterruptedException {
      return get(URI.create("http://127.0.0.1:" + web + "/actuator/health"));
    }

    HttpResponse<String> metrics() throws IOException, InterruptedException {
      return get(mcp.resolve("/observe/metrics"));
    }

    private static HttpResponse<String> get(URI from) throws IOException, InterruptedException {
      try (var http = HttpClient.newHttpClient()) {
        return http.send(HttpRequest.newBuilder(from).build(), BodyHandlers.ofString());
      }
    }
  }

  @Test
  void its_tools_are_served_by_two_instances_and_all_else_stays_its_own() throws Exception {
    var project = MavenProject.built("spring-boot");

    try (var db = TestDatabase.createEmpty();
        var _ = new Owner(db);
        var first = start(project, db)) {
      var one = Shop.of(first);
      try (var second = start(project, db)) {
        var two = Shop.of(second);

        ordersAreTakenInTurn(one, two);
        itIsWell(one);
        itIsWell(two);
        migrationsStayApart(db);
        logsAreTheApplications(first);
        logsAreTheApplications(second);
      }
    }
  }

  private static ForeignProcess start(MavenProject project, TestDatabase db) {
    return project.run(
        "target/shop.jar",
        "--spring.datasource.url=" + db.url(),
        "--spring.datasource.username=" + Owner.NAME,
        "--spring.datasource.password=" + Owner.NAME,
        "--spring.datasource.hikari.maximum-pool-size=4");
  }

  private static void ordersAreTakenInTurn(Shop one, Shop two) throws Exception {
    try (var balancer = RoundRobin.over(List.of(one.mcp(), two.mcp()));
        var client = new McpTestClient()) {
      client.on(balancer.url()).connect("2025-11-25", "{}");
      for (var order = 2; order <= 5; order++) {
        var reply = client.on(balancer.url()).call("take_order", "{\"article\":\"bell\"}").result();
        assertThat(reply.at("/content/0/text").asString()).isEqualTo("order " + order);
      }
      assertThat(balancer.routed())
          .contains("POST " + one.mcp().getAuthority(), "POST " + two.mcp().getAuthority());
    }
  }

  private static void itIsWell(Shop shop) throws Exception {
    var health = shop.health();

    assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
    assertThat(Json.of(health.body()).at("/components/db/status").asString()).isEqualTo("UP");
    assertThat(shop.metrics().statusCode()).as("it has no registry for them").isEqualTo(501);
    assertThat(shop.metrics().body()).contains("micrometer-registry-prometheus");
  }

  private static void migrationsStayApart(TestDatabase db) throws IOException {
    assertThat(
            db.sql("select version from public.flyway_schema_history order by installed_rank")
                .column())
        .containsExactly("1", "100");
    assertThat(db.sql("select tablename from pg_tables where schemaname = 'public'").column())
        .containsExactlyInAnyOrder("flyway_schema_history", "orders");
    try (var ours = Files.list(Path.of("db", "migration"))) {
      assertThat(
              db.sql("select script from trunkline.flyway_schema_history where type = 'SQL'")
                  .column())
          .containsExactlyInAnyOrderElementsOf(
              ours.map(file -> file.getFileName().toString()).toList());
    }
  }

  private static void logsAreTheApplications(ForeignProcess shop) {
    assertThat(shop.lines())
        .allMatch(line -> line.startsWith("shop| "))
        .anyMatch(line -> line.contains("trunkline.") && line.contains("registered"))
        .anyMatch(line -> line.contains("org.flywaydb") && line.contains("\"public\""))
        .anyMatch(line -> line.endsWith("callback on the default"))
        .noneMatch(line -> line.contains("org.flywaydb") && line.contains("\"trunkline\""))
        .noneMatch(line -> line.endsWith("callback on trunkline"))
        .noneMatch(line -> line.contains("jOOQ"));
  }
}
