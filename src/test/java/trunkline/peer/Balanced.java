package trunkline.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import trunkline.jsonrpc.Codec;
import trunkline.jsonrpc.Message.Notification;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;

/// Three instances and what a session through a balancer before them has to be like.
final class Balanced {
  /// Far below the keep-alive: whatever would be held back until then has been held back.
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  private static final int PINGS = 6;

  private final List<TestCluster.Instance> instances;

  private Balanced(List<TestCluster.Instance> instances) {
    this.instances = instances;
  }

  static Balanced over(TestCluster cluster) {
    return new Balanced(
        List.of(cluster.start("a"), cluster.start("b", "poll-only", "true"), cluster.start("c")));
  }

  List<TestCluster.Instance> instances() {
    return instances;
  }

  List<URI> urls() {
    return instances.stream().map(TestCluster.Instance::url).toList();
  }

  /// One session, its requests going round: opened, listened to, a call that asks, a broadcast.
  void serveSession(URI url) throws InterruptedException {
    var seen = new HashSet<String>();
    try (var client = new McpTestClient()) {
      client.on(url).connect("2025-11-25", "{\"elicitation\":{}}");
      for (var ping = 0; ping < PINGS; ping++) {
        assertThat(noted(client.on(url).request("ping", "{}"), seen).result()).isEmpty();
      }
      assertThat(seen).as("instances that answered").containsExactlyInAnyOrderElementsOf(ids());

      var standalone = client.on(url).get().sse();
      standalone.next(AT_ONCE); // primed
      var call = client.on(url).call("order_pizza", "{\"guests\":3}").sse();
      var question = call.nextMessageEvent(AT_ONCE).message();
      assertThat(question.get("method").asString()).isEqualTo("elicitation/create");
      var answer =
          "{\"action\":\"accept\",\"content\":{\"size\":\"SMALL\",\"toppings\":[],\"glutenFree\":false}}";
      assertThat(client.on(url).respond(question, answer).status()).isEqualTo(202);
      assertThat(call.nextMessageEvent(AT_ONCE).message().toString()).contains("3 × SMALL pizza");

      for (var instance : instances) {
        instance.server().handle().broadcast(hello(instance.id()));
        assertThat(standalone.nextMessageEvent(AT_ONCE).message().at("/params/data").asInt())
            .isEqualTo(instance.id());
      }
      assertThat(client.on(url).delete().status()).isBetween(200, 204);
    }
  }

  /// One instance leaves; a session that is open goes on as if nothing had happened.
  void outliveAnInstance(URI url) throws InterruptedException {
    try (var client = new McpTestClient()) {
      client.on(url).connect("2025-11-25", "{}");
      instances.getFirst().close();
      for (var ping = 0; ping < PINGS; ping++) {
        assertThat(client.on(url).request("ping", "{}").result()).isEmpty();
      }
    }
  }

  /// Health and metrics name no session and ask for no credentials: they stay inside.
  static void hideTheRest(URI url) {
    for (var path :
        List.of(
            "/observe/metrics", "/mcp/../observe/metrics", "/console/", "/welcome/x/y", "/mcpx")) {
      var hidden = got(url, path);
      assertThat(hidden.status()).as(path).isEqualTo(404);
      assertThat(hidden.header("trunkline-instance")).as(path).isNull();
    }
  }

  /// What clients have to reach besides: toolsets, where to get a token, and a page for people.
  static void showWhatClientsNeed(URI url) {
    for (var path :
        List.of(
            "/mcp/",
            "/mcp/kitchen",
            "/",
            "/welcome/welcome.css",
            "/.well-known/oauth-protected-resource",
            "/.well-known/oauth-protected-resource/mcp")) {
      assertThat(got(url, path).header("trunkline-instance")).as(path).isNotNull();
    }
  }

  private static Reply got(URI url, String path) {
    try (var client = new McpTestClient()) {
      return client
          .on(URI.create(url.getScheme() + "://" + url.getAuthority() + path))
          .raw("GET", new byte[0], "Host", "localhost");
    }
  }

  private Set<String> ids() {
    var ids = new HashSet<String>();
    instances.forEach(instance -> ids.add(Integer.toString(instance.id())));
    return ids;
  }

  private static Reply noted(Reply reply, Set<String> seen) {
    seen.add(Objects.requireNonNullElse(reply.header("trunkline-instance"), "nobody"));
    return reply;
  }

  private static Notification hello(int instance) {
    return new Notification(
        "notifications/message", Codec.object().put("level", "notice").put("data", instance));
  }
}
