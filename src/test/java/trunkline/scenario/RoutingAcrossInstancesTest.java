package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;
import trunkline.feature.SendOutcome;
import trunkline.telemetry.ServerEvent.StreamClosed;
import trunkline.telemetry.ServerEvent.StreamOpened;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Requirements C1 to C6: a message finds the one stream it belongs to, wherever that is held.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class RoutingAcrossInstancesTest {
  private final Trio trio;

  RoutingAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of("announce-connections", "true", "keep-alive", "1s"));
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  @Test
  void any_instance_and_sql_reach_a_stream_that_another_holds() throws InterruptedException {
    var client = trio.connected(trio.a);
    var stream = client.on(trio.b).get().sse();

    trio.a.server().handle().send(client.sessionId(), Trio.notification("from a"));
    assertThat(stream.nextLog()).isEqualTo("from a");
    trio.c.server().handle().send(client.sessionId(), Trio.notification("from c"));
    assertThat(stream.nextLog()).isEqualTo("from c");
    trio.b.server().handle().send(client.sessionId(), Trio.notification("from b"));
    assertThat(stream.nextLog()).isEqualTo("from b");
    trio.db.sql(
        "select trunkline.send(?, ?)",
        client.sessionId(),
        """
        {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"from sql"}}
        """);
    assertThat(stream.nextLog()).isEqualTo("from sql");
  }

  @Test
  void a_session_that_is_gone_is_said_to_be() throws InterruptedException {
    var client = trio.connected(trio.a);
    client.on(trio.b).delete();

    assertThat(trio.c.server().handle().send(client.sessionId(), Trio.notification("late")))
        .isEqualTo(new SendOutcome.SessionGone(client.sessionId()));
  }

  @Test
  void a_message_of_a_transaction_that_rolls_back_is_never_sent()
      throws InterruptedException, SQLException {
    var client = trio.connected(trio.a);
    var stream = client.on(trio.b).get().sse();
    try (var connection = trio.db.open()) {
      connection.setAutoCommit(false);
      TestDatabase.run(
          connection,
          "select trunkline.broadcast(?)",
          json("{'jsonrpc':'2.0','method':'notifications/message','params':{'data':'never'}}"));
      connection.rollback();
    }

    trio.c.server().handle().broadcast(Trio.notification("after"));

    assertThat(stream.nextLog()).isEqualTo("after");
  }

  @Test
  void a_broadcast_is_one_row_and_reaches_every_session_once() throws InterruptedException {
    var streams = new ArrayList<RawSse>();
    for (var i = 0; i < 12; i++) {
      var client = trio.connected(trio.all().get(i % 3));
      streams.add(client.on(trio.all().get((i + 1) % 3)).get().sse());
    }
    var before = trio.db.sql("select count(*) from trunkline.announcements").number();

    trio.a.server().handle().broadcast(Trio.notification("one"));
    trio.db.sql(
        "select trunkline.broadcast(?)",
        """
        {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"two"}}
        """);

    for (var stream : streams) {
      assertThat(stream.nextLog()).isEqualTo("one");
      assertThat(stream.nextLog()).isEqualTo("two");
    }
    assertThat(trio.db.sql("select count(*) from trunkline.announcements").number())
        .isEqualTo(before + 2);
  }

  @Test
  void a_calls_messages_stay_on_the_calls_stream() throws InterruptedException {
    var client = trio.connected(trio.a);
    var standalone = client.on(trio.b).get().sse();
    var call = client.on(trio.c).call("count", json("{'to':2}")).sse();

    assertThat(call.nextLog()).isEqualTo("count 1");
    assertThat(call.nextLog()).isEqualTo("count 2");
    assertThat(call.nextResponse().has("result")).isTrue();
    trio.a.server().handle().broadcast(Trio.notification("end"));

    assertThat(standalone.nextLog()).isEqualTo("end");
  }

  /// Goal: streams are multiplexed over the connections an instance has anyway.
  @Test
  void many_streams_need_no_more_connections() throws InterruptedException {
    var client = trio.connected(trio.a);
    var first = client.on(trio.b).get().sse();
    var before = trio.db.connections().size();
    var streams = new ArrayList<RawSse>();
    for (var i = 0; i < 60; i++) {
      var one = trio.connected(trio.a);
      streams.add(one.on(trio.b).get().sse());
    }

    trio.c.server().handle().broadcast(Trio.notification("all"));

    assertThat(first.nextLog()).isEqualTo("all");
    for (var stream : streams) {
      assertThat(stream.nextLog()).isEqualTo("all");
    }
    // Pools grow with load up to their limit; 4 each, and two direct connections.
    assertThat(trio.db.connections()).hasSizeLessThanOrEqualTo(Math.max(before, 3 * 6));
  }

  /// Goal: the table, the events and a LISTENing client tell the same story.
  @Test
  void opening_taking_over_and_leaving_are_told() throws InterruptedException, SQLException {
    try (var listener = trio.db.open()) {
      TestDatabase.run(listener, "listen trunkline_connections");
      var client = trio.connected(trio.a);
      var first = client.on(trio.a).get().sse();
      var opened = trio.a.events().await(StreamOpened.class);
      requireHolder(client.sessionId(), trio.a.id());

      var second = client.on(trio.b).get().sse();
      trio.b.events().await(StreamOpened.class, event -> event.stream() == opened.stream());
      trio.a.events().await(StreamClosed.class, event -> event.stream() == opened.stream());
      requireHolder(client.sessionId(), trio.b.id());

      second.close();
      var closed =
          trio.b.events().await(StreamClosed.class, event -> event.stream() == opened.stream());
      assertThat(closed.reason()).isEqualTo("client left");
      trio.db.await(
          "(select holder_instance is null and closed_at is not null and close_reason = 'client left'"
              + " from trunkline.streams where stream_id = "
              + opened.stream()
              + ")",
          Duration.ofSeconds(20));
      first.close();
      var heard = 0;
      var connection = listener.unwrap(PGConnection.class);
      while (heard < 3) {
        var notifications = connection.getNotifications(20_000);
        assertThat(notifications).as("told %d times so far", heard).isNotEmpty();
        heard += notifications.length;
      }
    }
  }

  private void requireHolder(String session, int instance) {
    trio.db.await(
        "(select holder_instance = %d and opened_at is not null from trunkline.streams join trunkline.sessions using (session_key) where standalone and session_id = '%s')"
            .formatted(instance, session),
        Duration.ofSeconds(10));
    assertThat(trio.db.sql("select trunkline.session_instance(?)", session).number())
        .isEqualTo(instance);
  }
}
