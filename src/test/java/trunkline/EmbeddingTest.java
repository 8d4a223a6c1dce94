package trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import trunkline.feature.Catalog;
import trunkline.feature.SendOutcome;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
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

  static Server start(Map<String, String> options) {
    var catalog = Catalog.builder().add(GREET).build();
    return Server.start(ServerConfig.of(options), catalog, event -> {});
  }

  static String told(Server server, String sessionId, Notification notification) {
    return switch (server.handle().send(sessionId, notification)) {
      case SendOutcome.Sent() -> "on its way, whoever holds its stream";
      case SendOutcome.SessionGone(var id) -> "no such session: " + id;
    };
  }

  @Test
  void a_program_serves_its_own_tools_and_speaks_to_its_clients(TestDatabase db) throws Exception {
    var options =
        Map.of(
            "port", "0",
            "database-url", db.url(),
            "database-user", db.user(),
            "database-password", db.password());
    var notification =
        new Notification(
            "notifications/message", Codec.object().put("level", "info").put("data", "hi"));

    try (var server = start(options);
        var client = new McpTestClient()) {
      var url = URI.create(server.url());
      client.on(url).connect("2025-11-25", "{}");

      assertThat(client.on(url).call("greet", "{}").result().at("/content/0/text").asString())
          .isEqualTo("hello");
      assertThat(told(server, client.sessionId(), notification)).startsWith("on its way");
      assertThat(told(server, "0".repeat(32), notification)).startsWith("no such session");
    }
  }
}
