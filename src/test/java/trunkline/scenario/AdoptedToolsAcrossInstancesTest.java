package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import trunkline.signal.InstanceId;
import trunkline.testing.Json;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.StatelessTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Goal: what was written for a server that lives alone runs on three instances: it asks on one and
/// is answered on another, in both eras, and a call outlives its instance.
@Tag("cluster")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdoptedToolsAcrossInstancesTest {
  private static final String ROME = json("{'to':'Rome'}");
  private static final String BOOKED = "Ada goes to Rome";

  private final TestCluster cluster;
  private List<Instance> instances = List.of();

  AdoptedToolsAcrossInstancesTest(TestCluster cluster) {
    this.cluster = cluster;
  }

  @BeforeAll
  void start() {
    cluster.with(AdoptedTools.catalog()).with("lease", "2s");
    instances = List.of(cluster.start("a"), cluster.start("b"), cluster.start("c"));
  }

  @AfterAll
  void end() {
    cluster.close();
  }

  private static JsonNode question(RawSse call) throws InterruptedException {
    var question = call.nextMessage("elicitation/create");
    assertThat(question.at("/params/message").asString()).isEqualTo("Whose trip?");
    assertThat(question.at("/params/requestedSchema/properties/name/type").asString())
        .isEqualTo("string");
    return question;
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdk_book", "spring_book", "quarkus_book"})
  void asks_the_user_on_another_instance(String tool) throws Exception {
    try (var client = Trio.connectedTo(instances.getFirst())) {
      var call = client.on(instances.get(1)).call(tool, ROME);
      client.on(instances.get(2)).respond(question(call.sse()), Trio.ADA);

      assertThat(call.text()).isEqualTo(BOOKED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdk_book", "spring_book", "quarkus_book"})
  void is_run_again_on_another_instance_with_the_answer(String tool) throws Exception {
    try (var client = new StatelessTestClient("{\"elicitation\":{}}")) {
      var asked = client.on(instances.get(1)).call(tool, ROME).result();
      assertThat(asked.path("resultType").asString()).isEqualTo("input_required");
      assertThat(asked.at("/inputRequests/question-1/params/message").asString())
          .isEqualTo("Whose trip?");

      var reply =
          client.on(instances.get(2)).answer(tool, ROME, asked, "{'question-1':" + Trio.ADA + "}");

      assertThat(reply.text()).isEqualTo(BOOKED);
    }
  }

  /// A client that declares nothing learns what it would have to declare.
  @ParameterizedTest
  @ValueSource(strings = {"sdk_book", "quarkus_book"})
  void says_which_capability_is_missing(String tool) throws Exception {
    try (var client = new StatelessTestClient()) {
      var error = client.on(instances.getFirst()).call(tool, ROME).error();

      assertThat(error.at("/data/requiredCapabilities")).isEqualTo(Json.of("{\"elicitation\":{}}"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdk_book", "spring_book", "quarkus_book"})
  void a_call_goes_on_when_its_instance_is_killed(String tool) throws Exception {
    var doomed = cluster.start("doomed-" + tool);
    var heir = instances.get(1);
    try (var client = Trio.connectedTo(heir)) {
      var call = client.on(doomed).call(tool, ROME).sse();
      var question = question(call);
      var last = call.requireLastEventId();
      doomed.kill();
      heir.server().instances().declareDead(new InstanceId(doomed.id()));
      client.on(instances.get(2)).respond(question, Trio.ADA);

      var resumed = client.on(instances.getFirst()).resume(last).sse();
      assertThat(Reply.text(resumed.nextResponse().path("result"))).isEqualTo(BOOKED);
    }
  }

  /// Nothing of it needs a session or an instance of its own.
  @Test
  void each_instance_offers_the_same() throws Exception {
    try (var client = Trio.connectedTo(instances.getFirst())) {
      for (var instance : instances) {
        var on = client.on(instance);
        assertThat(on.request("tools/list").result().path("tools").valueStream())
            .extracting(tool -> tool.path("name").asString())
            .containsExactly("sdk_book", "spring_book", "quarkus_book", "distance");
        assertThat(on.call("distance", ROME).text()).isEqualTo("Rome is far");
        assertThat(
                on.request("resources/read", json("{'uri':'trips://next'}"))
                    .result()
                    .at("/contents/0/text")
                    .asString())
            .isEqualTo("to Rome");
        assertThat(
                on.request("prompts/get", json("{'name':'spring_plan','arguments':{'to':'Rome'}}"))
                    .result()
                    .at("/messages/0/content/text")
                    .asString())
            .isEqualTo("Plan a trip to Rome");
        assertThat(
                on.request(
                        "completion/complete",
                        json(
                            "{'ref':{'type':'ref/prompt','name':'spring_plan'},'argument':{'name':'to','value':'R'}}"))
                    .result()
                    .at("/completion/values/0")
                    .asString())
            .isEqualTo("Rome");
      }
    }
  }
}
