package trunkline.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import trunkline.feature.FeatureKind;
import trunkline.feature.Switches;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

class CatalogSwitchesTest {
  private static final Switches SURPRISE_OFF =
      new Switches(Set.of(new Switches.Key(FeatureKind.TOOL, "surprise")));

  private static Database instance(TestDatabase db) {
    return new Database(new Connections(db.settings()), "trunkline-switches");
  }

  private static List<String> announced(TestDatabase db) {
    return db.sql("select kind from trunkline.outbox order by outbox_id").rows().stream()
        .map(row -> String.valueOf(row.get("kind")))
        .toList();
  }

  @Test
  void what_one_instance_switches_off_none_lists(TestDatabase db) throws Exception {
    try (var a = instance(db);
        var b = instance(db)) {
      var here = new CatalogSwitches(a);
      var there = new CatalogSwitches(b);

      assertThat(here.setEnabled(FeatureKind.TOOL, "surprise", false)).isTrue();

      assertThat(here.heard()).isEqualTo(SURPRISE_OFF);
      assertThat(there.heard()).isEqualTo(Switches.ALL_ON);
      assertThat(there.read()).isEqualTo(SURPRISE_OFF);
      assertThat(there.heard()).isEqualTo(SURPRISE_OFF);
      assertThat(there.setEnabled(FeatureKind.TOOL, "surprise", true)).isTrue();
      here.refresh().get(20, TimeUnit.SECONDS);
      assertThat(here.heard()).isEqualTo(Switches.ALL_ON);
    }
  }

  @Test
  void clients_are_told_once_per_change(TestDatabase db) {
    try (var a = instance(db)) {
      var switches = new CatalogSwitches(a);

      assertThat(switches.setEnabled(FeatureKind.PROMPT, "p", true)).isFalse();
      assertThat(switches.setEnabled(FeatureKind.PROMPT, "p", false)).isTrue();
      assertThat(switches.setEnabled(FeatureKind.PROMPT, "p", false)).isFalse();
      assertThat(switches.setEnabled(FeatureKind.TEMPLATE, "x://{id}", false)).isTrue();
      assertThat(switches.setEnabled(FeatureKind.PROMPT, "p", true)).isTrue();
      assertThat(switches.setEnabled(FeatureKind.PROMPT, "p", true)).isFalse();
    }

    assertThat(announced(db))
        .containsExactly("prompts_changed", "resources_changed", "prompts_changed");
  }

  /// Goal: eight instances that switch the same feature at once make one change.
  @Test
  void a_race_for_one_switch_has_one_winner(TestDatabase db) throws Exception {
    try (var a = instance(db);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var switches = new CatalogSwitches(a);
      var start = new CyclicBarrier(8);
      Callable<Boolean> race =
          () -> {
            start.await(20, TimeUnit.SECONDS);
            return switches.setEnabled(FeatureKind.TOOL, "surprise", false);
          };

      var won = 0;
      for (Future<Boolean> each :
          IntStream.range(0, 8).mapToObj(i -> threads.submit(race)).toList()) {
        won += each.get(20, TimeUnit.SECONDS) ? 1 : 0;
      }

      assertThat(won).isEqualTo(1);
      assertThat(announced(db)).containsExactly("tools_changed");
    }
  }

  @Test
  void sql_takes_part_in_its_callers_transaction(TestDatabase db) throws Exception {
    try (var a = instance(db);
        var caller = db.open()) {
      var switches = new CatalogSwitches(a);
      caller.setAutoCommit(false);

      TestDatabase.run(caller, "select trunkline.set_enabled('tool', 'surprise', false)");
      assertThat(switches.read()).isEqualTo(Switches.ALL_ON);
      caller.rollback();
      assertThat(switches.read()).isEqualTo(Switches.ALL_ON);
      assertThat(announced(db)).isEmpty();

      TestDatabase.run(caller, "select trunkline.set_enabled('tool', 'surprise', false)");
      caller.commit();
      assertThat(switches.read()).isEqualTo(SURPRISE_OFF);
      assertThat(announced(db)).containsExactly("tools_changed");
    }
  }

