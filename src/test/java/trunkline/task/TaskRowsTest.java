package trunkline.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import trunkline.jsonrpc.Codec;
import trunkline.session.Principal;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

/// A task ends once, only its latest run writes it, and only its principal sees it.
class TaskRowsTest extends TaskTable {
  TaskRowsTest(TestDatabase db) {
    super(db);
  }

  @Test
  void creating_it_again_with_its_id_finds_it() {
    var id = TaskId.random();
    var created = create(id, 1).orElseThrow();

    assertThat(create(id, 1)).contains(created);
    assertThat(created.status()).isEqualTo(TaskStatus.WORKING);
    assertThat(created.ttl()).isEqualTo(Duration.ofMinutes(1));
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
  void a_principal_has_so_many_without_a_session_and_those_of_sessions_do_not_count() {
    create(TaskId.random(), MANY);
    var first = rows.create(TaskId.random(), here, asked(alone(), true), 1).orElseThrow();
    assertThat(rows.create(TaskId.random(), here, asked(alone(), true), 1)).isEmpty();
    var bobs = new TaskOrigin.Alone(new Principal("bob"), "2026-07-28", Codec.object());
    assertThat(rows.create(TaskId.random(), here, asked(bobs, true), 1)).isPresent();

    end(first.run());

    assertThat(rows.create(TaskId.random(), here, asked(alone(), true), 1)).isPresent();
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
}
