package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.feature.Catalog;
import trunkline.feature.Completion;
import trunkline.feature.Prompt;
import trunkline.feature.PromptArgument;
import trunkline.feature.PromptMessage;
import trunkline.feature.Resource;
import trunkline.feature.TaskSupport;
import trunkline.feature.Tool;
import trunkline.feature.ToolResult;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: who calls too often is told so, whichever instances are called, in both eras. Method:
/// rates so small that the test's own time adds nothing, each test with principals of its own; one
/// instance hears no notification.
@Tag("cluster")
class RatesAcrossInstancesTest {
  private static final int RATE_LIMITED = -32004;
  private static final String TASKS = "{'extensions':{'io.modelcontextprotocol/tasks':{}}}";

  private static final Catalog CATALOG =
      Catalog.builder()
          .add(
              Tool.named("knock")
                  .description("Answers at once")
                  .handler((_, _) -> ToolResult.text("come in")))
          .add(
              Tool.named("rare")
                  .description("The same, thrice a day")
                  .handler((_, _) -> ToolResult.text("come in")))
          .add(
              Tool.named("errand")
                  .description("The same as a task")
                  .tasks(TaskSupport.REQUIRED)
                  .handler((_, _) -> ToolResult.text("done")))
          .add(Resource.at("rate://sign").name("sign").text((_, _) -> "push"))
          .add(
              Prompt.named("greet")
                  .argument(
                      PromptArgument.optional("whom", "Whom")
                          .completedBy((_, _) -> Completion.of(List.of("Ada"))))
                  .handler((_, _) -> List.of(PromptMessage.user("hello"))))
          .build();

  record House(Instance a, Instance b, Instance c) {
    List<Instance> all() {
      return List.of(a, b, c);
    }
  }

  private final TestCluster cluster;
  private final House house;
  private final List<AutoCloseable> clients = new ArrayList<>();

  RatesAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
    this.house =
        cluster.shared(
            House.class,
            () -> {
              cluster
                  .with(CATALOG)
                  .with("trusted-principal-header", "X-User")
                  .with("trusted-proxies", "127.0.0.0/8")
                  .with("rate-principal", "100000/s")
                  .with("rate-tool", "rare=3/d,*=100000/s");
              return new House(
                  cluster.start("a"), cluster.start("b"), cluster.start("c", "poll-only", "true"));
            });
  }

  @AfterEach
  void closeClients() throws Exception {
    for (var client : clients) {
      client.close();
    }
  }

  private static String somebody() {
    return "user-" + UUID.randomUUID();
  }

  private StatelessTestClient client(String principal) {
    var client = new StatelessTestClient(TASKS).withHeader("X-User", principal);
    clients.add(client);
    return client;
  }

  private McpTestClient inSession(String principal, String revision) throws InterruptedException {
    var client = new McpTestClient().withHeader("X-User", principal);
    clients.add(client);
    client.on(house.a).connect(revision);
    return client;
  }

  /// Sets a rate of a principal, and waits until all instances have heard it.
  private void limit(String principal, String rate) throws InterruptedException {
    cluster
        .database()
        .sql("select trunkline.set_rate('principal', ?, ?)", principal + "-marker", "0/s");
    cluster.database().sql("select trunkline.set_rate('principal', ?, ?)", principal, rate);
    cluster
        .database()
        .sql("select trunkline.set_rate('principal', ?, ?)", principal + "-marker", "0/m");
    var marker = client(principal + "-marker");
    for (var instance : house.all()) {
      awaitStatus(marker, instance, 429, "a minute");
    }
  }

  private static void awaitStatus(
      StatelessTestClient client, Instance at, int status, String saying)
      throws InterruptedException {
    var until = System.nanoTime() + Trio.PATIENCE.toNanos();
    var reply = client.on(at).call("knock", "{}");
    while (reply.status() != status || !reply.body().contains(saying)) {
      assertThat(System.nanoTime()).as("still %s", reply).isLessThan(until);
      reply = client.on(at).call("knock", "{}");
    }
  }

  private static void requireLimited(Reply reply, String limit) throws InterruptedException {
    assertThat(reply.status()).as(reply.body()).isEqualTo(429);
    assertThat(Long.parseLong(String.valueOf(reply.header("retry-after")))).isPositive();
    var error = reply.error();
    assertThat(error.path("code").asInt()).isEqualTo(RATE_LIMITED);
    assertThat(error.path("data").path("limit").asString()).isEqualTo(limit);
    assertThat(error.path("data").path("retryAfterMs").asLong()).isPositive();
  }

  @Test
  void one_too_many_is_a_429_that_names_the_limit_in_both_eras() throws Exception {
    cluster.database().sql("truncate trunkline.rate_buckets");
    var ada = inSession(somebody(), Trio.REVISION);
    var eve = client(somebody());

    assertThat(ada.on(house.a).call("rare").text()).isEqualTo("come in");
    assertThat(eve.on(house.b).call("rare", "{}").text()).isEqualTo("come in");
    assertThat(ada.on(house.c).call("rare").text()).isEqualTo("come in");
    for (var instance : house.all()) {
      requireLimited(ada.on(instance).call("rare"), "rate-tool");
      requireLimited(eve.on(instance).call("rare", "{}"), "rate-tool");
      assertThat(ada.on(instance).call("knock").text()).isEqualTo("come in");
    }
  }

  @Test
  void the_burst_is_one_for_all_instances_together() throws Exception {
    var name = somebody();
    limit(name, "20/d");
    var calls = new ArrayList<Callable<Integer>>();
    for (var i = 0; i < 12; i++) {
      for (var instance : house.all()) {
        var client = client(name);
        calls.add(() -> client.on(instance).call("knock", "{}").status());
      }
    }
    var passed = 0;
    try (var threads = Executors.newFixedThreadPool(6)) {
      for (var status : threads.invokeAll(calls)) {
        passed += status.get() == 200 ? 1 : 0;
      }
    }

    assertThat(passed).isEqualTo(20);
  }

  @Test
  void a_rate_set_by_sql_counts_everywhere_until_it_is_cleared() throws Exception {
    var name = somebody();
    var ada = client(name);
    var db = cluster.database();
    assertThat(db.sql("select trunkline.set_rate('principal', ?, '0/s')", name).value())
        .isEqualTo(true);
    assertThat(db.sql("select trunkline.set_rate('principal', ?, '0/s')", name).value())
        .as("it was so")
        .isEqualTo(false);
    for (var instance : house.all()) {
      awaitStatus(ada, instance, 429, "0 calls a second");
      assertThat(client(somebody()).on(instance).call("knock", "{}").status()).isEqualTo(200);
    }
    assertThat(db.sql("select rate || burst from trunkline.rates where principal = ?", name).text())
        .isEqualTo("0/s1");

    assertThat(db.sql("select trunkline.clear_rate('principal', ?)", name).value()).isEqualTo(true);
    for (var instance : house.all()) {
      awaitStatus(ada, instance, 200, "come in");
    }
    assertThat(
            db.sql("select action from trunkline.operator_actions order by action_id desc limit 1")
                .text())
        .isEqualTo("clear_rate");
  }

  @Test
  void a_principals_rate_for_one_tool_leaves_it_the_others() throws Exception {
    var name = somebody();
    cluster
        .database()
        .sql("select trunkline.set_rate('principal_tool', ?, '2/d', 2, 'knock')", name);
    limit(somebody(), "1/d"); // which comes after it
    var ada = client(name);

    assertThat(ada.on(house.a).call("knock", "{}").status()).isEqualTo(200);
    assertThat(ada.on(house.b).call("knock", "{}").status()).isEqualTo(200);
    requireLimited(ada.on(house.c).call("knock", "{}"), "rate-principal-tool");
    assertThat(client(somebody()).on(house.c).call("knock", "{}").status()).isEqualTo(200);
    assertThat(ada.on(house.c).request("resources/read", "{\"uri\":\"rate://sign\"}").status())
        .isEqualTo(200);
  }

  @Test
  void what_another_limit_refuses_costs_nothing() throws Exception {
    var name = somebody();
    cluster
        .database()
        .sql("select trunkline.set_rate('principal_tool', ?, '0/s', null, 'rare')", name);
    limit(name, "2/d");
    var ada = client(name);

    for (var i = 0; i < 5; i++) {
      requireLimited(ada.on(house.a).call("rare", "{}"), "rate-principal-tool");
    }
    assertThat(ada.on(house.a).call("knock", "{}").status()).isEqualTo(200);
    assertThat(ada.on(house.a).call("knock", "{}").status()).isEqualTo(200);
    requireLimited(ada.on(house.a).call("knock", "{}"), "rate-principal");
  }

  @Test
  void reads_prompts_and_completions_count_and_lists_do_not() throws Exception {
    var name = somebody();
    limit(name, "3/d");
    var ada = client(name);

    var completion =
        json("{'ref':{'type':'ref/prompt','name':'greet'},'argument':{'name':'whom','value':''}}");
    assertThat(ada.on(house.a).request("completion/complete", completion).status()).isEqualTo(200);
    assertThat(ada.on(house.b).request("prompts/get", json("{'name':'greet'}")).status())
        .isEqualTo(200);
    assertThat(ada.on(house.c).request("tools/list", "{}").status()).isEqualTo(200);
    assertThat(ada.on(house.c).call("unknown", "{}").status()).isNotEqualTo(429);
    var reading = json("{'uri':'rate://sign'}");
    assertThat(ada.on(house.c).request("resources/read", reading).status()).isEqualTo(200);
    requireLimited(ada.on(house.a).request("resources/read", reading), "rate-principal");
    requireLimited(ada.on(house.b).request("completion/complete", completion), "rate-principal");
    assertThat(ada.on(house.a).request("tools/list", "{}").status()).isEqualTo(200);
  }

  @Test
  void a_task_counts_when_it_is_made_and_its_run_does_not() throws Exception {
    var name = somebody();
    limit(name, "1/d");
    var ada = client(name);
    var task = ada.on(house.a).call("errand", "{}").result().path("taskId").asString();
    requireLimited(ada.on(house.b).call("errand", "{}"), "rate-principal");
    requireLimited(ada.on(house.a).call("errand", "{}"), "rate-principal");

    cluster
        .database()
        .await(
            "(select status from trunkline.tasks where task_id = '" + task + "') = 'completed'",
            Trio.PATIENCE);
    assertThat(ada.on(house.c).request("tasks/get", json("{'taskId':'%s'}", task)).status())
        .isEqualTo(200);
  }

  @Test
  void each_call_of_a_batch_counts_and_those_that_may_are_answered() throws Exception {
    var name = somebody();
    limit(name, "2/d");
    var ada = inSession(name, "2025-03-26");
    var calls = new ArrayList<String>();
    for (var i = 1; i <= 4; i++) {
      calls.add(
          json(
              "{'jsonrpc':'2.0','id':%s,'method':'tools/call','params':{'name':'knock','arguments':{}}}",
              Integer.toString(i)));
    }
    var reply = ada.on(house.b).post("[" + String.join(",", calls) + "]");

    assertThat(reply.status()).isEqualTo(200);
    var refused = 0;
    for (var answer : Json.of(reply.body())) {
      refused += answer.path("error").path("code").asInt(0) == RATE_LIMITED ? 1 : 0;
    }
    assertThat(refused).isEqualTo(2);
  }

  @Test
  void who_waits_as_long_as_it_was_told_gets_through() throws Exception {
    var name = somebody();
    cluster.database().sql("select trunkline.set_rate('principal', ?, '30/m', 1)", name);
    limit(somebody(), "1/d"); // which comes after it
    var ada = client(name);
    var passed = 0;
    for (var i = 0; passed < 3; i++) {
      var reply = ada.on(house.all().get(i % 3)).call("knock", "{}");
      if (reply.status() == 200) {
        passed++;
      } else {
        requireLimited(reply, "rate-principal");
        assertThat(i).as("told to come too soon").isLessThan(8);
        var now = cluster.database().sql("select clock_timestamp()").value();
        cluster
            .database()
            .await(
                "clock_timestamp() > '%s'::timestamptz + interval '%s s'"
                    .formatted(now, reply.header("retry-after")),
                Trio.PATIENCE);
      }
    }
  }
}
