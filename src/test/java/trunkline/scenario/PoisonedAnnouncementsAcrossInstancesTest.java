package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static trunkline.testing.Json.json;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;

/// What nobody can send, or nobody can have written, makes no instance deaf and closes no stream.
@Tag("cluster")
@ParameterizedClass(name = "{0}")
@EnumSource(WakeUp.class)
class PoisonedAnnouncementsAcrossInstancesTest {
  private final Trio trio;

  PoisonedAnnouncementsAcrossInstancesTest(WakeUp wakeUp, TestCluster cluster) {
    trio = Trio.of(wakeUp, cluster, Map.of());
  }

  @BeforeEach
  void withoutConstraints() {
    trio.db.sql(
        """
        alter table trunkline.announcements drop constraint if exists announcements_id_ck,
          drop constraint if exists announcements_size_ck, drop constraint if exists announcements_one_line_ck
        """);
  }

  @AfterEach
  void closeClients() {
    trio.closeClients();
  }

  private void broadcast(String text) {
    trio.db.sql(
        "select trunkline.broadcast(?)",
        json(
            "{'jsonrpc':'2.0','method':'notifications/message','params':{'level':'error','data':'%s'}}",
            text));
  }

  private static String next(RawSse stream) throws InterruptedException {
    return stream.nextMessage("notifications/message").path("params").path("data").asString();
  }

  @Test
  void an_id_that_nobody_can_have_drawn_makes_no_instance_deaf() throws InterruptedException {
    var client = trio.connected(trio.a);
    var other = trio.connected(trio.b);
    try (var here = client.on(trio.b).get().sse();
        var there = other.on(trio.c).get().sse()) {
      trio.db.sql(
          "insert into trunkline.announcements (id, kind, payload) values (?, 'broadcast', '{}')",
          Long.MAX_VALUE);
      var late = trio.connected(trio.c);
      broadcast("while it is there");
      assertThat(next(here)).isEqualTo("while it is there");
      assertThat(next(there)).isEqualTo("while it is there");
      trio.db.sql("delete from trunkline.announcements where id = ?", Long.MAX_VALUE);
      try (var opened = late.on(trio.a).get().sse()) {
        broadcast("after it is gone");
        assertThat(next(here)).isEqualTo("after it is gone");
        assertThat(next(there)).isEqualTo("after it is gone");
        assertThat(next(opened)).isEqualTo("while it is there");
        assertThat(next(opened)).isEqualTo("after it is gone");
      }
    }
  }

  @Test
  void what_cannot_be_sent_closes_no_stream() throws InterruptedException {
    var client = trio.connected(trio.a);
    try (var stream = client.on(trio.b).get().sse()) {
      for (var bad : new String[] {"{}\nid: 7", "x".repeat(9 << 20)}) {
        trio.db.sql(
            """
            insert into trunkline.announcements (id, kind, payload)
            select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), 'broadcast', convert_to(?, 'UTF8')
            """,
            bad);
      }
      broadcast("fine");

      assertThat(next(stream)).as("on the same connection").isEqualTo("fine");
    }
  }

  /// Goal: who has seen a future that this database has lost is told, and goes on.
  @Test
  void an_event_id_from_a_lost_future_is_told_of_a_gap_and_goes_on() throws InterruptedException {
    var client = trio.connected(trio.a);
    String mine;
    try (var stream = client.on(trio.b).get().sse()) {
      mine = Objects.requireNonNull(stream.next(Trio.PATIENCE).id());
    }
    var parts = mine.split("\\.", -1);
    var future = Long.parseLong(parts[2]) + (1L << 40);

    try (var stream = client.on(trio.c).resume(parts[0] + "." + parts[1] + "." + future).sse()) {
      assertThat(next(stream)).as("the gap").contains("lost");
      assertThat(stream.nextMessage("notifications/tools/list_changed")).isNotNull();
      broadcast("fine");
      assertThat(next(stream)).isEqualTo("fine");
    }
  }
}
