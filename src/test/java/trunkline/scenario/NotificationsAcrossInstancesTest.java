package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.feature.FeatureKind;
import trunkline.testing.TestCluster;

/// Requirements E1 to E3: levels, progress, cancels and changes reach whom they concern, anywhere.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class NotificationsAcrossInstancesTest {
  private final Trio trio;

  NotificationsAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  @Test
  void a_log_level_set_on_one_instance_holds_on_all() throws InterruptedException {
    var client = trio.connected(trio.c);
    client.on(trio.b).request("logging/setLevel", json("{'level':'warning'}")).result();

    var quiet = client.on(trio.a).call("say", json("{'level':'info','text':'psst'}"));
    var loud = client.on(trio.a).call("say", json("{'level':'warning','text':'hey'}"));

    assertThat(quiet.isStream()).as("a message below the level is not sent").isFalse();
    assertThat(loud.sse().nextLog()).isEqualTo("hey");

    client.on(trio.a).request("logging/setLevel", json("{'level':'debug'}")).result();
    var now = client.on(trio.c).call("say", json("{'level':'info','text':'psst'}"));
    assertThat(now.sse().nextLog()).isEqualTo("psst");
  }

  @Test
  void progress_comes_in_order_before_the_response() throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.b).callWithProgress("count", json("{'to':5}"), "token").sse();

    for (var i = 1; i <= 5; i++) {
      var progress = call.nextMessage("notifications/progress").path("params");
      assertThat(progress.path("progress").asDouble()).isEqualTo(i);
      assertThat(progress.path("progressToken").asString()).isEqualTo("token");
    }
    assertThat(call.nextResponse().has("result")).isTrue();
    call.awaitEnd(Duration.ofSeconds(10));
  }

  @Test
  void a_cancel_reaches_a_streamed_call_on_another_instance() throws InterruptedException {
    var client = trio.connected(trio.a);
    var on = client.on(trio.a);
    var call = on.call("hold", Trio.named("cancelled")).sse();
    trio.tools.gate("cancelled").awaitBegun();

    client
        .on(trio.c)
        .notify("notifications/cancelled", json("{'requestId':%d}", on.latestRequestId()));

    trio.tools.gate("cancelled").awaitInterrupted();
    call.awaitEnd(Duration.ofSeconds(10));
  }

  @Test
  void a_cancel_reaches_a_call_that_is_no_stream_yet() throws InterruptedException {
    var client = trio.connected(trio.a);
    var on = client.on(trio.a);
    var id = "4711";
    var waiting =
        Thread.startVirtualThread(() ->
            on.requestAs(
                id, "tools/call", json("{'name':'wait_silently','arguments':{'name':'early'}}")));
    trio.tools.gate("early").awaitBegun();

    client.on(trio.b).notify("notifications/cancelled", json("{'requestId':%s}", id));

    trio.tools.gate("early").awaitInterrupted();
    trio.closeClients();
    waiting.join();
  }

  @Test
  void sql_cancels_a_call() throws InterruptedException {
    var client = trio.connected(trio.a);
    var on = client.on(trio.b);
    var call = on.call("hold", Trio.named("by sql")).sse();
    trio.tools.gate("by sql").awaitBegun();

    assertThat(
            trio.db
                .sql(
                    "select trunkline.cancel_call(?, ?::json)",
                    client.sessionId(),
                    Long.toString(on.latestRequestId()))
                .value())
        .isEqualTo(true);

    trio.tools.gate("by sql").awaitInterrupted();
    call.awaitEnd(Duration.ofSeconds(10));
  }

  @Test
  void a_cancel_never_touches_another_sessions_call() throws InterruptedException {
    var victim = trio.connected(trio.a);
    var stranger = trio.connected(trio.a);
    var params = json("{'name':'hold','arguments':{'name':'foreign'}}");
    var call = victim.on(trio.a).requestAs("1000", "tools/call", params).sse();
    trio.tools.gate("foreign").awaitBegun();

    stranger.on(trio.b).notify("notifications/cancelled", json("{'requestId':1000}"));
    victim.on(trio.b).notify("notifications/cancelled", json("{'requestId':'1000'}"));
    // What comes after the cancels on every path has been handled when this answer is here.
    stranger.on(trio.a).call("echo", json("{'text':'x'}")).result();
    trio.a.server().sweepOnce();

    trio.tools.gate("foreign").open();
    assertThat(call.nextResponse().has("result")).isTrue();
    assertThat(trio.tools.gate("foreign").isInterrupted()).isFalse();
  }

  @Test
  void a_change_of_the_catalog_is_told_once_to_every_session() throws InterruptedException {
    var one = trio.connected(trio.a);
    var other = trio.connected(trio.b);
    var streamOnB = one.on(trio.b).get().sse();
    var streamOnC = other.on(trio.c).get().sse();

    trio.a.server().handle().setEnabled(FeatureKind.TOOL, "echo", false);

    streamOnB.nextMessage("notifications/tools/list_changed");
    streamOnC.nextMessage("notifications/tools/list_changed");
    for (var instance : trio.all()) {
      assertThat(one.on(instance).request("tools/list").result().toString())
          .as("tools of " + instance)
          .doesNotContain("\"echo\"");
    }
    trio.db.sql("select trunkline.set_enabled('tool', 'echo', true)");
    streamOnB.nextMessage("notifications/tools/list_changed");
    streamOnC.nextMessage("notifications/tools/list_changed");
    trio.a.server().handle().broadcast(Trio.notification("end"));
    assertThat(streamOnC.nextMessage().path("params").path("data").asString()).isEqualTo("end");
  }

  @ParameterizedTest
  @CsvSource({
    "RESOURCE, scenario://weather, notifications/resources/list_changed",
    "PROMPT, greet, notifications/prompts/list_changed"
  })
  void a_change_of_any_list_is_told(FeatureKind kind, String name, String told)
      throws InterruptedException {
    var client = trio.connected(trio.a);
    var stream = client.on(trio.b).get().sse();

    for (var on : List.of(false, true)) {
      trio.c.server().handle().setEnabled(kind, name, on);
      assertThat(stream.nextMessage().path("method").asString()).isEqualTo(told);
    }
  }

  @Test
  void an_update_of_a_resource_reaches_subscribers_only() throws InterruptedException {
    var subscriber = trio.connected(trio.a);
    var other = trio.connected(trio.a);
    subscriber
        .on(trio.a)
        .request("resources/subscribe", json("{'uri':'scenario://weather'}"))
        .result();
    var hears = subscriber.on(trio.b).get().sse();
    var hearsNot = other.on(trio.b).get().sse();

    trio.c.server().handle().resourceUpdated("scenario://weather");
    trio.c.server().handle().broadcast(Trio.notification("after"));

    assertThat(hears.nextMessage().path("method").asString())
        .isEqualTo("notifications/resources/updated");
    assertThat(hearsNot.nextMessage().path("params").path("data").asString()).isEqualTo("after");

    subscriber
        .on(trio.c)
        .request("resources/unsubscribe", json("{'uri':'scenario://weather'}"))
        .result();
    assertThat(hears.nextMessage().path("params").path("data").asString()).isEqualTo("after");
    trio.b.server().handle().resourceUpdated("scenario://weather");
    trio.b.server().handle().broadcast(Trio.notification("end"));
    assertThat(hears.nextMessage().path("params").path("data").asString()).isEqualTo("end");
  }
}
