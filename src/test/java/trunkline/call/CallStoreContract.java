package trunkline.call;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.call.CallStart.Requested;
import trunkline.call.CallStore.Opened;
import trunkline.session.CallId;
import trunkline.session.Principal;
import trunkline.session.SessionKey;
import trunkline.signal.InstanceId;

/// What a store of calls owes, whatever it is made of.
abstract class CallStoreContract {
  private static final int MAX = 10;
  private static final Principal ADA = new Principal("ada");

  private final CallBench bench;
  private final SessionKey session;
  private long openings;

  CallStoreContract(CallBench bench) {
    this.bench = bench;
    this.session = bench.session();
  }

  @AfterEach
  void end() {
    bench.close();
  }

  private CallStore store() {
    return bench.store();
  }

  private InstanceId instance() {
    return bench.instance();
  }

  private void die(InstanceId instance) {
    bench.die(instance);
  }

  private CallStart start(InstanceId instance, String... ids) {
    return start(instance, false, ids);
  }

  private CallStart start(InstanceId instance, boolean rerunnable, String... ids) {
    var requests =
        Arrays.stream(ids)
            .map(id -> new Requested(id, "tools/call", id.getBytes(UTF_8), rerunnable))
            .toList();
    return new CallStart(session, ADA, instance, ++openings, requests);
  }

  private Opened.Rows open(InstanceId instance, String... ids) {
    return (Opened.Rows) store().open(start(instance, ids), MAX);
  }

  @Test
  void calls_of_a_batch_share_a_stream_and_keep_their_order() {
    var opened = open(instance(), "2", "1");

    assertThat(opened.calls())
        .isSortedAccordingTo((one, other) -> Long.compare(one.value(), other.value()));
    assertThat(bench.requestIds(opened.stream())).containsExactly("2", "1");
  }

  @Test
  void an_id_runs_once_at_a_time() {
    var self = instance();
    open(self, "1");

    assertThat(store().open(start(self, "1"), MAX)).isEqualTo(new Opened.Running());
    bench.finishAll();
    assertThat(store().open(start(self, "1"), MAX)).isInstanceOf(Opened.Rows.class);
  }

  /// The answer of the first attempt was lost: neither the id nor the limit is in its own way.
  @Test
  void an_opening_that_is_repeated_finds_what_it_opened() {
    var start = start(instance(), "2", "1");
    var opened = store().open(start, 2);

    assertThat(store().open(start, 2)).isEqualTo(opened);
    assertThat(bench.calls()).isEqualTo(2);
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
    bench.endSession();

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

    var taken = store().takeOver(instance(), List.of(), true, MAX);

    assertThat(taken)
        .containsExactly(
            new Orphan(
                opened.stream(),
                taken.getFirst().writerEpoch(),
                session,
                bench.client(),
                List.of(
                    new Orphan.Call(opened.calls().get(0), "1", ADA, null, 1, true),
                    new Orphan.Call(opened.calls().get(1), "2", ADA, null, 1, false))));
    assertThat(taken.getFirst().writerEpoch()).as("the dead one wrote under 1").isGreaterThan(1);
    assertThat(store().takeOver(instance(), List.of(), true, MAX)).isEmpty();
  }

  /// One that does not know yet that it was declared dead, and may have been told to leave.
  @Test
  void the_dead_take_nothing_over() {
    var dead = instance();
    open(dead, "1");
    die(dead);

    assertThat(store().takeOver(dead, List.of(), true, MAX)).isEmpty();
    assertThat(store().takeOver(instance(), List.of(), true, MAX)).hasSize(1);
  }

  /// The end of what we took over may have been lost on the way.
  @Test
  void what_was_taken_over_and_not_ended_is_taken_over_by_us_again() {
    var dead = instance();
    open(dead, "1");
    die(dead);
    var self = instance();
    var first = store().takeOver(self, List.of(), true, MAX).getFirst();

    assertThat(store().takeOver(self, List.of(), true, MAX))
        .extracting(Orphan::writerEpoch)
        .containsExactly(first.writerEpoch() + 1);
  }

