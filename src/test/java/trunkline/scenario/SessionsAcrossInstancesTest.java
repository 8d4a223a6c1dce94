package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import trunkline.testing.Json;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;

/// Requirements A1 to A6: a session belongs to the cluster, not to an instance.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class SessionsAcrossInstancesTest {
  private static final JsonNode NOBODYS = Json.of(json("{'id':987654321}"));

  private final Trio trio;

  SessionsAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  @Test
  void a_session_is_known_to_every_instance() throws InterruptedException {
    var client = trio.connected(trio.a);

    for (var instance : trio.all()) {
      var result = client.on(instance).call("echo", json("{'text':'hi'}")).result();
      assertThat(result.path("content").path(0).path("text").asString()).isEqualTo("hi");
    }
  }

  @Test
  void an_unknown_id_is_404_for_every_method_everywhere() {
    var client = trio.client().withSession("0123456789abcdef0123456789abcdef", Trio.REVISION);

    requireGone(client);
  }

  @Test
  void a_deleted_id_is_404_everywhere_as_soon_as_delete_has_answered() throws InterruptedException {
    for (var i = 0; i < 10; i++) {
      var client = trio.connected(trio.a);
      assertThat(client.on(trio.c).request("ping").status()).isEqualTo(200);

      assertThat(client.on(trio.b).delete().status()).isBetween(200, 204);

      requireGone(client);
    }
  }

  @Test
  void delete_closes_the_stream_and_cancels_the_call_on_other_instances()
      throws InterruptedException {
    var client = trio.connected(trio.a);
    var stream = client.on(trio.b).get().sse();
    var call = client.on(trio.a).call("hold", Trio.named("deleted")).sse();
    trio.tools.gate("deleted").awaitBegun();

    assertThat(client.on(trio.c).delete().status()).isBetween(200, 204);

    stream.awaitEnd(Duration.ofSeconds(10));
    call.awaitEnd(Duration.ofSeconds(10));
    trio.tools.gate("deleted").awaitInterrupted();
  }

  @Test
  void delete_ends_a_question_that_waits_for_the_client() throws InterruptedException {
    var client = trio.connected(trio.a);
    var call = client.on(trio.a).call("ask_name").sse();
    var question = call.nextMessage("elicitation/create");

    assertThat(client.on(trio.b).delete().status()).isBetween(200, 204);

    call.awaitEnd(Duration.ofSeconds(10));
    assertThat(client.on(trio.c).respond(question, "{}").status()).isEqualTo(404);
  }

  @Test
  void an_idle_session_ends_and_any_use_keeps_it() throws InterruptedException {
    var idle = trio.connected(trio.a);
    var used = trio.connected(trio.a);
    age(used, "29 minutes");
    assertThat(used.on(trio.b).request("ping").status()).isEqualTo(200);
    trio.db.await(
        "(select last_used_at > clock_timestamp() - interval '1 minute' from trunkline.sessions"
            + " where session_id = '%s')".formatted(used.sessionId()),
        Duration.ofSeconds(20));

    age(idle, "31 minutes");
    trio.c.server().sweepOnce();

    requireGoneSoon(idle);
    assertThat(used.on(trio.c).request("ping").status()).isEqualTo(200);
  }

  /// Whatever a client does keeps its session: it need not hold a stream (requirement A2).
  @Test
  void every_kind_of_use_keeps_a_session() throws InterruptedException {
    var names = new ArrayList<String>();
    var uses = new ArrayList<Consumer<McpTestClient>>();
    names.add("a call");
    uses.add(client -> client.on(trio.a).call("echo", json("{'text':'x'}")).status());
    names.add("a list");
    uses.add(client -> client.on(trio.b).request("tools/list").status());
    names.add("a notification");
    uses.add(client -> client.on(trio.c).notify("notifications/roots/list_changed", "{}"));
    names.add("an answer to nobody");
    uses.add(client -> client.on(trio.a).respond(NOBODYS, "{}"));
    names.add("a request that is refused");
    uses.add(client -> client.on(trio.b).request("no/such"));
    names.add("a stream");
    uses.add(client -> client.on(trio.c).get().sse().close());
    var clients = new ArrayList<McpTestClient>();
    for (var _ : names) {
      clients.add(trio.connected(trio.a));
    }
    for (var client : clients) {
      age(client, "29 minutes");
    }
    for (var i = 0; i < clients.size(); i++) {
      uses.get(i).accept(clients.get(i));
    }
    for (var i = 0; i < clients.size(); i++) {
      var used =
          "(select last_used_at > clock_timestamp() - interval '1 minute' from trunkline.sessions where session_id = '%s')"
              .formatted(clients.get(i).sessionId());
      try {
        trio.db.await(used, Duration.ofSeconds(30));
      } catch (AssertionError e) {
        throw new AssertionError(names.get(i) + " did not keep the session", e);
      }
    }
  }

  @Test
  void a_session_ends_at_its_maximum_age_although_it_is_used() throws InterruptedException {
    var client = trio.connected(trio.a);
    trio.db.sql(
        """
        with aged as (
          update trunkline.sessions set created_at = created_at - interval '25 hours' where session_id = ?
          returning session_key)
        select trunkline.announce_now('session_changed', session_key::text, convert_to('aged', 'UTF8')) from aged
        """,
        client.sessionId());

    requireGoneSoon(client);
  }

  @Test
  void a_session_that_is_ended_by_sql_is_gone_everywhere() throws InterruptedException {
    var client = trio.connected(trio.a);
    var stream = client.on(trio.b).get().sse();

    assertThat(trio.db.sql("select trunkline.end_session(?)", client.sessionId()).value())
        .isEqualTo(true);

    stream.awaitEnd(Duration.ofSeconds(10));
    requireGoneSoon(client);
    assertThat(
            trio.db
                .sql(
                    "select end_reason is not null from trunkline.sessions where session_id = ?",
                    client.sessionId())
                .value())
        .isEqualTo(true);
  }

  /// Whom nobody waits for hears of it with the next announcement, or poll.
  private void requireGoneSoon(McpTestClient client) {
    var deadline = System.nanoTime() + Trio.PATIENCE.toNanos();
    for (var instance : trio.all()) {
      while (client.on(instance).request("ping").status() != 404) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    }
    requireGone(client);
  }

  private void requireGone(McpTestClient client) {
    for (var instance : trio.all()) {
      var on = client.on(instance);
      assertThat(on.request("ping").status()).as("POST " + instance).isEqualTo(404);
      assertThat(on.get().status()).as("GET " + instance).isEqualTo(404);
      assertThat(on.delete().status()).as("DELETE " + instance).isEqualTo(404);
    }
  }

  /// Waits for the touches of what the client has done so far, which are written in batches.
  private void age(McpTestClient client, String interval) {
    trio.db.await(
        "(select last_used_at > created_at from trunkline.sessions where session_id = '%s')"
            .formatted(client.sessionId()),
        Duration.ofSeconds(20));
    trio.db.sql(
        """
        update trunkline.sessions set created_at = created_at - ?::interval, last_used_at = last_used_at - ?::interval
         where session_id = ?
        """,
        interval,
        interval,
        client.sessionId());
  }
}
