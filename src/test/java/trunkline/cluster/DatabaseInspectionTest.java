package trunkline.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import trunkline.cluster.DatabaseTrait.Fitness;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.telemetry.ServerEvent.DatabaseDoubtful;
import trunkline.telemetry.ServerEvent.IdBaseRaised;
import trunkline.testing.EventLog;
import trunkline.testing.TestDatabase;

class DatabaseInspectionTest {
  private static final String OURS = "pg_catalog, pg_temp";

  private final EventLog events = new EventLog();

  @Test
  void a_migrated_database_is_fit(TestDatabase db) {
    try (var database = database(db)) {
      var version = (int) db.sql("select current_setting('server_version_num')::int").number();
      assertThat(DatabaseFacts.read(database)).isEqualTo(fit(db.user(), version));

      new DatabaseInspection(database, events).require();

      assertThat(events.all(DatabaseDoubtful.class)).isEmpty();
      assertThat(events.all(IdBaseRaised.class)).isEmpty();
    }
  }

  @Test
  void everything_wrong_is_named_with_what_would_be_right() {
    var facts =
        new DatabaseFacts(
            "me", true, 140_012, "LATIN1", "serializable", "off", 0, 30_000, 0, "public", "s");

    assertThat(sentences(facts, Fitness.UNFIT)).hasSize(7);
    assertThat(new DatabaseUnfit(sentences(facts, Fitness.UNFIT)))
        .hasMessageContainingAll(
            "connect to the primary",
            "14.12; 15 or newer",
            "LATIN1",
            "read committed",
            "ALTER ROLE \"me\" SET synchronous_commit = 'on'",
            "CACHE 1",
            "statement_timeout is 30000 ms");
    assertThat(sentences(facts, Fitness.DOUBTFUL)).hasSize(3);
    assertThat(sentences(fit("me", 180_006), Fitness.FIT)).hasSize(10);
  }

  private static DatabaseFacts fit(String role, int version) {
    return new DatabaseFacts(
        role, false, version, "UTF8", "read committed", "on", 200, 0, 5_000, OURS, "");
  }

  private static List<String> sentences(DatabaseFacts facts, Fitness fitness) {
    return DatabaseTraits.of(facts).stream()
        .filter(trait -> trait.fitness() == fitness)
        .map(DatabaseTrait::sentence)
        .toList();
  }

  @Test
  void settings_and_sequences_that_break_promises_refuse_the_start(TestDatabase db) {
    db.sql("alter sequence trunkline.event_seq cache 32");
    db.sql("alter database " + db.name() + " set synchronous_commit = off");
    db.sql("alter database " + db.name() + " set default_transaction_isolation = 'serializable'");
    try (var database = database(db)) {
      assertThatThrownBy(() -> new DatabaseInspection(database, events).require())
          .isInstanceOf(DatabaseUnfit.class)
          .hasMessageContainingAll("event_seq", "synchronous_commit", "serializable");
    }
  }

  /// Goal: a restored or copied database never issues an id at or below one that clients know.
  /// Method: use ids, let the sweep note it, restart the sequence as a logical copy would.
  @Test
  void ids_that_would_run_backwards_get_a_higher_base(TestDatabase db) throws Exception {
    try (var database = database(db)) {
      assertThat(new ControlRows(database).noteIdHigh()).as("nothing drawn yet").isZero();
      db.sql("select setval('trunkline.event_seq', 5000)");
      assertThat(new ControlRows(database).noteIdHigh()).isEqualTo(1);
      assertThat(new ControlRows(database).noteIdHigh()).as("not grown").isZero();
      var used = db.sql("select trunkline.id_prefix() | 5000").number();
      db.sql("alter sequence trunkline.event_seq restart with 1");

      var inspection = new DatabaseInspection(database, events);
      try (var starts = Executors.newFixedThreadPool(2)) {
        var first = starts.submit(inspection::require);
        var second = starts.submit(inspection::require);
        first.get();
        second.get();
      }

      assertThat(events.all(IdBaseRaised.class)).containsExactly(new IdBaseRaised(1));
      assertThat(nextEvent(db)).isGreaterThan(used);
    }
  }

  @Test
  void announcements_count_as_well(TestDatabase db) {
    try (var database = database(db)) {
      db.sql(
          "insert into trunkline.announcements (id, kind) values (9::bigint << 47 | 3, 'broadcast')");

      new DatabaseInspection(database, events).require();

      assertThat(events.all(IdBaseRaised.class)).containsExactly(new IdBaseRaised(9));
      assertThat(nextEvent(db)).isGreaterThan(9L << 47 | 3);
    }
  }

  @Test
  void ids_that_are_used_up_are_said_so(TestDatabase db) {
    try (var database = database(db)) {
      db.sql("update trunkline.control set id_high = 65535::bigint << 47");

      assertThatThrownBy(() -> new DatabaseInspection(database, events).require())
          .hasMessageContaining("event ids are used up");
    }
  }

  private static long nextEvent(TestDatabase db) {
    return db.sql("select trunkline.id_prefix() | nextval('trunkline.event_seq')").number();
  }

  private static Database database(TestDatabase db) {
    return new Database(new Connections(db.settings()), "trunkline-inspected");
  }
}