  /// Goal: two runs never share an epoch, or what a lost one still says would be taken for the
  /// other one's. Method: a standby is promoted that has not got the latest take-over, whose writer
  /// does not know it; somebody takes over.
  @Test
  void no_epoch_is_given_twice_though_a_take_over_was_lost() {
    var dead = instance();
    open(dead, "1");
    die(dead);
    var lost = store().takeOver(instance(), List.of(), true, MAX).getFirst();
    bench.loseTakeOver(lost.stream(), dead);

    var self = instance();
    var next = store().takeOver(self, List.of(), true, MAX).getFirst().writerEpoch();

    assertThat(next).isGreaterThan(lost.writerEpoch());
    assertThat(store().takeOver(self, List.of(), true, MAX))
        .as("from then on one by one")
        .extracting(Orphan::writerEpoch)
        .containsExactly(next + 1);
  }

  /// The orphan of a dead instance's call that may run again.
  private Orphan taken() {
    var dead = instance();
    store().open(start(dead, true, "1"), MAX);
    die(dead);
    return store().takeOver(instance(), List.of(), true, MAX).getFirst();
  }

  @Test
  void what_may_run_again_is_left_to_somebody_with_room() {
    var dead = instance();
    store().open(start(dead, true, "1"), MAX);
    open(dead, "2");
    die(dead);

    assertThat(store().takeOver(instance(), List.of(), false, MAX))
        .flatExtracting(Orphan::calls)
        .extracting(Orphan.Call::requestId)
        .containsExactly("2");
    assertThat(store().takeOver(instance(), List.of(), true, MAX))
        .flatExtracting(Orphan::calls)
        .extracting(call -> new String(Objects.requireNonNull(call.request()), UTF_8))
        .containsExactly("1");
  }

  @Test
  void a_run_whose_answer_was_lost_is_counted_once() {
    var orphan = taken();
    var call = orphan.calls().getFirst().call();

    assertThat(store().begin(call, orphan.writerEpoch(), 2)).isTrue();
    assertThat(store().begin(call, orphan.writerEpoch(), 2)).isTrue();
    assertThat(runs(call)).isEqualTo(2);
  }

  @Test
  void only_the_streams_writer_begins_a_run() {
    var orphan = taken();
    var call = orphan.calls().getFirst().call();
    var heir = store().takeOver(lastWriter(), List.of(), true, MAX).getFirst();

    assertThat(store().begin(call, orphan.writerEpoch(), 2)).as("fenced").isFalse();
    assertThat(store().begin(call, heir.writerEpoch(), 2)).isTrue();
  }

  /// One that has read the count before another run was counted.
  @Test
  void no_run_begins_that_has_begun_under_another_writer() {
    var orphan = taken();
    var call = orphan.calls().getFirst().call();
    assertThat(store().begin(call, orphan.writerEpoch(), 2)).isTrue();
    var heir = store().takeOver(lastWriter(), List.of(), true, MAX).getFirst();

    assertThat(store().begin(call, heir.writerEpoch(), 2)).isFalse();
    assertThat(heir.calls().getFirst().request()).as("nothing runs a third time").isNull();
    assertThat(runs(call)).isEqualTo(2);
  }

  @Test
  void the_first_outcome_of_a_step_stays() {
    var orphan = taken();
    var call = orphan.calls().getFirst().call();

    assertThat(store().steps(call)).isEmpty();
    assertThat(store().remember(call, orphan.writerEpoch(), "a", "1")).contains("1");
    assertThat(store().remember(call, orphan.writerEpoch(), "b", "{}")).contains("{}");
    assertThat(store().remember(call, orphan.writerEpoch(), "a", "2")).contains("1");
    assertThat(store().steps(call)).isEqualTo(Map.of("a", "1", "b", "{}"));
  }

  @Test
  void only_the_streams_writer_remembers_steps() {
    var orphan = taken();
    var call = orphan.calls().getFirst().call();
    var heir = store().takeOver(lastWriter(), List.of(), true, MAX).getFirst();

    assertThat(store().remember(call, orphan.writerEpoch(), "a", "1")).as("fenced").isEmpty();
    assertThat(store().remember(call, heir.writerEpoch(), "a", "2")).contains("2");
  }

  private InstanceId lastWriter() {
    return bench.lastWriter();
  }

  private long runs(CallId call) {
    return bench.runs(call);
  }

  @Test
  void a_call_that_nobody_cancelled_is_not_among_the_cancelled() {
    assertThat(store().cancelledAmong(List.of(new CallId(1_000_000)))).isEmpty();
    assertThat(store().cancelledAmong(open(instance(), "1").calls())).isEmpty();
  }
}
