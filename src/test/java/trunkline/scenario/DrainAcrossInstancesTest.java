package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.net.URI;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.cluster.DrainOutcome;
import trunkline.cluster.InstanceState;
import trunkline.cluster.UndrainOutcome;
import trunkline.signal.InstanceId;
import trunkline.telemetry.ServerEvent.InstanceDrained;
import trunkline.telemetry.ServerEvent.InstanceRegistered;
import trunkline.telemetry.ServerEvent.InstanceUndrained;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Requirements F6 and F8: an instance that is drained by SQL or told to end. It is not ready,
/// sends its streams away one by one, hands its calls on, and serves whoever comes all the same;
/// drained by SQL it lives on, and serves again when that is taken back.
@Tag("cluster")
class DrainAcrossInstancesTest {
  private final ScenarioTools tools = new ScenarioTools();
  private final String name = UUID.randomUUID().toString();
  private final Gate gate = tools.gate(name);

  private static String drain(TestCluster cluster, Instance instance) {
    return cluster.database().sql("select trunkline.drain(?)", instance.id()).text();
  }

  private static String undrain(TestCluster cluster, Instance instance) {
    return cluster.database().sql("select trunkline.undrain(?)", instance.id()).text();
  }

  private static String directory(TestCluster cluster, Instance instance) {
    return cluster
        .database()
        .sql(
            """
            select state || case when drained_at is null then '' else ', drained' end
                   || case when drain_wanted_at is null then '' else ', wanted' end
              from trunkline.instance_directory where instance_id = ?
            """,
            instance.id())
        .text();
  }

  private static void awaitDirectory(TestCluster cluster, Instance instance, String condition) {
    cluster
        .database()
        .await(
            "exists (select from trunkline.instance_directory where instance_id = %d and %s)"
                .formatted(instance.id(), condition),
            Trio.PATIENCE);
  }

  private static String health(Instance instance) {
    var url = URI.create(instance.url().toString().replace("/mcp", "/observe/health/ready"));
    try (var client = new McpTestClient()) {
      var reply = client.on(url).raw("GET", new byte[0]);
      return reply.status() + " " + reply.body();
    }
  }

  private Instance first(TestCluster cluster, WakeUp wakeUp) {
    cluster.with(tools.catalog()).with("lease", "2s").with("poll-only", wakeUp.pollOnly());
    return cluster.start("a");
  }

