package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// A client that says when its roots change is asked for them once, whichever instances want them.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class RootsAcrossInstancesTest {
  private static final String TELLS = json("{'roots':{'listChanged':true}}");

  private final Trio trio;

  RootsAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  @Test
  void asked_on_one_instance_known_on_all_and_stale_on_all_when_they_change()
      throws InterruptedException {
    var client = connected(TELLS);

    assertThat(asked(client, trio.a, "file:///old")).isEqualTo("file:///old");
    for (var instance : trio.all()) {
      assertThat(known(client, instance)).isEqualTo("file:///old");
    }

    changed(client, trio.c);
    assertThat(asked(client, trio.a, "file:///new")).isEqualTo("file:///new");
    for (var instance : trio.all()) {
      assertThat(known(client, instance)).isEqualTo("file:///new");
    }
  }

  @Test
  void a_change_while_the_client_is_asked_is_not_missed() throws InterruptedException {
    var client = connected(TELLS);
    var call = client.on(trio.a).call("ask_roots");
    var question = call.sse().nextMessage("roots/list");

    changed(client, trio.c);
    client.on(trio.b).respond(question, roots("file:///told before the change"));

    assertThat(call.text()).isEqualTo("file:///told before the change");
    assertThat(asked(client, trio.b, "file:///new")).isEqualTo("file:///new");
    assertThat(known(client, trio.a)).isEqualTo("file:///new");
  }

  @Test
  void a_call_that_runs_long_gets_the_newest() throws InterruptedException {
    var client = connected(TELLS);
    var gate = trio.tools.gate("roots");
    var call = client.on(trio.a).call("ask_roots_twice", Trio.named("roots"));
    client.on(trio.b).respond(call.sse().nextMessage("roots/list"), roots("file:///old"));
    gate.awaitBegun();

    changed(client, trio.c);
    assertThat(asked(client, trio.b, "file:///new")).isEqualTo("file:///new");
    gate.open();

    assertThat(call.text()).isEqualTo("file:///old file:///new");
  }

  @Test
  void a_client_that_does_not_say_when_they_change_is_asked_each_time()
      throws InterruptedException {
    var client = connected(json("{'roots':{}}"));

    assertThat(asked(client, trio.a, "file:///one")).isEqualTo("file:///one");
    assertThat(asked(client, trio.b, "file:///two")).isEqualTo("file:///two");
    assertThat(asked(client, trio.a, "file:///three")).isEqualTo("file:///three");
  }

  @Test
  void roots_of_another_session_are_never_shown() throws InterruptedException {
    var client = connected(TELLS);
    var other = connected(TELLS);

    assertThat(asked(client, trio.a, "file:///mine")).isEqualTo("file:///mine");
    assertThat(asked(other, trio.a, "file:///theirs")).isEqualTo("file:///theirs");
    changed(other, trio.c);

    assertThat(known(client, trio.b)).isEqualTo("file:///mine");
    assertThat(asked(other, trio.b, "file:///theirs too")).isEqualTo("file:///theirs too");
  }

  @Test
  void roots_that_are_too_many_to_keep_are_asked_for_each_time() throws InterruptedException {
    var client = connected(TELLS);
    var tooLong = "file:///" + "x".repeat(70_000);

    assertThat(asked(client, trio.a, tooLong)).isEqualTo(tooLong);
    assertThat(asked(client, trio.b, "file:///short")).isEqualTo("file:///short");
  }

  private McpTestClient connected(String capabilities) throws InterruptedException {
    return trio.connected(trio.b, Trio.REVISION, capabilities);
  }

  /// What a tool sees that has to ask; the answer goes to another instance.
  private String asked(McpTestClient client, Instance instance, String root)
      throws InterruptedException {
    var call = client.on(instance).call("ask_roots");
    var answering = instance == trio.c ? trio.a : trio.c;
    client.on(answering).respond(call.sse().nextMessage("roots/list"), roots(root));
    return call.text();
  }

  /// What a tool sees that has nothing to ask, so that its answer is plain JSON.
  private static String known(McpTestClient client, Instance instance) throws InterruptedException {
    var call = client.on(instance).call("ask_roots");
    assertThat(call.isStream()).isFalse();
    return call.text();
  }

  private static void changed(McpTestClient client, Instance instance) {
    var told = client.on(instance).notify("notifications/roots/list_changed");
    assertThat(told.status()).isEqualTo(202);
  }

  private static String roots(String uri) {
    return json("{'roots':[{'uri':'%s','name':'a root'}]}", uri);
  }
}