  /// Goal: a principal's own switch counts over the general one, and is announced where it changes
  /// what that principal has.
  @Test
  void a_principal_may_have_a_switch_of_its_own(TestDatabase db) {
    var key = new Switches.Key(FeatureKind.TOOL, "surprise");
    try (var a = instance(db);
        var b = instance(db)) {
      var here = new CatalogSwitches(a);
      var there = new CatalogSwitches(b);

      assertThat(here.setEnabled(FeatureKind.TOOL, "surprise", true, "ada")).isTrue(); // as it was
      assertThat(here.setEnabled(FeatureKind.TOOL, "surprise", false, "ada")).isTrue();
      assertThat(here.setEnabled(FeatureKind.TOOL, "surprise", false, "ada")).isFalse();
      assertThat(here.setEnabled(FeatureKind.PROMPT, "p", false, "bob")).isTrue();

      assertThat(there.read("ada").own()).isEqualTo(Map.of("ada", Map.of(key, false)));
      assertThat(there.heard().own()).as("as far as it was read").containsOnlyKeys("ada");
      assertThat(there.read().own()).containsOnlyKeys("ada", "bob");
      assertThat(there.read("eve").personal())
          .containsExactlyInAnyOrder(FeatureKind.TOOL, FeatureKind.PROMPT);
      assertThat(there.read("eve").off()).isEmpty();
      assertThat(there.heard().own()).as("others' are kept").containsOnlyKeys("ada", "bob");

      assertThat(there.setEnabled(FeatureKind.TOOL, "surprise", null, "ada")).isTrue();
      assertThat(there.setEnabled(FeatureKind.TOOL, "surprise", null, "ada")).isFalse();
      assertThat(there.heard().own()).containsOnlyKeys("bob");
    }

    assertThat(
            db.sql("select about from trunkline.outbox order by outbox_id").rows().stream()
                .map(row -> row.get("about")))
        .containsExactly("ada", "bob", "ada");
    assertThat(db.sql("select about from trunkline.operator_actions").rows().toString())
        .contains("tool surprise as for all for principal ")
        .doesNotContain("ada", "bob");
  }

  @Test
  void the_release_before_goes_on_calling(TestDatabase db) {
    db.sql("select trunkline.set_enabled('tool', 'surprise', false, principal => 'ada')");

    assertThat(db.sql("select trunkline.set_enabled('tool', 'surprise', false)").value())
        .isEqualTo(true);
    assertThat(db.sql("select kind, name from trunkline.catalog_switches where not enabled").rows())
        .hasSize(1);
  }

  @Test
  void there_are_as_many_as_instances_keep(TestDatabase db) {
    db.sql(
        "insert into trunkline.principal_switches select 'p' || n, 'tool', 'a', false from generate_series(1, 10000) n");

    db.sql("select trunkline.set_enabled('tool', 'a', true, 'p1')");
    assertThatThrownBy(() -> db.sql("select trunkline.set_enabled('tool', 'a', true, 'one more')"))
        .hasMessageContaining("10000 switches");
  }

  @Test
  void a_purged_principal_has_none(TestDatabase db) {
    db.sql("select trunkline.set_enabled('tool', 'a', false, 'ada')");
    db.sql("select trunkline.set_enabled('tool', 'a', false, 'bob')");

    db.sql("select * from trunkline.purge('ada')");

    assertThat(db.sql("select principal from trunkline.switch_directory").rows())
        .extracting(row -> row.get("principal"))
        .containsExactly("bob");
  }

  @Test
  void nonsense_is_refused(TestDatabase db) {
    for (var call :
        List.of(
            "'tol', 'a', false",
            "'tool', '', false",
            "'tool', 'a', null",
            "'tool', 'a', true, ''")) {
      assertThatThrownBy(() -> db.sql("select trunkline.set_enabled(" + call + ")"))
          .isInstanceOf(AssertionError.class);
    }
    try (var a = instance(db)) {
      var switches = new CatalogSwitches(a);
      for (var key : List.of("", "a\0b", "x".repeat(3000))) {
        assertThatThrownBy(() -> switches.setEnabled(FeatureKind.TOOL, key, false))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }
}
