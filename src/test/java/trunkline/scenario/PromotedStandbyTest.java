package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import trunkline.telemetry.ServerEvent.DatabaseRestored;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.Reply;
import trunkline.testing.SseEvent;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestServer;

/// The primary crashes and its standby is promoted, under instances whose URL names both with
/// `targetServerType=primary` (G3, S14). Nobody restarts an instance, and no id comes twice.
///
/// What is promised of what was acknowledged is the server's promise: with a synchronous standby
/// nothing is lost; with an asynchronous one the tail that it did not get is, and whoever has read
/// of it is told.
@Tag("cluster")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class PromotedStandbyTest {
  private static final String NAME = "trunkline_standby";

  private static final Map<String, String> PRIMARY =
      Map.of("wal_level", "replica", "wal_keep_size", "64MB", "wal_receiver_status_interval", "1s");

  @TempDir private Path folder;

  @Test
  void a_synchronous_one_has_all_that_was_acknowledged() throws Exception {
    try (var primary = TestServer.start(folder.resolve("a"), PRIMARY);
        var standby = primary.standby(folder.resolve("b"), NAME);
        var cluster = cluster(primary, standby)) {
      primary.database().sql("alter system set synchronous_standby_names = '" + NAME + "'");
      primary.database().sql("select pg_reload_conf()");
      primary
          .database()
          .await(
              "exists (select from pg_stat_replication where sync_state = 'sync')", Trio.PATIENCE);
      var a = cluster.start("a");
      var b = cluster.start("b");
      try (var client = Trio.connectedTo(a);
          var stream = client.on(a).get().sse()) {
        Trio.send(b, client, "seen");
        assertThat(stream.nextLog()).isEqualTo("seen");
        var place = stream.requireLastEventId();
        Trio.send(b, client, "not seen yet");

        fail(primary, standby);

        try (var resumed = resume(client, b, place)) {
          assertThat(resumed.nextLog()).isEqualTo("not seen yet");
          requireGoesOn(client, a, b, resumed, place);
        }
        assertThat(a.events().count(DatabaseRestored.class)).isZero();
      }
    }
  }

  @Test
  void an_asynchronous_one_tells_who_has_read_of_the_lost_tail() throws Exception {
    try (var primary = TestServer.start(folder.resolve("a"), PRIMARY);
        var standby = primary.standby(folder.resolve("b"), NAME);
        var cluster = cluster(primary, standby)) {
      var a = cluster.start("a");
      var b = cluster.start("b");
      try (var client = Trio.connectedTo(a);
          var stream = client.on(a).get().sse()) {
        Trio.send(b, client, "kept");
        assertThat(stream.nextLog()).isEqualTo("kept");
        standby
            .database()
            .await(
                "exists (select from trunkline.outbound_messages where payload = convert_to('%s', 'UTF8'))"
                    .formatted(
                        json(
                            "{'jsonrpc':'2.0','method':'notifications/message','params':{'level':'error','data':'kept'}}")),
                Trio.PATIENCE);
        part(primary, standby);
        for (var i = 0; i < 5; i++) {
          Trio.send(b, client, "lost " + i);
          assertThat(stream.nextLog()).isEqualTo("lost " + i);
        }
        var place = stream.requireLastEventId();

        fail(primary, standby);

        try (var resumed = resume(client, b, place)) {
          assertThat(resumed.nextLog()).contains("are lost");
          requireGoesOn(client, a, b, resumed, place);
        }
      }
    }
  }

  private static TestCluster cluster(TestServer primary, TestServer standby) {
    var db = primary.database();
    return new TestCluster(db)
        .with(
            "database-url",
            "jdbc:postgresql://127.0.0.1:%d,127.0.0.1:%d/%s?targetServerType=primary"
                .formatted(primary.port(), standby.port(), db.name()));
  }

  /// From here on the standby gets nothing more.
  private static void part(TestServer primary, TestServer standby) {
    standby.database().sql("alter system set primary_conninfo = ''");
    standby.database().sql("select pg_reload_conf()");
    primary.database().await("not exists (select from pg_stat_replication)", Trio.PATIENCE);
  }

  /// What a tool that watches over a cluster does.
  private static void fail(TestServer primary, TestServer standby) {
    primary.crash();
    TestDatabase db = standby.database();
    db.sql("alter system reset synchronous_standby_names");
    assertThat(db.sql("select pg_promote()").value()).isEqualTo(true);
  }

  /// As soon as an instance has found the new primary; until then it may answer that it is away.
  private static RawSse resume(McpTestClient client, Instance instance, String place)
      throws InterruptedException {
    var until = System.nanoTime() + Trio.FAULT_PATIENCE.toNanos();
    while (true) {
      var reply = client.on(instance).resume(place);
      if (reply.isStream()) {
        return reply.sse();
      }
      assertThat(reply.status()).isEqualTo(503);
      assertThat(System.nanoTime()).as("time").isLessThan(until);
    }
  }

  /// Both serve, without a restart, and every id is above all that was ever seen.
  private static void requireGoesOn(
      McpTestClient client, Instance a, Instance b, RawSse stream, String place)
      throws InterruptedException {
    Reply ping;
    do {
      ping = client.on(a).request("ping");
    } while (ping.status() == 503);
    assertThat(ping.result()).isEmpty();
    var listening = stream;
    for (var i = 0; i < 8; i++) {
      Trio.send(i % 2 == 0 ? a : b, client, "new " + i);
      var event = next(listening);
      while (event.isEmpty() || event.get().log().isEmpty()) {
        if (event.isEmpty()) {
          listening = client.on(b).resume(listening.requireLastEventId()).sse();
        }
        event = next(listening); // or lists that may have changed, after a gap
      }
      assertThat(event.get().log()).isEqualTo("new " + i);
      assertThat(own(event.get().requireId())).isGreaterThan(own(place));
    }
  }

  /// Empty when the stream has ended: once its beat knows of the promotion, an instance sends its
  /// clients away, since what they have read of may be lost.
  private static Optional<SseEvent> next(RawSse stream) throws InterruptedException {
    try {
      return Optional.of(stream.nextMessageEvent(Trio.FAULT_PATIENCE));
    } catch (AssertionError e) {
      if (stream.isEnded()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static long own(String place) {
    return Long.parseLong(place.split("\\.", -1)[1]);
  }
}