  @ParameterizedTest
  @EnumSource
  void a_drained_instance_sends_its_clients_away_and_serves_again_later(
      WakeUp wakeUp, TestCluster cluster) throws Exception {
    var a = first(cluster, wakeUp);
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      var stream = client.on(a).get().sse();
      Trio.send(b, client, "before");
      assertThat(stream.nextLog()).isEqualTo("before");

      assertThat(drain(cluster, a)).isEqualTo("drains");
      assertThat(drain(cluster, a)).isEqualTo("drains already");
      stream.awaitEnd(Trio.PATIENCE);
      assertThat(stream.failure()).isNull();
      assertThat(stream.retry()).as("told to come again").isNotNull();
      a.events().await(InstanceDrained.class);
      awaitDirectory(cluster, a, "drained_at is not null");
      assertThat(directory(cluster, a)).isEqualTo("draining, drained, wanted");
      assertThat(health(a)).startsWith("503").contains("\"drained\"");
      assertThat(health(b)).startsWith("200");

      Trio.send(b, client, "meanwhile");
      var elsewhere = client.on(b).resume(stream.requireLastEventId()).sse();
      assertThat(elsewhere.nextLog()).as("nothing is lost").isEqualTo("meanwhile");
      requireServed(a, b);

      assertThat(undrain(cluster, a)).isEqualTo("serves again");
      a.events().await(InstanceUndrained.class);
      awaitDirectory(cluster, a, "state = 'ready'");
      assertThat(directory(cluster, a)).isEqualTo("ready");
      assertThat(undrain(cluster, a)).isEqualTo("serves already");
      assertThat(health(a)).startsWith("200");
      var back = client.on(a).resume(elsewhere.requireLastEventId()).sse();
      Trio.send(b, client, "after");
      assertThat(back.nextLog()).isEqualTo("after");
      assertThat(back.isEnded()).isFalse();
    }
  }

  /// A call that comes all the same runs, and a stream gets what there is.
  private static void requireServed(Instance drained, Instance other) throws Exception {
    try (var client = Trio.connectedTo(drained)) {
      assertThat(client.on(drained).call("echo", json("{'text':'x'}")).text()).isEqualTo("x");
      Trio.send(other, client, "for whoever comes");
      var stream = client.on(drained).get().sse();
      assertThat(stream.nextLog()).isEqualTo("for whoever comes");
      stream.awaitEnd(Trio.PATIENCE);
      assertThat(stream.retry()).isNotNull();
    }
  }

  /// What may run again runs elsewhere, though its first instance lives.
  @ParameterizedTest
  @EnumSource
  void its_calls_are_handed_on(WakeUp wakeUp, TestCluster cluster) throws Exception {
    cluster.with("drain-timeout", "0s");
    var a = first(cluster, wakeUp);
    var b = cluster.start("b");
    gate.open();
    try (var client = Trio.connectedTo(b)) {
      var call = client.on(a).call("ask_and_hold", Trio.named(name)).sse();
      var question = call.nextMessage("elicitation/create");
      drain(cluster, a);
      call.awaitEnd(Trio.PATIENCE);
      client.on(b).respond(question, Trio.ADA);

      var next =
          client.on(b).resume(call.requireLastEventId()).sse().nextMessage(Trio.FAULT_PATIENCE);
      assertThat(Reply.text(next.path("result"))).isEqualTo("held for Ada");
      assertThat(directory(cluster, a)).startsWith("draining");
    }
  }

  @Test
  void its_tasks_are_handed_on(TestCluster cluster) throws Exception {
    cluster.with("drain-timeout", "0s");
    var a = first(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      client
          .on(a)
          .request(
              "tools/call",
              json("{'name':'ask_and_hold','arguments':{'name':'%s'},'task':{}}", name))
          .result();
      cluster
          .database()
          .await("exists (select from trunkline.task_inputs where outcome is null)", Trio.PATIENCE);
      drain(cluster, a);

      cluster
          .database()
          .await(
              "exists (select from trunkline.tasks where executor = %d and begun = 2)"
                  .formatted(b.id()),
              Trio.FAULT_PATIENCE);
    }
  }

  @Test
  void a_call_that_cannot_run_again_gets_its_error(TestCluster cluster) throws Exception {
    cluster.with("drain-timeout", "0s");
    var a = first(cluster, WakeUp.NOTIFY);
    try (var client = Trio.connectedTo(a)) {
      var call = client.on(a).call("hold", Trio.named(name)).sse();
      call.nextLog();
      drain(cluster, a);

      assertThat(call.nextResponse().path("error").path("message").asString())
          .contains("the server is stopping");
    }
  }

  @Test
  void a_call_may_end_while_there_is_time_and_undrain_gives_it_all_of_it(TestCluster cluster)
      throws Exception {
    cluster.with("drain-timeout", "1h");
    var a = first(cluster, WakeUp.NOTIFY);
    try (var client = Trio.connectedTo(a)) {
      var stream = client.on(a).get().sse();
      var first = client.on(a).call("hold", Trio.named(name)).sse();
      first.nextLog();
      drain(cluster, a);
      stream.awaitEnd(Trio.PATIENCE); // and does not wait for the call
      var late = UUID.randomUUID().toString();
      var second = client.on(a).call("hold", Trio.named(late)).sse();
      second.nextLog();
      assertThat(undrain(cluster, a)).isEqualTo("serves again");
      a.events().await(InstanceUndrained.class);
      gate.open();
      tools.gate(late).open();

      assertThat(Reply.text(first.nextResponse().path("result"))).isEqualTo("held " + name);
      assertThat(Reply.text(second.nextResponse().path("result"))).isEqualTo("held " + late);
      assertThat(a.events().count(InstanceDrained.class)).isZero();
    }
  }

  @Test
  void it_takes_nothing_over_until_it_serves_again(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(a)) {
      client.on(b).call("hold_again", Trio.named(name)).sse().nextLog();
      drain(cluster, a);
      a.events().await(InstanceDrained.class);
      b.kill();
      a.server().instances().declareDead(new InstanceId(b.id()));
      a.server().sweepOnce();
      assertThat(cluster.database().sql("select max(runs) from trunkline.calls").number()).isOne();

      undrain(cluster, a);
      cluster
          .database()
          .await("exists (select from trunkline.calls where runs = 2)", Trio.FAULT_PATIENCE);
      gate.open();
    }
  }

  /// The wish is about the process, whatever its number.
  @Test
  void a_new_number_does_not_forget_the_wish(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    drain(cluster, a);
    a.events().await(InstanceDrained.class);
    var former = a.id();
    cluster.database().sql("select trunkline.declare_dead(?)", former);
    a.events().await(InstanceRegistered.class, registered -> registered.instance() != former);

    awaitDirectory(cluster, a, "drained_at is not null");
    assertThat(drain(cluster, a)).isEqualTo("drains already");
    assertThat(cluster.database().sql("select trunkline.drain(?)", former).text())
        .isEqualTo("dead");
    assertThat(undrain(cluster, a)).isEqualTo("serves again");
  }

  @Test
  void each_outcome_has_its_words_from_sql_and_from_java(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    var older = new InstanceId(cluster.start("older").id());
    var nobody = new InstanceId(999);
    var server = a.server();
    cluster
        .database()
        .sql(
            "update trunkline.instances set steerable = false where instance_id = ?",
            older.value());

    assertThat(server.drain(nobody)).isEqualTo(DrainOutcome.UNKNOWN_INSTANCE);
    assertThat(server.undrain(nobody)).isEqualTo(UndrainOutcome.UNKNOWN_INSTANCE);
    assertThat(server.drain(older)).isEqualTo(DrainOutcome.OLDER_RELEASE);
    assertThat(server.undrain(older)).isEqualTo(UndrainOutcome.OLDER_RELEASE);

    var other = new InstanceId(b.id());
    assertThat(server.drain(other)).isEqualTo(DrainOutcome.DRAINS);
    assertThat(server.drain(other)).isEqualTo(DrainOutcome.DRAINS_ALREADY);
    b.events().await(InstanceDrained.class);
    awaitDirectory(cluster, b, "drained_at is not null");
    assertThat(server.instances().find(other))
        .get()
        .matches(one -> one.state() == InstanceState.DRAINING && one.drainedAt() != null);
    assertThat(server.undrain(other)).isEqualTo(UndrainOutcome.SERVES_AGAIN);
    assertThat(server.undrain(other)).isEqualTo(UndrainOutcome.SERVES_ALREADY);
    b.close();
    assertThat(server.drain(other)).isEqualTo(DrainOutcome.LEFT);
    assertThat(server.undrain(other)).isEqualTo(UndrainOutcome.LEFT);

    var lost = cluster.start("lost");
    lost.kill();
    server.instances().declareDead(new InstanceId(lost.id()));
    assertThat(server.drain(new InstanceId(lost.id()))).isEqualTo(DrainOutcome.DEAD);
    assertThat(server.undrain(new InstanceId(lost.id()))).isEqualTo(UndrainOutcome.DEAD);
  }

  /// SIGTERM is the same with an end, and has no way back.
  @Test
  void what_leaves_is_not_called_back(TestCluster cluster) throws Exception {
    cluster.with("drain-timeout", "1h");
    var a = first(cluster, WakeUp.NOTIFY);
    try (var client = Trio.connectedTo(a)) {
      var call = client.on(a).call("hold", Trio.named(name)).sse();
      call.nextLog();
      drain(cluster, a);
      awaitDirectory(cluster, a, "state = 'draining'");
      var leaving = Thread.ofVirtual().start(a::close);
      cluster
          .database()
          .await(
              "exists (select from trunkline.instances where leaving_at is not null)",
              Trio.PATIENCE);
      assertThat(undrain(cluster, a)).isEqualTo("leaves");
      assertThat(drain(cluster, a)).isEqualTo("drains already");
      gate.open();

      assertThat(Reply.text(call.nextResponse().path("result"))).isEqualTo("held " + name);
      leaving.join();
      assertThat(directory(cluster, a)).startsWith("left");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_crowd_is_sent_away_one_by_one_and_told_to_come_back_one_by_one(
      boolean bySignal, TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    cluster.start("b");
    var clients = new ArrayList<McpTestClient>();
    try {
      var streams = new ArrayList<RawSse>();
      for (var i = 0; i < CROWD; i++) {
        var client = new McpTestClient();
        clients.add(client);
        client.on(a).connect("2025-11-25");
        streams.add(client.on(a).get().sse());
      }
      var ends = new ConcurrentLinkedQueue<Long>();
      var readers =
          streams.stream()
              .map(stream ->
                  Thread.ofVirtual()
                      .start(() -> {
                        try {
                          stream.awaitEnd(Trio.FAULT_PATIENCE);
                          ends.add(System.nanoTime());
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                      }))
              .toList();
      if (bySignal) {
        a.close();
      } else {
        drain(cluster, a);
      }
      for (var reader : readers) {
        reader.join();
      }

      var times = ends.stream().sorted().toList();
      assertThat(times).hasSize(CROWD);
      var span = TimeUnit.NANOSECONDS.toMillis(times.getLast() - times.getFirst());
      assertThat(span).as("from the first to the last").isGreaterThan(CROWD / 2);
      assertThat(streams.stream().map(RawSse::retry).distinct().count())
          .as("different pauses")
          .isGreaterThan(CROWD / 10);
    } finally {
      clients.forEach(McpTestClient::close);
    }
  }

  /// At a thousand a second.
  private static final int CROWD = 300;
}
