package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import trunkline.testing.EventLog;
import trunkline.testing.McpTestClient;
import trunkline.testing.RawSse;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// A service that does not let anybody call `pg_walfile_name`: the timeline in the ids is a number
/// that the database keeps. The function is replaced in this one database by what such a service
/// answers.
class TimelineTest {
  private static final String NOT_SUPPORTED =
      """
      create function pg_catalog.pg_walfile_name(lsn pg_lsn) returns text
      language plpgsql immutable strict parallel safe as $$
      begin raise exception 'pg_walfile_name() is not supported' using errcode = 'feature_not_supported'; end $$
      """;

  @Test
  void without_it_everything_works_under_a_number_that_is_kept() throws Exception {
    try (var db = TestDatabase.createEmpty();
        var cluster = new TestCluster(db);
        var client = new McpTestClient()) {
      db.sql(
          "alter function pg_catalog.pg_walfile_name(pg_lsn) rename to pg_walfile_name_of_others");
      db.sql(NOT_SUPPORTED);
      assertThatThrownBy(() -> db.sql("select pg_walfile_name(pg_current_wal_insert_lsn())"))
          .hasMessageContaining("not supported");

      var a = cluster.start("a");

      assertThat(db.sql("select timeline from trunkline.control").number()).isZero();
      client.on(a).connect("2025-11-25");
      try (var stream = client.on(a).get().sse()) {
        var before = idAfterSend(client, db, stream);
        db.sql("update trunkline.control set timeline = timeline + 1"); // after a failover
        assertThat((idAfterSend(client, db, stream) >> 47) - (before >> 47)).isOne();
      }
    }
  }

  private static long idAfterSend(McpTestClient client, TestDatabase db, RawSse stream)
      throws InterruptedException {
    var text =
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"error\",\"data\":\"m\"}}";
    assertThat(db.sql("select trunkline.send(?, ?)", client.sessionId(), text).value())
        .isEqualTo(true);
    var event = stream.nextMessageEvent(EventLog.PATIENCE);
    return Long.parseLong(event.requireId().split("\\.", -1)[1]);
  }

  /// Where the server can be asked, nothing is kept.
  @Test
  void with_it_the_server_is_asked(TestDatabase db) {
    assertThat(db.sql("select timeline from trunkline.control").value()).isNull();
    assertThat(db.sql("select trunkline.timeline()").number()).isPositive();
  }
}
