package trunkline.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import trunkline.call.CallStart.Requested;
import trunkline.call.CallStore.Opened;
import trunkline.call.CallStore.Orphan;
import trunkline.call.CallStore.OrphanCall;
import trunkline.session.CallId;
import trunkline.session.Principal;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;
import trunkline.testing.TestDatabase;

/// What a store of calls owes, whatever it is made of.
abstract class CallStoreContract {
  private static final int MAX = 10;

  private final TestDatabase db;
  private final SessionKey session;
  private long openings;

  CallStoreContract(TestDatabase db) {
    this.db = db;
    this.session =
        new SessionKey(
            number(
                db.sql(
                        "select session_key from trunkline.open_session(?, '2025-11-25', 'ada', '{}', '{}', 0)",
                        UUID.randomUUID().toString().replace("-", ""))
                    .rows()
                    .getFirst()
                    .get("session_key")));
  }

  abstract CallStore store();

  private static long number(@Nullable Object value) {
    return ((Number) Objects.requireNonNull(value)).longValue();
  }

  private InstanceId instance() {
    return new InstanceId(
        (int)
            db.sql(
                    """
                    insert into trunkline.instances (lease_until, wake_mode, url, version)
                    values (clock_timestamp() + interval '1 minute', 'notify', 'http://localhost', 'test')
                    returning instance_id
                    """)
                .number());
  }

  private void die(InstanceId instance) {
    db.sql(
        "update trunkline.instances set dead_at = clock_timestamp() where instance_id = ?",
        instance.value());
  }

  private CallStart start(InstanceId instance, String... ids) {
    var requests =
        Arrays.stream(ids)
            .map(id -> new Requested(id, "tools/call", id.getBytes(StandardCharsets.UTF_8), false))
            .toList();
    return new CallStart(session, new Principal("ada"), instance, ++openings, requests);
  }

  private Opened.Rows open(InstanceId instance, String... ids) {
    return (Opened.Rows) store().open(start(instance, ids), MAX);
  }

  @Test
  void calls_of_a_batch_share_a_stream_and_keep_their_order() {
    var opened = open(instance(), "2", "1");

    assertThat(opened.calls())
        .isSortedAccordingTo((one, other) -> Long.compare(one.value(), other.value()));
    assertThat(
            db.sql(
                    "select request_id from trunkline.calls where stream_id = ? order by call_id",
                    opened.stream().value())
                .column())
        .containsExactly("2", "1");
  }

  @Test
  void an_id_runs_once_at_a_time() {
    var self = instance();
    open(self, "1");

    assertThat(store().open(start(self, "1"), MAX)).isEqualTo(new Opened.Running());
    db.sql("update trunkline.calls set finished_at = clock_timestamp()");
    assertThat(store().open(start(self, "1"), MAX)).isInstanceOf(Opened.Rows.class);
  }

  /// The answer of the first attempt was lost: neither the id nor the limit is in its own way.
  @Test
  void an_opening_that_is_repeated_finds_what_it_opened() {
    var start = start(instance(), "2", "1");
    var opened = store().open(start, 2);

    assertThat(store().open(start, 2)).isEqualTo(opened);
    assertThat(db.sql("select count(*) from trunkline.calls where finished_at is null").number())
        .isEqualTo(2);
  }

  @Test
  void a_session_has_only_so_many() {
    var self = instance();
    open(self, "1");

    assertThat(store().open(start(self, "2", "3"), 2)).isEqualTo(new Opened.Full());
    assertThat(store().open(start(self, "2"), 2)).isInstanceOf(Opened.Rows.class);
  }

  @Test
  void a_session_that_has_ended_gets_none() {
    db.sql("select trunkline.end_session_now(?, 'client')", session.value());

    assertThat(store().open(start(instance(), "1"), MAX)).isEqualTo(new Opened.Gone());
  }

  @Test
  void a_cancelled_call_is_found_among_those_that_run() {
    var calls = open(instance(), "1", "2").calls();

    store().cancel(session, "2", "enough");

    assertThat(store().cancelledAmong(calls)).isEqualTo(Map.of(calls.get(1), "enough"));
  }

  @Test
  void what_a_dead_writer_left_is_taken_over_once_and_fences_it() {
    var dead = instance();
    var opened = open(dead, "1", "2");
    store().cancel(session, "1", "enough");
    die(dead);

    assertThat(store().takeOver(instance(), List.of(), MAX))
        .containsExactly(
            new Orphan(
                opened.stream(),
                2,
                session,
                List.of(
                    new OrphanCall(opened.calls().get(0), "1", 1, true),
                    new OrphanCall(opened.calls().get(1), "2", 1, false))));
    assertThat(store().takeOver(instance(), List.of(), MAX)).isEmpty();
  }

  /// The end of what we took over may have been lost on the way.
  @Test
  void what_was_taken_over_and_not_ended_is_taken_over_by_us_again() {
    var dead = instance();
    open(dead, "1");
    die(dead);
    var self = instance();
    store().takeOver(self, List.of(), MAX);

    assertThat(store().takeOver(self, List.of(), MAX))
        .extracting(Orphan::writerEpoch)
        .containsExactly(3);
  }

  @Test
  void a_call_that_nobody_cancelled_is_not_among_the_cancelled() {
    assertThat(store().cancelledAmong(List.of(new CallId(1_000_000)))).isEmpty();
    assertThat(store().cancelledAmong(open(instance(), "1").calls())).isEmpty();
  }
}
