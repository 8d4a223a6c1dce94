package trunkline.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import trunkline.exchange.TaskInputId;
import trunkline.jsonrpc.Codec;
import trunkline.session.Principal;
import trunkline.session.Session;
import trunkline.session.SessionId;
import trunkline.session.SessionKey;
import trunkline.session.StreamId;
import trunkline.signal.InstanceId;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.LockPatience;
import trunkline.store.SetAside;
import trunkline.task.OrphanedTaskRows.Orphan;
import trunkline.task.TaskInputRows.Input;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// A task ends once, only its latest run writes it, and only its principal sees it.
class TaskRowsTest {
  private static final Principal ADA = new Principal("ada");
  private static final TaskEnding DONE =
      new TaskEnding(TaskStatus.COMPLETED, null, "{\"result\":1}".getBytes(UTF_8));
  private static final TaskEnding LOST =
      new TaskEnding(TaskStatus.FAILED, "lost", "{\"error\":1}".getBytes(UTF_8));
  private static final int MANY = 1_000;
  private static final LockPatience PATIENCE = new LockPatience(Duration.ofSeconds(5));

  private final TestDatabase db;
  private final Database database;
  private final TaskRows rows;
  private final OrphanedTaskRows orphans;
  private final TaskInputRows inputs;
  private final InstanceId here;
  private final InstanceId there;
  private final Session session = session();

  TaskRowsTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "test");
    this.rows = new TaskRows(database);
    this.orphans = new OrphanedTaskRows(database, new SetAside("tasks", _ -> {}));
    this.inputs = new TaskInputRows(database);
    this.here = instance();
    this.there = instance();
  }

  @AfterEach
  void end() {
    db.sql("delete from trunkline.tasks"); // what one test leaves, another would take over
    database.close();
  }

  private InstanceId instance() {
    var registered =
        db.sql(
            """
            insert into trunkline.instances (lease_until, url, version)
            values (clock_timestamp() + interval '1 hour', 'http://x', '1') returning instance_id
            """);
    return new InstanceId((int) registered.number());
  }

  private static Session session() {
    return new Session(
        new SessionKey(1),
        SessionId.parse(UUID.randomUUID().toString().replace("-", "")).orElseThrow(),
        "2025-11-25",
        ADA,
        Codec.object(),
        Codec.object(),
        null,
        new StreamId(7),
        0,
        "");
  }

  private NewTask asked(boolean rerunnable) {
    return asked(TaskOrigin.InSession.of(session), rerunnable);
  }

  private static NewTask asked(TaskOrigin origin, boolean rerunnable) {
    return new NewTask(
        origin, "tool", "{}".getBytes(UTF_8), null, rerunnable, Duration.ofMinutes(1));
  }

  private Optional<Task> create(TaskId id, int max) {
    return rows.create(id, here, asked(false), max).map(AssignedTask::task);
  }

  private TaskRun begun(boolean rerunnable) {
    var created = rows.create(TaskId.random(), here, asked(rerunnable), MANY).orElseThrow();
    assertThat(rows.begin(created)).isTrue();
    return created.run();
  }

  private static AssignedTask assigned(List<Orphan> orphans) {
    return ((Orphan.Assigned) orphans.getFirst()).assigned();
  }

  private Optional<Task> end(TaskRun run) {
    return rows.end(run, DONE, PATIENCE);
  }

  private Optional<Task> find(TaskId id, Principal principal) {
    return rows.find(id, principal);
  }

  private Optional<Task> cancel(TaskId id, Principal principal) {
    return rows.cancel(id, principal);
  }

  private Optional<byte[]> outcome(TaskRun run) {
    return rows.outcome(run.task());
  }

  private List<Task> list(Principal principal, TaskRun from) {
    return rows.list(principal, new TaskKey(from.task().value() - 1), 1);
  }

  private List<TaskInputRows.Open> open(TaskRun run) {
    return inputs.open(run.task());
  }

  private List<TaskRows.TaskState> standing(TaskRun run) {
    return rows.standing(List.of(run.task()));
  }

  private TaskId id(TaskRun run) {
    return new TaskId(
        db.sql("select task_id from trunkline.tasks where task_key = ?", run.task().value())
            .text());
  }

  private Optional<TaskInputRows.Asked> ask(TaskRun run, int ordinal, String words) {
    var input =
        new Input(
            ordinal,
            "question-" + ordinal,
            "roots/list",
            words.getBytes(UTF_8),
            words.getBytes(UTF_8),
            9_000);
    return inputs.ask(run, input, PATIENCE);
  }

  private Optional<Task> answer(TaskRun run, TaskInputId input, String answer) {
    return inputs.settle(run, input, answer.getBytes(UTF_8), PATIENCE);
  }

  private List<Orphan> takeOver(List<TaskKey> running) {
    return takeOver(there, running);
  }

  private List<Orphan> takeOver(InstanceId instance, List<TaskKey> running) {
    return orphans.takeOver(instance, running, MANY, LOST, MANY).stream()
        .filter(orphan -> session.standaloneStream().equals(orphan.task().notificationStream()))
        .toList();
  }

  private void bury(InstanceId instance) {
    db.sql(
        "update trunkline.instances set dead_at = clock_timestamp() where instance_id = ?",
        instance.value());
  }

  @Test
  void creating_it_again_with_its_id_finds_it() {
    var id = TaskId.random();
    var created = create(id, 1).orElseThrow();

    assertThat(create(id, 1)).contains(created);
    assertThat(created.status()).isEqualTo(TaskStatus.WORKING);
    assertThat(created.ttl()).isEqualTo(Duration.ofMinutes(1));
  }

  /// Goal: a creation whose answer was lost, and that is repeated late, does not begin a second
  /// run.
  @Test
  void creating_it_again_tells_whose_it_is_by_now() {
    var id = TaskId.random();
    var asked = asked(true);
    var created = rows.create(id, here, asked, MANY).orElseThrow();
    assertThat(created.isToBegin(here)).isTrue();
    bury(here);
    takeOver(List.of());

    var again = rows.create(id, here, asked, MANY).orElseThrow();

    assertThat(again.run()).isEqualTo(new TaskRun(created.task().key(), there, 2));
    assertThat(again.isToBegin(here)).isFalse();
    assertThat(again.isToBegin(there)).isFalse();
  }

  /// The one run that is left is not for an instance that is dead, or may be.
  @Test
  void only_an_instance_that_lives_takes_over() {
    begun(true);
    bury(here);
    bury(there);
    assertThat(takeOver(List.of())).isEmpty();
    db.sql(
        "update trunkline.instances set dead_at = null, lease_until = clock_timestamp()"
            + " where instance_id = ?",
        there.value());
    assertThat(takeOver(List.of())).isEmpty();
    db.sql(
        "update trunkline.instances set lease_until = clock_timestamp() + interval '1 hour'"
            + " where instance_id = ?",
        there.value());
    assertThat(takeOver(List.of())).hasSize(1);
  }

  /// What a former run asked, and the later one does not, keeps nobody waiting.
  @Test
  void a_question_of_a_former_run_is_nobodys() {
    var run = begun(true);
    ask(run, 1, "first");
    var second = ask(run, 2, "second").orElseThrow();
    bury(here);
    takeOver(List.of());
    var later = new TaskRun(run.task(), there, 2);

    var asked = ask(later, 1, "first").orElseThrow();

    assertThat(open(later)).extracting(TaskInputRows.Open::input).containsExactly(asked.input());
    assertThat(answer(later, second.input(), "late")).isEmpty();
    assertThat(answer(later, asked.input(), "1")).map(Task::status).contains(TaskStatus.WORKING);
  }

  @Test
  void a_session_has_so_many_unfinished_ones_and_no_more() {
    var first = create(TaskId.random(), 2).orElseThrow();
    assertThat(create(TaskId.random(), 2)).isPresent();
    assertThat(create(TaskId.random(), 2)).isEmpty();

    end(new TaskRun(first.key(), here, 1));

    assertThat(create(TaskId.random(), 2)).isPresent();
  }

  @Test
  void it_ends_once() {
    var run = begun(false);

    assertThat(end(run)).map(Task::status).contains(TaskStatus.COMPLETED);
    assertThat(end(run)).isEmpty();
    assertThat(cancel(id(run), ADA)).isEmpty();
    assertThat(outcome(run)).contains(DONE.outcome());
  }

  @Test
  void what_is_cancelled_stays_so() {
    var run = begun(false);

    var cancelled = cancel(id(run), ADA).orElseThrow();

    assertThat(cancelled.status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(end(run)).isEmpty();
    assertThat(ask(run, 1, "too late")).isEmpty();
    assertThat(find(id(run), ADA)).contains(cancelled);
  }

  /// Goal: the end does not overwrite a cancel that was not committed when it began.
  @Test
  void an_end_that_meets_a_cancel_waits_and_loses() throws Exception {
    var run = begun(false);
    try (var cancelling =
        OpenTransaction.on(
            db,
            "update trunkline.tasks set status = 'cancelled' where task_key = ?",
            run.task().value())) {
      var ending = cancelling.block(() -> end(run));
      cancelling.commit();

      assertThat(ending.get(10, TimeUnit.SECONDS)).isEmpty();
    }
  }

  @Test
  void for_others_and_after_its_time_it_does_not_exist() {
    var run = begun(false);
    var id = id(run);
    var bob = new Principal("bob");

    assertThat(find(id, bob)).isEmpty();
    assertThat(cancel(id, bob)).isEmpty();
    assertThat(list(bob, run)).isEmpty();
    assertThat(list(ADA, run)).hasSize(1);

    db.sql(
        "update trunkline.tasks set expires_at = clock_timestamp() where task_key = ?",
        run.task().value());
    assertThat(find(id, ADA)).isEmpty();
    assertThat(list(ADA, run)).isEmpty();
    assertThat(standing(run)).isEmpty();
    assertThat(cancel(id, ADA)).isEmpty();
    assertThat(takeOver(List.of())).isEmpty();

    rows.forget(MANY);
    assertThat(
            db.sql("select count(*) from trunkline.tasks where task_key = ?", run.task().value())
                .number())
        .isZero();
  }

  @Test
  void an_answer_to_the_last_open_question_lets_it_work_on() {
    var run = begun(false);
    var first = ask(run, 1, "one").orElseThrow();
    var second = ask(run, 2, "two").orElseThrow();
    assertThat(Objects.requireNonNull(second.changed()).status())
        .isEqualTo(TaskStatus.INPUT_REQUIRED);

    assertThat(answer(run, first.input(), "1"))
        .map(Task::status)
        .contains(TaskStatus.INPUT_REQUIRED);
    assertThat(answer(run, first.input(), "again")).isEmpty();
    assertThat(open(run)).extracting(TaskInputRows.Open::input).containsExactly(second.input());
    var working = answer(run, second.input(), "2").orElseThrow();

    assertThat(working.status()).isEqualTo(TaskStatus.WORKING);
    assertThat(working.changes()).isEqualTo(5);
  }

  @Test
  void a_later_run_finds_the_answers_to_the_same_questions_only() {
    var run = begun(true);
    var same = ask(run, 1, "same").orElseThrow();
    var former = ask(run, 2, "other").orElseThrow();
    var open = ask(run, 3, "open").orElseThrow();
    answer(run, same.input(), "yes");
    answer(run, former.input(), "no");
    bury(here);
    takeOver(List.of());
    var later = new TaskRun(run.task(), there, 2);

    assertThat(ask(run, 4, "by the former run")).isEmpty();
    assertThat(ask(later, 1, "same").orElseThrow().answer()).isEqualTo("yes".getBytes(UTF_8));
    var renewed = ask(later, 2, "another").orElseThrow();
    assertThat(renewed.answer()).isNull();
    assertThat(renewed.input()).isNotEqualTo(former.input());
    assertThat(ask(later, 3, "open").orElseThrow().input()).isEqualTo(open.input());
    assertThat(answer(run, open.input(), "by the former run")).isEmpty();
    assertThat(answer(later, open.input(), "1"))
        .map(Task::status)
        .contains(TaskStatus.INPUT_REQUIRED);
    assertThat(answer(later, renewed.input(), "2")).map(Task::status).contains(TaskStatus.WORKING);
  }

  @Test
  void what_the_dead_ran_runs_again_once_or_has_failed() {
    var again = begun(true);
    var once = begun(false);
    assertThat(takeOver(List.of())).isEmpty(); // nobody is dead

    bury(here);
    var taken = takeOver(List.of());

    assertThat(taken).hasSize(2);
    assertThat(find(id(once), ADA).orElseThrow().status()).isEqualTo(TaskStatus.FAILED);
    assertThat(outcome(once)).contains(LOST.outcome());
    assertThat(taken)
        .filteredOn(Orphan.Assigned.class::isInstance)
        .singleElement()
        .extracting(orphan -> ((Orphan.Assigned) orphan).assigned().run())
        .isEqualTo(new TaskRun(again.task(), there, 2));
    assertThat(end(again)).isEmpty(); // the former run is fenced
    assertThat(takeOver(List.of(again.task()))).isEmpty();

    var second = taken.stream().filter(Orphan.Assigned.class::isInstance).toList();
    assertThat(rows.begin(assigned(second))).isTrue();
    bury(there);
    assertThat(takeOver(instance(), List.of())).singleElement().isInstanceOf(Orphan.Failed.class);
    assertThat(find(id(again), ADA).orElseThrow().status()).isEqualTo(TaskStatus.FAILED);
  }

  /// Goal: what its taker took over and never heard of is found with the next look.
  @Test
  void what_was_taken_over_unheard_is_taken_at_once() {
    var run = begun(true);
    bury(here);
    takeOver(List.of()); // the answer is lost

    assertThat(assigned(takeOver(List.of())).run()).isEqualTo(new TaskRun(run.task(), there, 3));
  }

  /// Goal: a take-over whose answer was lost, or whose instance died at once, costs no run.
  @Test
  void what_was_taken_over_and_never_began_is_taken_over_again() {
    var run = begun(true);
    bury(here);
    for (var attempt = 2; attempt < 6; attempt++) {
      var taker = instance();

      assertThat(assigned(takeOver(taker, List.of())).run())
          .isEqualTo(new TaskRun(run.task(), taker, attempt));

      bury(taker);
    }
  }

  private static TaskOrigin.Alone alone() {
    return new TaskOrigin.Alone(ADA, "2026-07-28", Codec.object().put("sampling", true));
  }

  private List<AssignedTask> takenOver() {
    return orphans.takeOver(there, List.of(), MANY, LOST, MANY).stream()
        .map(orphan -> ((Orphan.Assigned) orphan).assigned())
        .toList();
  }

  @Test
  void one_without_a_session_brings_whose_it_was_to_the_next_run() {
    var asked =
        new NewTask(
            alone(),
            "tool",
            "{}".getBytes(UTF_8),
            "{\"steps\":{}}".getBytes(UTF_8),
            true,
            Duration.ofMinutes(1));
    var created = rows.create(TaskId.random(), here, asked, MANY).orElseThrow();
    assertThat(created.task().notificationStream()).isNull();
    assertThat(rows.begin(created)).isTrue();
    bury(here);

    var taken = takenOver().getFirst();

    assertThat(taken.origin()).isEqualTo(alone());
    assertThat(taken.recollection()).isEqualTo(asked.recollection());
    assertThat(taken.run()).isEqualTo(new TaskRun(created.task().key(), there, 2));
    assertThat(taken.task().notificationStream()).isNull();
  }

  /// Goal: a release that does not know such tasks, and would fail them for want of a session,
  /// takes over its own and leaves these. Method: what its take-over writes, once it has chosen
  /// both.
  @Test
  void one_without_a_session_is_passed_over_by_a_release_that_does_not_know_it() {
    var theirs = rows.create(TaskId.random(), here, asked(alone(), true), MANY).orElseThrow();
    var its = begun(true);
    bury(here);

    var changed =
        db.sql(
            """
            update trunkline.tasks set executor = ?, run = run + 1, status = 'working', changes = changes + 1
             where executor = ? returning task_key
            """,
            there.value(),
            here.value());

    assertThat(changed.number()).isEqualTo(its.task().value());
    assertThat(standing(theirs.run()).getFirst().run()).isEqualTo(theirs.run());
    assertThat(takenOver()).extracting(taken -> taken.task().key()).contains(theirs.task().key());
  }

  @Test
  void a_principal_has_so_many_without_a_session_and_those_of_sessions_do_not_count() {
    create(TaskId.random(), MANY);
    var first = rows.create(TaskId.random(), here, asked(alone(), true), 1).orElseThrow();
    assertThat(rows.create(TaskId.random(), here, asked(alone(), true), 1)).isEmpty();
    var bobs = new TaskOrigin.Alone(new Principal("bob"), "2026-07-28", Codec.object());
    assertThat(rows.create(TaskId.random(), here, asked(bobs, true), 1)).isPresent();

    end(first.run());

    assertThat(rows.create(TaskId.random(), here, asked(alone(), true), 1)).isPresent();
  }

  private Optional<Task> answerByName(TaskRun run, String name) {
    return inputs.answer(run.task(), Map.of(name, "{}".getBytes(UTF_8)));
  }

  @Test
  void an_answer_by_name_counts_once_and_the_last_lets_it_work_on() {
    var run = begun(false);
    var first = ask(run, 1, "one").orElseThrow();
    ask(run, 2, "two");

    assertThat(answerByName(run, "nobody")).isEmpty();
    assertThat(answerByName(run, "question-1"))
        .map(Task::status)
        .contains(TaskStatus.INPUT_REQUIRED);
    assertThat(answerByName(run, "question-1")).isEmpty();
    assertThat(answer(run, first.input(), "another")).isEmpty();
    assertThat(inputs.answered(List.of(first.input())))
        .containsOnlyKeys(first.input())
        .containsEntry(first.input(), "{}".getBytes(UTF_8));
    assertThat(answerByName(run, "question-2")).map(Task::status).contains(TaskStatus.WORKING);
  }

  /// Names are never used again, also when the next run asks something else in that place.
  @Test
  void what_a_later_run_asks_differently_has_another_name() {
    var run = begun(true);
    ask(run, 1, "one");
    ask(run, 2, "two");
    inputs.expire(run, ask(run, 2, "two").orElseThrow().input()).join(); // it was stopped
    bury(here);
    takeOver(List.of());
    assertThat(answerByName(run, "question-2")).as("while nobody asks").isPresent();
    var later = new TaskRun(run.task(), there, 2);

    ask(later, 1, "another");

    assertThat(ask(later, 2, "two").orElseThrow().answer()).isEqualTo("{}".getBytes(UTF_8));
    assertThat(answerByName(later, "question-1")).isEmpty();
    assertThat(answerByName(later, "question-1-2")).isPresent();
  }

  /// Nothing of it has happened, so even one that must not run again may run.
  @Test
  void what_its_own_instance_did_not_begin_is_begun_by_another() {
    var created = rows.create(TaskId.random(), here, asked(false), MANY).orElseThrow();
    bury(here);

    var taken = assigned(takeOver(List.of()));

    assertThat(rows.begin(created)).isFalse();
    assertThat(rows.begin(taken)).isTrue();
    bury(there);
    assertThat(takeOver(instance(), List.of())).singleElement().isInstanceOf(Orphan.Failed.class);
  }

  @Test
  void a_beginning_that_is_repeated_counts_once() {
    var created = rows.create(TaskId.random(), here, asked(true), MANY).orElseThrow();
    rows.begin(created);
    rows.begin(created);
    bury(here);

    assertThat(assigned(takeOver(List.of())).begun()).isEqualTo(1);
  }

  @Test
  void who_has_no_room_only_says_what_has_failed() {
    var again = begun(true);
    var once = begun(false);
    begun(true);
    bury(here);

    assertThat(orphans.takeOver(there, List.of(), 0, LOST, MANY))
        .singleElement()
        .isInstanceOf(Orphan.Failed.class)
        .extracting(orphan -> orphan.task().key())
        .isEqualTo(once.task());
    assertThat(assigned(orphans.takeOver(there, List.of(), 1, LOST, MANY)).run().task())
        .isEqualTo(again.task());
  }

  @Test
  void what_an_instance_does_not_run_although_the_row_says_so_is_an_orphan_too() {
    bury(here);
    begun(true);
    var ours = new TaskRun(takeOver(List.of()).getFirst().task().key(), there, 2);
    db.sql(
        "update trunkline.tasks set updated_at = updated_at - interval '2 minutes' where task_key = ?",
        ours.task().value());

    assertThat(takeOver(List.of(ours.task()))).isEmpty();
    assertThat(takeOver(List.of())).hasSize(1);
  }
}
