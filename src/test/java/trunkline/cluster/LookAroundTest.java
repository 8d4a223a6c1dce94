package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.signal.InstanceId;
import trunkline.signal.Lookout;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.store.SetAside;
import trunkline.testing.TestDatabase;

/// A look never says that there is nothing where a statement would find something.
class LookAroundTest {
  private static final InstanceId ME = new InstanceId(1);
  private static final SetAside ASIDE = new SetAside("instances", _ -> {});

  private static final Map<String, Predicate<Glance>> FINDS =
      Map.ofEntries(
          Map.entry(
              "insert into trunkline.outbox (kind, payload) values ('tools_changed', '{}')",
              Glance::outbox),
          Map.entry(
              "insert into trunkline.operator_actions (action, about) values ('drain', 'instance 1')",
              Glance::untold),
          Map.entry(stream(3, 0), Glance::streams), // of the dead
          Map.entry(stream(4, 0), Glance::streams), // of one that left
          Map.entry(stream(2, 1), Glance::streams), // handed on
          Map.entry(stream(1, 0), Glance::streams), // ours
          Map.entry(task(3, 0), Glance::tasks),
          Map.entry(task(4, 0), Glance::tasks),
          Map.entry(task(2, 1), Glance::tasks),
          Map.entry(task(1, 0), Glance::tasks),
          Map.entry(baton("1", "5 s"), Glance::baton),
          Map.entry(baton("null", "5 s"), Glance::baton),
          Map.entry(baton("2", "-1 s"), Glance::baton), // late
          Map.entry(baton("2", "1 day"), Glance::baton), // nobody can say until when
          Map.entry(baton("3", "5 s"), Glance::baton), // of the dead
          Map.entry(baton("999", "5 s"), Glance::baton), // of nobody
          Map.entry("delete from trunkline.baton", Glance::baton));

  private final TestDatabase db;
  @AutoClose private final Database database;
  private final Lookout lookout = new Lookout();
  private final LookAround look;

  LookAroundTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "trunkline-look");
    this.look =
        new LookAround(
            new GlanceRows(database, Duration.ofSeconds(10)),
            new InstanceRows(database, InstancePolicy.of("http://127.0.0.1:8080", "1.0")),
            lookout);
  }

  private static String stream(int writer, int handed) {
    return """
    insert into trunkline.streams (session_key, standalone, writer_instance, writer_epoch, handed_epoch)
    values (1, false, %d, 1, nullif(%d, 0))
    """
        .formatted(writer, handed);
  }

  private static String task(int executor, int handed) {
    return """
    insert into trunkline.tasks (task_id, principal, session_id, stream_id, tool, request, rerunnable, executor, run, handed_run,
                                 ttl_millis, expires_at)
    values (repeat('a', 32), 'ada', repeat('f', 32), 1, 'bake', '{}', true, %d, 1, nullif(%d, 0), 3600000, now() + interval '1 hour')
    """
        .formatted(executor, handed);
  }

  private static String baton(String holder, String left) {
    return "update trunkline.baton set instance_id = %s, held_until = now() + interval '%s'"
        .formatted(holder, left);
  }

  /// Two live, one is dead, one has left; nothing is to do, and the other one holds the baton.
  @BeforeEach
  void nothing_to_do() {
    db.sql("delete from trunkline.instances");
    db.sql(
        """
        insert into trunkline.instances (instance_id, lease_until, dead_at, left_at, url, version) overriding system value
        select g, now() + interval '1 hour', case when g = 3 then now() end, case when g = 4 then now() end, 'http://here', '1'
          from generate_series(1, 4) g
        """);
    for (var table : new String[] {"outbox", "operator_actions", "streams", "tasks", "baton"}) {
      db.sql("delete from trunkline." + table);
    }
    db.sql(
        "insert into trunkline.baton (instance_id, held_until) values (2, now() + interval '1 minute')");
    db.sql(stream(2, 0)); // of one that lives
    db.sql(task(2, 0).replace("'a'", "'b'"));
  }

  private boolean sees(Predicate<Glance> what) {
    assertThat(look.observe(ME, ASIDE))
        .extracting(Sighting::id)
        .extracting(InstanceId::value)
        .containsExactly(2, 3, 4);
    return look.mayHave(what);
  }

  @Test
  void it_sees_whatever_there_is_and_nothing_else() {
    for (var find : FINDS.entrySet()) {
      nothing_to_do();
      assertThat(sees(find.getValue())).as("without " + find.getKey()).isFalse();
      db.sql(find.getKey());
      assertThat(sees(find.getValue())).as(find.getKey()).isTrue();
    }
  }

  @Test
  void it_says_when_somebody_went_and_when_sessions_were_counted() {
    var former = glance();
    assertThat(former.gone()).isPresent();

    db.sql("update trunkline.instances set left_at = now() + interval '1 s' where instance_id = 4");
    assertThat(glance().gone()).isPresent().isNotEqualTo(former.gone());
    assertThat(glance().counted()).isEqualTo(former.counted());

    db.sql("update trunkline.session_tally set counted_at = now() + interval '1 s'");
    assertThat(glance().counted()).isPresent().isNotEqualTo(former.counted());
  }

  private Glance glance() {
    var seen = new AtomicReference<Glance>();
    look.onGlance(seen::set);
    look.observe(ME, ASIDE);
    return seen.get();
  }

  @Test
  void who_has_not_looked_may_have_missed_anything() {
    assertThat(look.mayHave(Glance::streams)).isTrue();
  }

  /// Somebody locks a table that it looks at: the others are seen all the same, and whoever relied
  /// on it looks for itself.
  @Test
  void where_it_fails_the_others_are_seen_without_it() throws Exception {
    assertThat(sees(Glance::untold)).isFalse();
    try (var connection = db.open();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table trunkline.outbox in access exclusive mode");

      assertThat(sees(Glance::untold)).isTrue();
      connection.rollback();
    }
    assertThat(sees(Glance::untold)).isFalse();
  }
}
