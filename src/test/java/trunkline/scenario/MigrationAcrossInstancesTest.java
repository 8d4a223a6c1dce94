package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.session.SessionId;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.stream.StreamDirectory.Migration;
import trunkline.stream.StreamDirectory.Place;
import trunkline.telemetry.ServerEvent.StreamClosed;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;

/// Requirements F5 and F2: a session is sent to another instance, by SQL and from Java. Its
/// standalone stream is closed with a hint, goes on at the next message wherever the client comes
/// back, and nothing else of it moves; the directory tells it before and after.
@Tag("cluster")
class MigrationAcrossInstancesTest {
  private final ScenarioTools tools = new ScenarioTools();
  private final String name = UUID.randomUUID().toString();

  private static String migrate(TestCluster cluster, McpTestClient client, int to) {
    return cluster.database().sql("select trunkline.migrate(?, ?)", client.sessionId(), to).text();
  }

  private static String whereBySql(TestCluster cluster, McpTestClient client) {
    return String.valueOf(
        cluster.database().sql("select trunkline.session_instance(?)", client.sessionId()).value());
  }

  private static Optional<InstanceId> where(Instance asked, McpTestClient client) {
    return asked.server().streams().instanceOf(new SessionId(client.sessionId()));
  }

  private static InstanceId id(Instance instance) {
    return new InstanceId(instance.id());
  }

  private static RawSse held(TestCluster cluster, McpTestClient client, Instance by)
      throws InterruptedException {
    var stream = client.on(by).get().sse();
    cluster
        .database()
        .await(
            "trunkline.session_instance('%s') = %d".formatted(client.sessionId(), by.id()),
            Trio.PATIENCE);
    return stream;
  }

  private Instance first(TestCluster cluster, WakeUp wakeUp) {
    cluster.with(tools.catalog()).with("poll-only", wakeUp.pollOnly());
    return cluster.start("a");
  }

  @ParameterizedTest
  @EnumSource
  void a_session_goes_on_elsewhere_at_the_next_message(WakeUp wakeUp, TestCluster cluster)
      throws Exception {
    var a = first(cluster, wakeUp);
    var b = cluster.start("b");
    var c = cluster.start("c");
    try (var client = Trio.connectedTo(b)) {
      var stream = held(cluster, client, a);
      Trio.send(c, client, "one");
      assertThat(stream.nextLog()).isEqualTo("one");
      assertThat(where(c, client)).contains(id(a));

      assertThat(migrate(cluster, client, b.id())).isEqualTo("moved");
      stream.awaitEnd(Trio.PATIENCE);
      assertThat(stream.failure()).isNull();
      assertThat(stream.retry()).as("told to come again").isNotNull();
      assertThat(comments(stream)).as("and where").contains("Trunkline-Instance: " + b.id());
      a.events().await(StreamClosed.class, closed -> closed.reason().equals("migrated"));
      cluster
          .database()
          .await(
              "trunkline.session_instance('%s') is null".formatted(client.sessionId()),
              Trio.PATIENCE);
      assertThat(standalone(c, client))
          .matches(place -> place.instance() == null && "migrated".equals(place.closeReason()));

      Trio.send(c, client, "two");
      var elsewhere = client.on(b).resume(stream.requireLastEventId()).sse();
      assertThat(elsewhere.nextLog()).as("nothing is lost").isEqualTo("two");
      Trio.send(a, client, "three");
      assertThat(elsewhere.nextLog()).isEqualTo("three");
      assertThat(whereBySql(cluster, client)).isEqualTo(String.valueOf(b.id()));
      assertThat(where(c, client)).contains(id(b));
      assertThat(migrate(cluster, client, b.id())).isEqualTo("already there");
      assertThat(c.server().streams().ofInstance(id(b), new StreamId(0), 10))
          .singleElement()
          .matches(place -> place.session().value().equals(client.sessionId()));
      assertThat(c.server().streams().ofInstance(id(a), new StreamId(0), 10)).isEmpty();
    }
  }

  private static Place standalone(Instance asked, McpTestClient client) {
    var first = asked.server().streams().ofSession(new SessionId(client.sessionId())).getFirst();
    assertThat(first.standalone()).isTrue();
    return first;
  }

  private static String comments(RawSse stream) throws InterruptedException {
    var all = new StringBuilder();
    for (var i = stream.commentCount(); i > 0; i--) {
      all.append(stream.nextComment(Trio.PATIENCE)).append('\n');
    }
    return all.toString();
  }

