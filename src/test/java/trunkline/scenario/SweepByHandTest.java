package trunkline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;

/// Goal: what SQL cleans up is never what an instance still promises.
class SweepByHandTest {

  @Test
  void a_sweep_by_hand_keeps_what_the_instances_promise(TestCluster cluster) {
    var db = cluster.database();
    var generous = cluster.start("generous", "history-age-max", "6h");

    assertThat(db.sql("select trunkline.history_age() = interval '6 hours'").value())
        .isEqualTo(true);
    finished(db, "2 hours");
    assertThat(streamsRemoved(db)).isZero();
    finished(db, "7 hours");
    assertThat(streamsRemoved(db)).isOne();

    generous.close();
    assertThat(streamsRemoved(db)).as("a restart is no reason to forget").isZero();
    db.sql(
        "update trunkline.instances set left_at = left_at - interval '2 days' where left_at is not null");
    assertThat(streamsRemoved(db)).isOne();
  }

  /// The same for the writing that moves on: who keeps messages for a second must not empty the
  /// slots of who keeps them for hours.
  @Test
  void an_instance_with_a_short_history_does_not_shorten_that_of_others(TestCluster cluster) {
    var db = cluster.database();
    var generous = cluster.start("generous", "history-age-max", "6h");
    db.sql(
        "update trunkline.control set slot_opened_at = clock_timestamp() - interval '10 minutes'");

    assertThat(db.sql("select outcome from trunkline.advance_slot(interval '1 second')").text())
        .isEqualTo("young");

    db.sql("update trunkline.control set slot_opened_at = clock_timestamp() - interval '2 hours'");
    assertThat(db.sql("select outcome from trunkline.advance_slot(interval '1 second')").text())
        .isEqualTo("moved");
    generous.close();
  }

  /// What SQL has instead of each sweep of the instances.
  private static final Map<String, List<String>> CHORES =
      Map.ofEntries(
          Map.entry("finished calls", List.of("streams removed")),
          Map.entry("sessions", List.of("sessions removed")),
          Map.entry("questions", List.of("questions abandoned", "questions removed")),
          Map.entry("elicitations", List.of("elicitations removed")),
          Map.entry("expired tasks", List.of("tasks removed")),
          Map.entry("announcements", List.of("announcements removed")),
          Map.entry("ended moves", List.of("moves removed")),
          Map.entry("dead holders", List.of("holders released")),
          Map.entry("forgotten instances", List.of("instances removed")),
          Map.entry("old operator actions", List.of("operator actions removed")),
          Map.entry("old api keys", List.of("api keys removed")),
          Map.entry(
              "audit slots",
              List.of("audit slots emptied", "audit slots begun", "audit slots read by somebody")),
          Map.entry("old seal keys", List.of("seal keys made", "seal keys removed")));

  /// What SQL cannot do, and why.
  private static final Map<String, String> OF_INSTANCES =
      Map.ofEntries(
          Map.entry("news", "rings followers"),
          Map.entry("unattended streams", "rings connections"),
          Map.entry("moves", "closes connections"),
          Map.entry("positions", "how far connections have come"),
          Map.entry("unheld streams", "compares with what the instance holds"),
          Map.entry("last uses", "what the instance has heard"),
          Map.entry("key uses", "what the instance has heard"),
          Map.entry("minutes", "what the instance has counted"),
          Map.entry("old minutes", "while no instance runs, none is added"),
          Map.entry("rates", "what the instance remembers"),
          Map.entry("idle portions", "what the instance holds"),
          Map.entry(
              "full buckets", "a bucket that is full is as good as none; instances remove it"),
          Map.entry("session count", "what the instance remembers"),
          Map.entry("switches", "what the instance remembers"),
          Map.entry("seal keys", "what the instance remembers"),
          Map.entry("orphans", "runs calls again"),
          Map.entry("orphaned tasks", "runs tasks again"),
          Map.entry("dead instances", "watches a beat for a lease; by hand it is declare_dead"),
          Map.entry("control", "says what mend_control would mend"),
          Map.entry("operator actions", "tells them in its log"),
          Map.entry("highest id", "part of what a start looks at; each instance notes it"),
          Map.entry("slots", "commits between its steps"));

  /// Two of the sessions have ended; that the others are idle is known to the instances' options.
  private static final Map<String, Double> OTHERWISE = Map.of("sessions", 2.0);

  @Test
  void a_sweep_by_hand_does_every_chore_that_needs_no_instance(TestCluster cluster) {
    var db = cluster.database();
    var a = cluster.start("a");
    var sweeps = SweptRowsTest.swept(a).keySet();
    a.close();
    var known = new TreeSet<>(CHORES.keySet());
    known.addAll(OF_INSTANCES.keySet());
    assertThat(sweeps).as("a sweep has its chore").containsExactlyElementsOf(known);
    db.sql("delete from trunkline.operator_actions");

    DueRows.CASES.forEach((sweep, due) -> {
      if (CHORES.containsKey(sweep)) {
        due.statements().forEach(db::sql);
      }
    });
    db.sql(
        "insert into trunkline.announcements (id, kind) select trunkline.id_prefix() | nextval('trunkline.announcement_seq'), 'broadcast'");

    var done = new TreeMap<String, Integer>();
    db.sql("select chore, done from trunkline.sweep()")
        .rows()
        .forEach(row -> done.put((String) row.get("chore"), (Integer) row.get("done")));
    CHORES.forEach((sweep, chores) -> {
      var due = Objects.requireNonNull(DueRows.CASES.get(sweep), sweep).rows();
      assertThat(chores.stream().mapToDouble(done::remove).sum())
          .as(sweep)
          .isEqualTo(OTHERWISE.getOrDefault(sweep, due));
    });
    assertThat(done).as("a chore has its sweep").isEmpty();
  }

  private static void finished(TestDatabase db, String age) {
    db.sql(
        "insert into trunkline.streams (session_key, standalone, finished_at) values (1, false, clock_timestamp() - ?::interval)",
        age);
  }

  private static long streamsRemoved(TestDatabase db) {
    return db.sql("select done from trunkline.sweep() where chore = 'streams removed'").number();
  }
}
