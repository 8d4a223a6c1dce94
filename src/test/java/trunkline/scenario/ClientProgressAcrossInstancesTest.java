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
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import trunkline.testing.McpTestClient;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// A client says on any instance how far it is with a question, and the handler that asked hears it
/// where it waits.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class ClientProgressAcrossInstancesTest {
  private final Trio trio;

  ClientProgressAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of("request-timeout", "30s"));
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  /// A call on A that has asked the client's model.
  private record Asking(McpTestClient client, Reply call, JsonNode question) {
    JsonNode token() {
      return question.path("params").path("_meta").path("progressToken");
    }

    Reply report(Instance to, String progress) {
      return client
          .on(to)
          .notify(
              "notifications/progress",
              json("{'progressToken':%s,'progress':%s}", token(), progress));
    }

    String nextLog() throws InterruptedException {
      return call.sse().nextLog();
    }

    void answer(Instance to) {
      client
          .on(to)
          .respond(
              question,
              json("{'role':'assistant','model':'m','content':{'type':'text','text':'t'}}"));
    }

    String text() throws InterruptedException {
      return call.text();
    }
  }

  private Asking asking(int enough) throws InterruptedException {
    var client = trio.connected(trio.b);
    var call = client.on(trio.a).call("ask_slowly", json("{'to':%d}", enough));
    return new Asking(client, call, call.sse().nextMessage("sampling/createMessage"));
  }

  private static String told(String progress) {
    return "ClientProgress[progress=" + progress + ", total=null, message=null]";
  }

  @Test
  void progress_from_any_instance_reaches_the_handler_where_it_waits() throws InterruptedException {
    var asking = asking(100);
    assertThat(asking.token()).isEqualTo(asking.question().get("id"));

    var progress = 0;
    for (var reporting : trio.all()) {
      progress++;
      var params =
          json(
              "{'progressToken':%s,'progress':%d,'total':10,'message':'halfway'}",
              asking.token(), progress);
      var reply = asking.client().on(reporting).notify("notifications/progress", params);
      assertThat(reply.status()).isEqualTo(202);
      assertThat(asking.nextLog())
          .isEqualTo("ClientProgress[progress=%d.0, total=10.0, message=halfway]", progress);
    }

    asking.answer(trio.c);
    assertThat(asking.text()).isEqualTo("m");
  }

  @Test
  void only_who_wants_progress_asks_for_it() throws InterruptedException {
    var client = trio.connected(trio.b);
    var call = client.on(trio.a).call("ask_model");
    var question = call.sse().nextMessage("sampling/createMessage");

    assertThat(question.path("params").has("_meta")).isFalse();

    var plain = new Asking(client, call, question);
    client
        .on(trio.c)
        .notify(
            "notifications/progress",
            json("{'progressToken':%s,'progress':1}", question.get("id")));
    plain.answer(trio.b);
    assertThat(plain.text()).isEqualTo("t");
  }

  @Test
  void progress_only_grows() throws InterruptedException {
    var asking = asking(100);

    asking.report(trio.c, "5");
    assertThat(asking.nextLog()).isEqualTo(told("5.0"));
    for (var late : List.of("3", "5", "-1")) {
      assertThat(asking.report(trio.b, late).status()).isEqualTo(202);
    }
    asking.report(trio.b, "5.5");

    assertThat(asking.nextLog()).isEqualTo(told("5.5"));
  }

  @Test
  void the_progress_of_another_session_does_not_count() throws InterruptedException {
    var asking = asking(100);
    var stranger = trio.connected(trio.c);

    var reply =
        stranger
            .on(trio.c)
            .notify(
                "notifications/progress",
                json("{'progressToken':%s,'progress':50}", asking.token()));
    asking.report(trio.b, "1");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(asking.nextLog()).isEqualTo(told("1.0"));
  }

  @Test
  void what_is_no_report_is_ignored() throws InterruptedException {
    var asking = asking(100);
    var token = asking.token();
    for (var params :
        List.of(
            "{}",
            json("{'progressToken':'%s','progress':7}", token),
            json("{'progressToken':1,'progress':7}"),
            json("{'progressToken':99999999999999999999999,'progress':7}"),
            json("{'progressToken':%s}", token),
            json("{'progressToken':%s,'progress':'7'}", token))) {
      assertThat(asking.client().on(trio.c).notify("notifications/progress", params).status())
          .isEqualTo(202);
    }
    var endless = json("{'progressToken':%s,'progress':1e999}", token);
    assertThat(asking.client().on(trio.c).notify("notifications/progress", endless).status())
        .isEqualTo(400);
    var odd = json("{'progressToken':%s,'progress':2,'total':'ten','message':'a\\u0000b'}", token);
    asking.client().on(trio.b).notify("notifications/progress", odd);
    assertThat(asking.nextLog()).isEqualTo("ClientProgress[progress=2.0, total=null, message=ab]");

    asking.answer(trio.b);
    assertThat(asking.text()).isEqualTo("m");
    assertThat(asking.report(trio.c, "8").status()).isEqualTo(202);
  }

  @Test
  void a_handler_that_has_heard_enough_takes_its_question_back() throws InterruptedException {
    var asking = asking(10);

    asking.report(trio.c, "10");

    assertThat(asking.nextLog()).isEqualTo(told("10.0"));
    var voided = asking.call().sse().nextMessage("notifications/cancelled");
    assertThat(voided.path("params").path("requestId")).isEqualTo(asking.question().get("id"));
    assertThat(asking.text()).isEqualTo("enough");
    trio.db.await(
        "(select outcome = 'cancelled' from trunkline.pending_requests where pending_id = "
            + asking.question().get("id")
            + ")",
        Duration.ofSeconds(5));
  }
}
