package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import trunkline.testing.TestDatabase;

/// What a session's page says of its client and its messages.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionPageTest {
  private final TestDatabase db;
  private ConsoleServer console;

  SessionPageTest(TestDatabase db) {
    this.db = db;
  }

  @BeforeAll
  void start() {
    console = ConsoleServer.on(db.settings());
  }

  @AfterAll
  void end() {
    console.close();
  }

  private void sessions(String principal, int number) {
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client)
        select md5(?::text || n), '2025-11-25', ?, 0, '{}', '{"name":"' || ? || '-client","version":"' || n || '"}' from generate_series(1, ?) n
        """,
        principal,
        principal,
        principal,
        number);
  }

  @Test
  void whether_a_client_listens_and_what_waits_for_it_is_said() {
    sessions("deaf", 1);
    var session =
        db.sql("select session_key from trunkline.sessions where principal = 'deaf'").number();
    var page = "sessions/" + session;
    assertThat(console.get(page).body()).contains("never yet", "it has got all");

    db.sql(
        "insert into trunkline.streams (session_key, standalone, holder_instance, opened_at) values (?, true, 3, now())",
        session);
    db.sql(
        """
        insert into trunkline.outbound_messages (stream_id, event_id, slot, payload, created_at)
        select stream_id, n, 0, '{}', now() - interval '90 seconds' from trunkline.streams, generate_series(1, 2) n where session_key = ?
        """,
        session);
    assertThat(console.get(page).body())
        .contains("on instance 3")
        .containsPattern("<dd>2<small>unread, the oldest for 1 min [3-5]\\d s");
    assertThat(console.get("sessions?principal=deaf").body()).contains("instance 3");

    db.sql(
        "update trunkline.streams set holder_instance = null, closed_at = now(), close_reason = 'drained', position_own = 1 where session_key = ?",
        session);
    assertThat(console.get(page).body()).contains("not now", ": drained", "<dd>1<small>unread");
    assertThat(console.get("sessions?principal=deaf").body()).contains("nobody listens");
  }

  /// What can no longer be asked for is not kept, though it may stand in its slot for a while.
  @Test
  void what_is_kept_for_a_session_is_counted_by_stream() {
    sessions("kept", 1);
    var session =
        db.sql("select session_key from trunkline.sessions where principal = 'kept'").number();
    var page = "sessions/" + session;
    db.sql("insert into trunkline.streams (session_key, standalone) values (?, true)", session);
    messages(session, 10, 11);
    assertThat(console.get(page).body())
        .contains("which its client has not opened yet: 2 of its messages kept, 0 delivered.");

    changed(session, "opened_at = now(), holder_epoch = 1, position_own = 10");
    assertThat(console.get(page).body()).contains("2 of its messages kept, 1 delivered");

    changed(session, "trimmed_through = 10");
    assertThat(console.get(page).body()).contains("1 of its messages kept, 0 delivered");
    try (var open = ConsoleServer.on(db.settings(), true)) {
      assertThat(open.get(page + "/messages").body())
          .contains("Message 11 of stream")
          .doesNotContain("Message 10 of stream");
      assertThat(open.get("sessions/900000000/messages").status()).isEqualTo(404);
    }

    messages(session, 12, 1011);
    assertThat(console.get(page).body()).contains("more than 1,000 of its messages kept");
  }

  private void messages(long session, int from, int to) {
    db.sql(
        """
        insert into trunkline.outbound_messages (stream_id, event_id, slot, payload)
        select stream_id, n, 0, '{}' from trunkline.streams, generate_series(?, ?) n where session_key = ?
        """,
        from,
        to,
        session);
  }

  private void changed(long session, String what) {
    db.sql("update trunkline.streams set " + what + " where session_key = ?", session);
  }
}
