package trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import trunkline.config.ServerConfig;
import trunkline.feature.Catalog;
import trunkline.feature.ClientRequest;
import trunkline.feature.ClientRequestFailed;
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

  private static Map<String, String> options(TestDatabase db) {
    return Map.of(
        "port", "0",
        "database-url", db.url(),
        "database-user", db.user(),
        "database-password", db.password(),
        "drain-delay", "0s");
  }

  @Test
  void a_program_serves_its_own_tools_and_speaks_to_its_clients(TestDatabase db) throws Exception {
    var notification =
        new Notification(
            "notifications/message", Codec.object().put("level", "info").put("data", "hi"));

    try (var server = start(options(db));
        var client = new McpTestClient()) {
      var url = URI.create(server.url());
      client.on(url).connect("2025-11-25", "{}");

      assertThat(client.on(url).call("greet", "{}").result().at("/content/0/text").asString())
          .isEqualTo("hello");
      assertThat(told(server, client.sessionId(), notification)).startsWith("on its way");
      assertThat(told(server, "0".repeat(32), notification)).startsWith("no such session");
    }
  }

  @Test
  void a_question_may_have_less_patience_than_the_server(TestDatabase db) throws Exception {
    var catalog = Catalog.builder().add(ASK_BRIEFLY).build();

    try (var server = Server.start(ServerConfig.of(options(db)), catalog, event -> {});
        var client = new McpTestClient()) {
      var url = URI.create(server.url());
      client.on(url).connect("2025-11-25", "{}");

      assertThat(client.on(url).call("ask_briefly", "{}").result().at("/content/0/text").asString())
          .as("60 s are the server's patience")
          .isEqualTo("EXPIRED");
    }
  }
}
