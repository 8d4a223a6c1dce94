package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import trunkline.telemetry.ServerEvent.DatabaseRestored;
import trunkline.telemetry.ServerEvent.InstanceBeat;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;
import trunkline.testing.TestCluster.Instance;
import trunkline.testing.TestDatabase;

/// A database that is put back to an earlier time, with clients that have seen what came after: no
/// id is used twice, nobody goes deaf, and everybody is told of the gap.
@Tag("cluster")
class RestoreTest {

  /// What clients know of the time after the copy.
  private record Lost(
      McpTestClient client, McpTestClient unknown, String place, String callPlace) {}

  /// Copies the database, and goes on: messages, a broadcast, a session and a call of which the
  /// copy knows nothing.
  private static Lost goOn(Instance a, McpTestClient client, RawSse stream) throws Exception {
    for (var i = 0; i < 5; i++) {
      Trio.send(a, client, "lost " + i);
      assertThat(stream.nextLog()).isEqualTo("lost " + i);
    }
    a.server().handle().broadcast(Trio.notification("lost broadcast"));
    assertThat(stream.nextLog()).isEqualTo("lost broadcast");
    var unknown = Trio.connectedTo(a);
    String callPlace;
    try (var call = client.on(a).call("test_elicitation", json("{'message':'m'}")).sse()) {
      call.nextMessage("elicitation/create");
      callPlace = call.requireLastEventId();
    }
    return new Lost(client, unknown, stream.requireLastEventId(), callPlace);
  }

  private static long own(String place) {
    return Long.parseLong(place.split("\\.", -1)[1]);
  }

  /// The promises of a restored database, however it came to be one.
  private static void requireGapTold(Lost lost, Instance b, McpTestClient idle) throws Exception {
    var place = lost.place();
    try (var stream = lost.client().on(b).resume(place).sse()) {
      assertThat(stream.nextLog()).contains("are lost");
      for (var i = 0; i < 3; i++) { // as many as would have made the ids meet
        Trio.send(b, lost.client(), "new " + i);
        var event = stream.nextMessageEvent(Trio.PATIENCE);
        while (!event.message().path("method").asString().equals("notifications/message")) {
          event = stream.nextMessageEvent(Trio.PATIENCE);
        }
        assertThat(event.log()).isEqualTo("new " + i);
        assertThat(own(event.requireId())).isGreaterThan(own(place));
      }
      b.server().handle().broadcast(Trio.notification("heard"));
      assertThat(stream.nextLog()).isEqualTo("heard");
      place = stream.requireLastEventId();
    }
    try (var stream = lost.client().on(b).resume(place).sse()) { // told once
      Trio.send(b, lost.client(), "after");
      assertThat(stream.nextLog()).isEqualTo("after");
    }
    try (var stream = idle.on(b).get().sse()) { // it has missed something too, and cannot know
      assertThat(stream.nextLog()).contains("are lost");
    }
    assertThat(lost.unknown().on(b).request("ping").status()).isEqualTo(404);
    assertThat(lost.client().on(b).resume(lost.callPlace()).status()).isEqualTo(400);
    try (var fresh = Trio.connectedTo(b);
        var stream = fresh.on(b).get().sse()) {
      Trio.send(b, fresh, "only this");
      assertThat(stream.nextLog()).isEqualTo("only this");
    }
  }

  /// Goal: a call that was running at the time of the copy ends with an error.
  private static void requireExecutorLost(McpTestClient client, Instance b, String place)
      throws Exception {
    try (var resumed = client.on(b).resume(place).sse()) {
      assertThat(resumed.nextResponse().path("error").path("data").path("reason").asString())
          .isEqualTo("executor_lost");
    }
  }

  @Test
  void a_copy_that_is_started_elsewhere_says_what_it_does_not_know(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a");
    try (var client = Trio.connectedTo(a);
        var idle = Trio.connectedTo(a);
        var stream = client.on(a).get().sse();
        var running = client.on(a).call("test_elicitation", json("{'message':'m'}")).sse()) {
      Trio.send(a, client, "kept");
      assertThat(stream.nextLog()).isEqualTo("kept");
      running.nextMessage("elicitation/create");
      try (var copy = cluster.database().copy()) {
        var lost = goOn(a, client, stream);
        a.kill();
        try (var restored = new TestCluster(copy);
            var unknown = lost.unknown()) {
          var b = restored.start("b");
          assertThat(b.events().count(DatabaseRestored.class)).isEqualTo(1);
          assertThat(restored.start("c").events().count(DatabaseRestored.class)).isZero();
          requireGapTold(lost, b, idle);
          requireExecutorLost(client, b, running.requireLastEventId());
          assertThat(unknown.sessionId()).isNotEmpty();
        }
      }
    }
  }

  @Test
  void instances_notice_that_another_database_was_put_under_them(TestCluster cluster)
      throws Exception {
    var a = cluster.start("a");
    var b = cluster.start("b");
    var both = List.of(a, b);
    try (var client = Trio.connectedTo(a);
        var idle = Trio.connectedTo(a);
        var stream = client.on(a).get().sse()) {
      Trio.send(a, client, "kept");
      assertThat(stream.nextLog()).isEqualTo("kept");
      try (var copy = cluster.database().copy()) {
        for (var instance : both) {
          instance.events().await(InstanceBeat.class);
        }
        var lost = goOn(a, client, stream);
        var former = new ArrayList<Integer>(both.stream().map(Instance::id).toList());
        cluster.database().replaceWith(copy);
        for (var instance : both) {
          instance.events().await(InstanceBeat.class, beat -> !former.contains(beat.instance()));
        }
        stream.awaitEnd(Trio.PATIENCE);
        assertThat(
                both.stream().mapToLong(each -> each.events().count(DatabaseRestored.class)).sum())
            .isEqualTo(1);
        try (var unknown = lost.unknown()) {
          requireGapTold(lost, b, idle);
          assertThat(unknown.sessionId()).isNotEmpty();
        }
        try (var heard = client.on(a).get().sse()) {
          b.server().handle().broadcast(Trio.notification("from b"));
          assertThat(heard.nextLog()).isEqualTo("from b");
        }
      }
    }
  }

  /// Goal: nobody can see that a disk was set back; an operator says so.
  @Test
  void a_restore_that_cannot_be_seen_is_said(TestDatabase db) {
    var before = db.sql("select trunkline.id_prefix()").number();

    assertThat(db.sql("select restored from trunkline.adopt_database(false, 0)").value())
        .isEqualTo(false);
    assertThat(db.sql("select restored from trunkline.adopt_database(true, -1)").value())
        .isEqualTo(true);
    assertThat(db.sql("select restored from trunkline.adopt_database(true, 0)").value())
        .as("one who has not heard of it yet")
        .isEqualTo(false);
    assertThat(db.sql("select trunkline.id_prefix()").number()).isGreaterThan(before);
  }
}
