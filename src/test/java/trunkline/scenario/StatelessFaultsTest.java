package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;
import trunkline.feature.Catalog;
import trunkline.feature.Completion;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.Tool;
import trunkline.feature.ToolBuilder;
import trunkline.feature.ToolResult;
import trunkline.testing.Proxy;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Requests of 2026-07-28 while instances die, leave, or have no database.
@Tag("cluster")
class StatelessFaultsTest {
  private static final String ADA = "{'question-1':{'action':'accept','content':{'name':'Ada'}}}";
  private static final int CALLS = 1000;

  record Name(String name) {}

  private final Gate first = new Gate();
  private final Gate second = new Gate();
  private final Gate third = new Gate();
  private final StatelessTestClient client = new StatelessTestClient("{'elicitation':{}}");

  @AfterEach
  void close() {
    first.open();
    second.open();
    third.open();
    client.close();
  }

  private Catalog catalog() {
    return Catalog.builder()
        .add(
            Tool.named("echo")
                .description("Answers at once")
                .handler((none, context) -> ToolResult.text("echo")),
            Tool.named("ask")
                .description("Asks for a name")
                .handler((none, context) ->
                    ToolResult.text(
                        "hello "
                            + context.elicit("Name?", Name.class).accepted().orElseThrow().name())),
            waiting(first, Tool.named("repeatable").idempotent()),
            waiting(second, Tool.named("once_only")),
            Prompt.named("hint")
                .description("A prompt")
                .argument(
                    PromptArgument.optional("slow", "waits")
                        .completedBy((value, settled) -> {
                          third.begin();
                          third.pass();
                          return Completion.of(List.of());
                        }))
                .handler((none, context) -> List.of(PromptMessage.user("think"))))
        .build();
  }

  private static Tool waiting(Gate gate, ToolBuilder<ObjectNode, ToolResult> tool) {
    return tool.description("Waits at a gate")
        .handler((none, context) -> {
          gate.begin();
          gate.pass();
          return ToolResult.text("through");
        });
  }

  @Test
  void an_ordinary_request_is_served_while_the_database_is_away(TestCluster cluster)
      throws Exception {
    cluster.with(catalog());
    try (var proxy = proxy(cluster.database())) {
      var a = cluster.start("a", "database-url", through(proxy, cluster.database()));
      proxy.refuse();

      assertThat(client.on(a).request("server/discover", "{}").status()).isEqualTo(200);
      assertThat(client.on(a).call("echo", "{}").text()).isEqualTo("echo");
      assertThat(client.on(a).request("prompts/get", "{'name':'hint'}").result().has("messages"))
          .isTrue();
      var asked = client.on(a).call("ask", "{}").result();
      assertThat(client.on(a).answer("ask", "{}", asked, ADA).text()).isEqualTo("hello Ada");
      proxy.heal();
    }
  }

  @Test
  void a_thousand_calls_are_no_transaction_of_the_database(TestCluster cluster) throws Exception {
    cluster.with(catalog());
    var a = cluster.start("a");
    var b = cluster.start("b");
    var before = transactions(cluster.database());

    for (int call = 0; call < CALLS; call++) {
      assertThat(client.on(call % 2 == 0 ? a : b).call("echo", "{}").text()).isEqualTo("echo");
    }

    var polls = transactions(cluster.database()) - before; // of two instances, for some seconds
    assertThat(polls).isLessThan(CALLS / 2);
    for (int list = 0; list < CALLS; list++) { // what the counter says of requests that ask
      assertThat(client.on(a).request("tools/list", "{}").status()).isEqualTo(200);
    }
    cluster
        .database()
        .await(
            "(select xact_commit from pg_stat_database where datname = current_database()) > "
                + (before + polls + CALLS / 2),
            Trio.PATIENCE);
  }

  private static long transactions(TestDatabase db) {
    return Long.parseLong(
        db.sql("select xact_commit from pg_stat_database where datname = current_database()")
            .text());
  }

  @Test
  void an_instance_is_killed_between_its_question_and_the_answer(TestCluster cluster)
      throws Exception {
    cluster.with(catalog());
    var a = cluster.start("a");
    var b = cluster.start("b");
    var asked = client.on(a).call("ask", "{}").result();
    a.kill();

    assertThat(client.on(b).answer("ask", "{}", asked, ADA).text()).isEqualTo("hello Ada");
  }

  @Test
  void a_key_is_rotated_and_its_maker_killed_between_question_and_answer(TestCluster cluster)
      throws Exception {
    cluster.with(catalog());
    var a = cluster.start("a");
    var b = cluster.start("b");
    var asked = client.on(a).call("ask", "{}").result();
    cluster.database().sql("select trunkline.rotate_seal_key()");
    a.kill();

    assertThat(client.on(b).answer("ask", "{}", asked, ADA).text()).isEqualTo("hello Ada");
  }

  @Test
  void an_instance_that_leaves_asks_for_a_repetition_of_what_may_be_repeated(TestCluster cluster)
      throws Exception {
    cluster.with(catalog()).with("drain-timeout", "0s");
    var a = cluster.start("a");
    var b = cluster.start("b");
    var repeatable = CompletableFuture.supplyAsync(() -> client.on(a).call("repeatable", "{}"));
    var once = CompletableFuture.supplyAsync(() -> client.on(a).call("once_only", "{}"));
    var completing =
        CompletableFuture.supplyAsync(() ->
            client
                .on(a)
                .request(
                    "completion/complete",
                    "{'ref':{'type':'ref/prompt','name':'hint'},'argument':{'name':'slow','value':''}}"));
    first.awaitBegun();
    second.awaitBegun();
    third.awaitBegun();
    a.close();

    var again = repeatable.get(20, TimeUnit.SECONDS).result();
    assertThat(again.path("resultType").asString()).isEqualTo("input_required");
    assertThat(again.has("inputRequests")).isFalse();
    assertThat(once.get(20, TimeUnit.SECONDS).error().path("message").asString())
        .contains("the server is stopping");
    assertThat(completing.get(20, TimeUnit.SECONDS).error().path("message").asString())
        .as("a method that may not ask for anything")
        .contains("the server is stopping");
    first.open();
    assertThat(client.on(b).answer("repeatable", "{}", again, "{}").text()).isEqualTo("through");
  }

  private static Proxy proxy(TestDatabase db) {
    var server = URI.create(db.url().substring("jdbc:".length()));
    return new Proxy(server.getHost(), server.getPort());
  }

  private static String through(Proxy proxy, TestDatabase db) {
    return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + db.name();
  }
}
