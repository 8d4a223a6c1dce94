package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import trunkline.feature.Catalog;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.Json;
import trunkline.testing.RoundRobin;
import trunkline.testing.TestCluster;

/// Requirement J1, with programs that are not ours: the TypeScript SDK's client is given nothing
/// but the server's URL and a name at the identity provider (`oidc-provider`), finds that, lets its
/// user log in and agree, and calls; and asks for more when it is told that it needs more. Each of
/// its requests goes to another of three instances.
@Tag("peer")
class OAuthFlowTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String ISSUER = "issuer ";

  private static final Tool READ =
      Tool.named("read_orders")
          .description("Reads orders")
          .handler((_, context) -> ToolResult.text("orders of " + context.principal()));

  private static final Tool CANCEL =
      Tool.named("cancel_order")
          .description("Cancels an order")
          .requires("orders:read", "orders:write")
          .handler((_, context) -> ToolResult.text("cancelled for " + context.principal()));

  @ParameterizedTest
  @ValueSource(strings = {"jwt", "opaque"})
  void a_client_that_knows_only_the_address_gets_in_and_asks_for_more(
      String format, TestCluster cluster, @TempDir Path folder) throws Exception {
    var node = Node.required();
    List<URI> instances = new CopyOnWriteArrayList<>();
    try (var balancer = RoundRobin.over(instances);
        var provider = node.start("oauth.mjs", "provider", balancer.url().toString(), format)) {
      var issuer = issuer(provider);
      begin(cluster, balancer, issuer, format, folder);
      for (var name : List.of("a", "b", "c")) {
        instances.add(cluster.start(name).url());
      }

      var seen = flow(node, balancer.url());

      var ada = issuer + " ada";
      assertThat(seen.get("first").asString()).isEqualTo("orders of " + ada);
      assertThat(seen.get("granted").asString()).isEqualTo("orders:read");
      assertThat(seen.get("second").asString()).isEqualTo("cancelled for " + ada);
      assertThat(seen.get("third").asString()).isEqualTo("orders of " + ada);
      assertThat(seen.get("grantedThen").asString().split(" ", -1))
          .containsExactlyInAnyOrder("orders:read", "orders:write");
      assertThat(seen.get("asked"))
          .hasSize(2)
          .allSatisfy(asked -> {
            assertThat(asked.get("resource").asString()).isEqualTo(balancer.url().toString());
            assertThat(asked.get("code_challenge_method").asString()).isEqualTo("S256");
          });
      assertThat(texts(seen.get("requests")))
          .startsWith("POST /mcp 401", "GET /.well-known/oauth-protected-resource/mcp 200")
          .contains("POST /mcp 403")
          .last()
          .isEqualTo("POST /mcp 200");
    } finally {
      cluster.close();
    }
  }

  private static String issuer(ForeignProcess provider) throws InterruptedException {
    var line = provider.awaitLine(text -> text.startsWith(ISSUER), PATIENCE);
    return Json.of(line.substring(ISSUER.length())).asString();
  }

  private static void begin(
      TestCluster cluster, RoundRobin balancer, String issuer, String format, Path folder)
      throws IOException {
    cluster
        .with(Catalog.builder().add(READ, CANCEL).build())
        .with("public-url", balancer.url().toString())
        .with("oidc-issuer", issuer)
        .with("oidc-scopes", "orders:read");
    if (format.equals("opaque")) {
      var secret = Files.writeString(folder.resolve("secret"), "a secret: 100%");
      cluster
          .with("oidc-introspection-client", "trunkline")
          .with("oidc-introspection-secret-file", secret.toString());
    }
  }

  private static JsonNode flow(Node node, URI url) throws InterruptedException {
    try (var script = node.start("oauth.mjs", "flow", url.toString())) {
      return script.result(PATIENCE);
    }
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }
}
