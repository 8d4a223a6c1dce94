package trunkline.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.task.OrphanedTaskRows.Orphan;
import trunkline.testing.TestDatabase;

/// What the dead ran is taken over by one that lives, run again as often as it may, or has failed.
class OrphanedTaskRowsTest extends TaskTable {
  OrphanedTaskRowsTest(TestDatabase db) {
    super(db);
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