  /// The client may come back where it was, whatever it was told.
  @Test
  void who_comes_back_stays(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      var stream = held(cluster, client, a);
      migrate(cluster, client, b.id());
      stream.awaitEnd(Trio.PATIENCE);
      var again = held(cluster, client, a);
      a.server().sweepOnce();
      Trio.send(b, client, "still here");

      assertThat(again.nextLog()).isEqualTo("still here");
      assertThat(again.isEnded()).isFalse();
      cluster
          .database()
          .await("not exists (select from trunkline.stream_moves)", Trio.FAULT_PATIENCE);
    }
  }

  /// A moment after the client has seen the end.
  private static void awaitReleased(TestCluster cluster) {
    cluster
        .database()
        .await(
            "exists (select from trunkline.streams where close_reason = 'migrated' and holder_instance is null)",
            Trio.FAULT_PATIENCE);
  }

  @Test
  void a_running_call_stays_where_it_is(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    try (var client = Trio.connectedTo(b)) {
      var stream = held(cluster, client, a);
      var call = client.on(a).call("hold", Trio.named(name)).sse();
      call.nextLog();
      assertThat(a.server().migrate(client.sessionId(), id(b))).isEqualTo(Migration.MOVED);
      stream.awaitEnd(Trio.PATIENCE);
      awaitReleased(cluster);

      assertThat(call.isEnded()).isFalse();
      assertThat(a.server().streams().ofSession(new SessionId(client.sessionId())))
          .extracting(Place::standalone, Place::instance)
          .containsExactly(tuple(true, null), tuple(false, id(a)));
      assertThat(where(b, client)).as("its newest call's").contains(id(a));
      assertThat(migrate(cluster, client, b.id())).isEqualTo("no open stream");
      tools.gate(name).open();
      assertThat(Reply.text(call.nextResponse().path("result"))).isEqualTo("held " + name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2025-03-26", "2025-06-18"})
  void a_stream_of_an_older_revision_is_not_closed_early(String revision, TestCluster cluster)
      throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    try (var client = new McpTestClient()) {
      client.on(b).connect(revision);
      var stream = held(cluster, client, a);
      assertThat(migrate(cluster, client, b.id())).isEqualTo("older revision");
      assertThat(b.server().migrate(client.sessionId(), id(b))).isEqualTo(Migration.OLDER_REVISION);
      a.server().sweepOnce();
      Trio.send(b, client, "as before");

      assertThat(stream.nextLog()).isEqualTo("as before");
      assertThat(stream.isEnded()).isFalse();
    }
  }

  @Test
  void each_outcome_has_its_words_from_sql_and_from_java(TestCluster cluster) throws Exception {
    var a = first(cluster, WakeUp.NOTIFY);
    var b = cluster.start("b");
    var db = cluster.database();
    try (var client = Trio.connectedTo(b);
        var stranger = new McpTestClient()) {
      stranger.withSession("0".repeat(32), "2025-11-25");
      expect(cluster, b, stranger, b.id(), "unknown session", Migration.UNKNOWN_SESSION);
      stranger.withSession("nonsense", "2025-11-25");
      expect(cluster, b, stranger, b.id(), "unknown session", Migration.UNKNOWN_SESSION);
      expect(cluster, b, client, 999, "unknown instance", Migration.UNKNOWN_INSTANCE);
      expect(cluster, b, client, b.id(), "no open stream", Migration.NO_OPEN_STREAM);
      held(cluster, client, a);
      expect(cluster, b, client, a.id(), "already there", Migration.ALREADY_THERE);
      for (var unready :
          List.of(
              "dead_at = clock_timestamp()",
              "left_at = clock_timestamp()",
              "lease_until = clock_timestamp() - interval '1 second'",
              "draining_at = clock_timestamp()",
              "drain_wanted_at = clock_timestamp()",
              "leaving_at = clock_timestamp()")) {
        var other =
            (int)
                db.sql(
                        "insert into trunkline.instances (lease_until, url, version)"
                            + " values (clock_timestamp() + interval '1 hour', 'here', 'test') returning instance_id")
                    .number();
        db.sql("update trunkline.instances set " + unready + " where instance_id = ?", other);
        expect(cluster, b, client, other, "instance not ready", Migration.INSTANCE_NOT_READY);
      }
      db.sql("update trunkline.instances set steerable = false where instance_id = ?", a.id());
      expect(cluster, b, client, b.id(), "older release", Migration.OLDER_RELEASE);
      db.sql("update trunkline.instances set steerable = true where instance_id = ?", a.id());
      expect(cluster, b, client, b.id(), "moved", Migration.MOVED);
    }
  }

  private static void expect(
      TestCluster cluster,
      Instance asked,
      McpTestClient client,
      int to,
      String words,
      Migration outcome) {
    assertThat(migrate(cluster, client, to)).isEqualTo(words);
    assertThat(asked.server().migrate(client.sessionId(), new InstanceId(to))).isEqualTo(outcome);
  }
}
