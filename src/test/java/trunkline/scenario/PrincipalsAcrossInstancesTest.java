package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: a session belongs to who opened it; for everybody else it does not exist, on any instance.
@Tag("cluster")
class PrincipalsAcrossInstancesTest {
  @Test
  void tokens_name_the_principal_and_another_ones_session_is_a_404(
      TestCluster cluster, @TempDir Path folder) throws Exception {
    var file =
        Files.write(
            folder.resolve("tokens"),
            List.of("alice " + sha256("a-token"), "bob " + sha256("b-token")));
    var a = cluster.start("a", "bearer-tokens-file", file.toString());
    var b = cluster.start("b", "bearer-tokens-file", file.toString());

    try (var alice = new McpTestClient().withHeader("Authorization", "Bearer a-token");
        var bob = new McpTestClient().withHeader("Authorization", "Bearer b-token");
        var nobody = new McpTestClient()) {
      alice.on(a).connect(Trio.REVISION);
      requireHidden(bob, alice.sessionId(), a, b);

      nobody.withSession(alice.sessionId(), Trio.REVISION);
      var refused = nobody.on(b).request("ping");
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.header("www-authenticate")).isEqualTo("Bearer");
      assertThat(alice.on(b).request("ping").status()).isEqualTo(200);
    }
  }

  @Test
  void a_proxy_names_the_principal(TestCluster cluster) throws Exception {
    String[] trust = {
      "trusted-principal-header", "X-Forwarded-User", "trusted-proxies", "127.0.0.0/8"
    };
    var a = cluster.start("a", trust);
    var b = cluster.start("b", trust);

    try (var alice = new McpTestClient().withHeader("X-Forwarded-User", "alice");
        var bob = new McpTestClient().withHeader("X-Forwarded-User", "bob")) {
      alice.on(a).connect(Trio.REVISION);
      requireHidden(bob, alice.sessionId(), a, b);
      assertThat(alice.on(b).request("ping").status()).isEqualTo(200);
    }
  }

  private static void requireHidden(McpTestClient other, String session, Instance... instances) {
    other.withSession(session, Trio.REVISION);
    for (var instance : instances) {
      assertThat(other.on(instance).request("ping").status()).isEqualTo(404);
      assertThat(other.on(instance).get().status()).isEqualTo(404);
      assertThat(other.on(instance).resume("1.0.0").status()).isEqualTo(404);
      assertThat(other.on(instance).delete().status()).isEqualTo(404);
    }
  }

  private static String sha256(String token) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
  }
}
