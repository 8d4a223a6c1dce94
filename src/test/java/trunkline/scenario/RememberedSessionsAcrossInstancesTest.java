package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.telemetry.ServerEvent.SessionLookedUp;
import trunkline.telemetry.ServerEvent.SessionsRemembered;
import trunkline.testing.McpTestClient;
import trunkline.testing.Proxy;
import trunkline.testing.Running;
import trunkline.testing.StatementFault;
import trunkline.testing.StatementProxy;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// Goal: an instance that remembers a session answers without the database, and yet nobody is
/// served in a session that has ended, or by a level that was changed, once the change was
/// answered. Method: real instances whose memory is warm; the change on one, requests on all.
@Tag("cluster")
class RememberedSessionsAcrossInstancesTest {
  private static final int ROUNDS = 8;
  private static final String LOGGING = "test_tool_with_logging";

  /// As long as a licence lasts, and some time for a slow machine.
  private static final Duration WITHOUT_WORD = Duration.ofMillis(1_200);

  /// A request and what became of it.
  private record Asked(long begunNanos, int status) {}

  @ParameterizedTest
  @EnumSource
  void a_deleted_session_is_served_nowhere_once_delete_has_answered(
      WakeUp wakeUp, TestCluster cluster) throws Exception {
    cluster.with("poll-only", wakeUp.pollOnly());
    var instances = List.of(cluster.start("a"), cluster.start("b"), cluster.start("c"));
    for (var round = 0; round < ROUNDS; round++) {
      try (var client = Trio.connectedTo(instances.getFirst())) {
        warm(client, instances);
        var asked = new ConcurrentLinkedQueue<Asked>();
        var done = new AtomicBoolean();
        var threads = new ArrayList<Thread>();
        for (var instance : instances) {
          threads.add(Thread.startVirtualThread(() -> ping(client, instance, done, asked)));
          threads.add(Thread.startVirtualThread(() -> ping(client, instance, done, asked)));
        }

        var status = client.on(instances.get(round % 3)).delete().status();
        var answered = System.nanoTime();
        for (var instance : instances) {
          assertThat(client.on(instance).request("ping").status()).isEqualTo(404);
        }

        done.set(true);
        for (var thread : threads) {
          thread.join();
        }
        assertThat(status).isBetween(200, 204);
        assertThat(asked).as("under load").anyMatch(one -> one.status == 200);
        assertThat(asked)
            .filteredOn(one -> one.begunNanos - answered > 0)
            .allMatch(one -> one.status == 404);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_level_that_was_set_holds_at_once_on_every_instance(WakeUp wakeUp, TestCluster cluster)
      throws Exception {
    cluster.with("poll-only", wakeUp.pollOnly());
    var a = cluster.start("a");
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(a)) {
      for (var round = 0; round < ROUNDS; round++) {
        warm(client, List.of(a, b));
        client.on(b).request("logging/setLevel", json("{'level':'error'}"));
        assertThat(client.on(a).call(LOGGING).isStream()).as("nothing is said").isFalse();

        warm(client, List.of(a, b));
        client.on(b).request("logging/setLevel", json("{'level':'debug'}"));
        var call = client.on(a).call(LOGGING).sse();
        assertThat(call.nextLog()).contains("started");
        call.awaitEnd(Trio.PATIENCE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_session_ended_by_sql_ends_on_every_instance(WakeUp wakeUp, TestCluster cluster)
      throws Exception {
    cluster.with("poll-only", wakeUp.pollOnly());
    var instances = List.of(cluster.start("a"), cluster.start("b"));
    try (var client = Trio.connectedTo(instances.getFirst())) {
      warm(client, instances);

      cluster.database().sql("select trunkline.end_session(?)", client.sessionId());
      cluster
          .database()
          .await(
              "exists (select from trunkline.sessions where session_id = '%s' and ended_at is not null)"
                  .formatted(client.sessionId()),
              Trio.PATIENCE);

      var ended = System.nanoTime();
      for (var instance : instances) {
        while (client.on(instance).request("ping").status() != 404) {
          assertThat(Duration.ofNanos(System.nanoTime() - ended)).isLessThan(Trio.PATIENCE);
        }
      }
    }
  }

  @Test
  void a_call_in_a_session_that_is_remembered_costs_no_statement(TestCluster cluster)
      throws Exception {
    try (var proxy = new StatementProxy(cluster.database().url())) {
      cluster.with("database-url", proxy.url());
      var instances = List.of(cluster.start("a"), cluster.start("b"));
      try (var client = Trio.connectedTo(instances.getFirst())) {
        warm(client, instances);
        proxy.forget();

        var calls = 1_000;
        for (var i = 0; i < calls; i++) {
          var reply = client.on(instances.get(i % 2)).call("echo", json("{'text':'hi'}"));
          assertThat(reply.status()).isEqualTo(200);
        }

        var statements = proxy.seen().stream().mapToLong(proxy::seen).sum();
        assertThat(statements).as("in %d calls: %s", calls, proxy.seen()).isLessThan(calls / 5);
        assertThat(proxy.seen("sessions.find")).isLessThan(calls / 50);
      }
      cluster.close();
    }
  }

  @Test
  void a_frozen_instance_delays_a_delete_by_no_more_than_a_licence(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a");
    var b = cluster.startProcess("b");
    try (var client = Trio.connectedTo(a)) {
      warm(client, List.of(a));
      requests(client, b, 100);
      cluster
          .database()
          .await(
              "exists (select from trunkline.instances where heard_through > 0 and instance_id = %d)"
                  .formatted(b.id()),
              Trio.PATIENCE);
      requests(client, b, 100);
      b.freeze();
      try {
        var begun = System.nanoTime();
        assertThat(client.on(a).delete().status()).isBetween(200, 204);
        assertThat(Duration.ofNanos(System.nanoTime() - begun))
            .isBetween(WITHOUT_WORD, WITHOUT_WORD.plusSeconds(3));
      } finally {
        b.thaw();
      }

      assertThat(client.on(b).request("ping").status()).isEqualTo(404);
    }
  }

  @Test
  void an_instance_without_the_database_serves_nobody_from_memory_for_longer_than_a_licence(
      TestCluster cluster) throws Exception {
    try (var proxy = proxy(cluster.database());
        var a = cluster.start("a");
        var b = cluster.start("b", "database-url", url(cluster, proxy));
        var client = Trio.connectedTo(a)) {
      warm(client, List.of(a, b));
      proxy.weather().silence();

      assertThat(client.on(a).delete().status()).isBetween(200, 204);
      var late = new CompletableFuture<Integer>();
      Thread.startVirtualThread(() -> late.complete(client.on(b).request("ping").status()));
      assertThat(client.on(a).request("ping").status()).isEqualTo(404);
      assertThat(late).isNotDone();
      proxy.heal();

      assertThat(late.get(40, TimeUnit.SECONDS)).isEqualTo(404);
    }
  }

  /// What an instance says to the database and hears from it may get lost or late: then it costs
  /// time, and statements.
  @ParameterizedTest
  @MethodSource
  void whatever_becomes_of_its_statements_nobody_is_served_late(
      String statement, StatementFault fault, TestCluster cluster) throws Exception {
    try (var proxy = new StatementProxy(cluster.database().url())) {
      cluster.with("database-url", proxy.url());
      var instances = List.of(cluster.start("a"), cluster.start("b"));
      try (var client = Trio.connectedTo(instances.getFirst())) {
        warm(client, instances);
        try (var armed = proxy.arm(statement, fault, 2)) {
          requests(client, instances.getLast(), 10);
          if (statement.equals("instances.listen")) {
            armed.awaitHit(Trio.PATIENCE); // the others come with the DELETE
          }

          assertThat(client.on(instances.getFirst()).delete().status()).isBetween(200, 204);

          for (var instance : instances) {
            assertThat(client.on(instance).request("ping").status()).isEqualTo(404);
          }
          assertThat(armed.left()).isLessThan(2);
        }
      }
      try (var client = Trio.connectedTo(instances.getFirst())) {
        warm(client, instances);
      }
      cluster.close();
    }
  }

  static Stream<Arguments> whatever_becomes_of_its_statements_nobody_is_served_late() {
    return Stream.of("instances.hear", "instances.listen", "instances.hearers")
        .flatMap(statement ->
            Stream.of(
                    new StatementFault.AnswerLost(),
                    new StatementFault.AnswerHeld(Duration.ofSeconds(2)),
                    new StatementFault.Refused("57014"))
                .map(fault -> Arguments.of(statement, fault)));
  }

  /// An instance of a release that waits for nobody would answer a DELETE at once.
  @Test
  void nobody_remembers_anything_beside_a_release_that_does_not_wait(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    cluster
        .database()
        .sql("update trunkline.instances set hears = false where instance_id = ?", b.id());
    try (var client = Trio.connectedTo(a)) {
      requests(client, a, 20);
      cluster
          .database()
          .await(
              "exists (select from trunkline.instances where heard_through > 0 and instance_id = %d)"
                  .formatted(a.id()),
              Trio.PATIENCE);
      a.events().clear();

      requests(client, a, 200);

      assertThat(a.events().count(SessionLookedUp.class)).isEqualTo(200);
      cluster
          .database()
          .sql("update trunkline.instances set hears = true where instance_id = ?", b.id());
      warm(client, List.of(a));
    }
  }

  @Test
  void it_can_be_turned_off(TestCluster cluster) throws Exception {
    cluster.with("session-cache", "false");
    var a = cluster.start("a");
    try (var client = Trio.connectedTo(a)) {
      a.events().clear();

      requests(client, a, 200);

      assertThat(a.events().count(SessionLookedUp.class)).isEqualTo(200);
      var through =
          cluster.database().sql("select max(heard_through) from trunkline.instances").number();
      assertThat(through).isZero();
    }
  }

  /// Goal: what is not used costs nothing: neither statements nor somebody else's wait.
  @Test
  void an_instance_that_is_not_used_any_more_remembers_nothing(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a");
    try (var client = Trio.connectedTo(a)) {
      warm(client, List.of(a));
      var remembers = "(select max(heard_through) > 0 from trunkline.instances)";
      cluster.database().await(remembers, Trio.PATIENCE);

      cluster.database().await("not " + remembers, Trio.FAULT_PATIENCE);
    }
  }

  /// Goal: a row that says more than its instance knows, as after a promotion or a lost word, does
  /// not make everybody wait for ever. Method: the row is written by hand.
  @Test
  void who_is_waited_for_and_remembers_nothing_says_so_when_asked(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    cluster
        .database()
        .sql("update trunkline.instances set heard_through = 1 where instance_id = ?", b.id());
    try (var client = Trio.connectedTo(a)) {
      assertThat(client.on(a).delete().status()).isEqualTo(204);

      var struck = "not exists (select from trunkline.instances where heard_through > 0)";
      cluster.database().await(struck, Trio.PATIENCE);
    }
  }

  /// Until each of them has found the session in its memory.
  private static void warm(McpTestClient client, List<Instance> instances) {
    for (var instance : instances) {
      instance.events().clear();
    }
    var begun = System.nanoTime();
    for (var instance : instances) {
      while (instance.events().count(SessionsRemembered.class) == 0) {
        assertThat(client.on(instance).request("ping").status()).isEqualTo(200);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Trio.FAULT_PATIENCE);
      }
    }
    for (var instance : instances) {
      requests(client, instance, 1);
    }
  }

  private static void requests(McpTestClient client, Running instance, int number) {
    for (var i = 0; i < number; i++) {
      assertThat(client.on(instance).request("ping").status()).isEqualTo(200);
    }
  }

  private static void ping(
      McpTestClient client, Instance instance, AtomicBoolean done, Queue<Asked> asked) {
    while (!done.get()) {
      var begun = System.nanoTime();
      asked.add(new Asked(begun, client.on(instance).request("ping").status()));
    }
  }

  private static Proxy proxy(TestDatabase db) {
    var server = URI.create(db.url().substring("jdbc:".length()));
    return new Proxy(server.getHost(), server.getPort());
  }

  private static String url(TestCluster cluster, Proxy proxy) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(proxy.port(), cluster.database().name());
  }
}
