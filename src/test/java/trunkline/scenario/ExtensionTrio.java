package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import trunkline.testing.Json;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Three instances that make tasks of calls, and the clients of two principals without a session.
final class ExtensionTrio implements AutoCloseable {
  private static final String CAPABILITIES =
      "{'elicitation':{},'extensions':{'io.modelcontextprotocol/tasks':{}}}";

  final TestDatabase db;
  final String gate = UUID.randomUUID().toString();
  final StatelessTestClient ada =
      new StatelessTestClient(CAPABILITIES).withHeader("Authorization", "Bearer a-token");
  final StatelessTestClient bob =
      new StatelessTestClient(CAPABILITIES).withHeader("Authorization", "Bearer b-token");
  final Instance a;
  final Instance b;
  final Instance c;

  ExtensionTrio(TestCluster cluster, Path folder) throws Exception {
    var file =
        Files.write(
            folder.resolve("tokens"),
            List.of("ada " + sha256("a-token"), "bob " + sha256("b-token")));
    cluster
        .with(ExtensionTools.ALL)
        .with("bearer-tokens-file", file.toString())
        .with("lease", "2s")
        .with("principal-tasks-max", "3");
    db = cluster.database();
    db.sql("delete from trunkline.tasks"); // what another test has left
    db.sql("delete from trunkline.task_inputs");
    a = cluster.start("a");
    b = cluster.start("b");
    c = cluster.start("c");
  }

  @Override
  public void close() {
    ExtensionTools.open(gate);
    ada.close();
    bob.close();
  }

  private static String sha256(String text) throws Exception {
    var digest = MessageDigest.getInstance("SHA-256");
    return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  String gated() {
    return "{\"gate\":\"" + gate + "\"}";
  }

  static String named(String name) {
    return "{'action':'accept','content':{'name':'%s'}}".formatted(name);
  }

  static String params(JsonNode task) {
    return json("{'taskId':'%s'}", task.path("taskId").asString());
  }

  JsonNode created(Instance at, String tool, String arguments) throws Exception {
    var task = ada.on(at).call(tool, arguments).result();
    assertThat(task.path("resultType").asString()).isEqualTo("task");
    return task;
  }

  JsonNode get(Instance at, JsonNode task) throws Exception {
    return ada.on(at).request("tasks/get", params(task)).result();
  }

  JsonNode update(Instance at, JsonNode task, String answers) throws Exception {
    var params = Json.of(params(task)).deepCopy().toString();
    return ada.on(at)
        .request(
            "tasks/update",
            params.substring(0, params.length() - 1) + ",'inputResponses':" + answers + "}")
        .result();
  }

  /// Looks, on whichever instance, until it is there.
  JsonNode awaitStatus(Instance at, JsonNode task, String status) throws Exception {
    db.await(
        "exists (select from trunkline.tasks where task_id = '%s' and status in (%s))"
            .formatted(
                task.path("taskId").asString(),
                status.equals("completed") ? "'completed', 'failed'" : "'" + status + "'"),
        Trio.FAULT_PATIENCE);
    var found = get(at, task);
    assertThat(found.path("status").asString()).as(found.toString()).isEqualTo(status);
    return found;
  }

  static void requireBare(JsonNode acknowledged) {
    assertThat(acknowledged.propertyNames()).containsExactlyInAnyOrder("resultType", "_meta");
    assertThat(acknowledged.path("resultType").asString()).isEqualTo("complete");
  }

  void kill(Instance instance) {
    instance.kill();
    db.await(
        "exists (select from trunkline.instances where instance_id = %d and dead_at is not null)"
            .formatted(instance.id()),
        Trio.FAULT_PATIENCE);
  }

  void awaitRun(JsonNode task, int run) {
    db.await(
        "exists (select from trunkline.tasks where task_id = '%s' and run = %d and status = 'input_required')"
            .formatted(task.path("taskId").asString(), run),
        Trio.FAULT_PATIENCE);
  }
}
