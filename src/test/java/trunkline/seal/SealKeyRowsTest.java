package trunkline.seal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.store.Clockwork;
import trunkline.store.Connections;
import trunkline.store.Database;
import trunkline.testing.TestDatabase;

/// Keys are made in time, used a minute later, kept for what they have sealed, and then removed.
class SealKeyRowsTest {
  private final TestDatabase db;
  @AutoClose private final Database database;
  private final SealKeyRows rows;

  SealKeyRowsTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "test");
    this.rows = new SealKeyRows(database, Clockwork::nanos);
  }

  /// As a migration has left it.
  @BeforeEach
  void begin() {
    db.sql("truncate trunkline.seal_keys, trunkline.operator_actions");
    db.sql("select from trunkline.make_seal_key()");
  }

  private KeyRing ring() {
    return Database.await(rows.read()).orElseThrow();
  }

  private Instant now() {
    var ring = ring();
    return ring.clock(Clockwork.nanos());
  }

  /// Lets time pass for the keys.
  private void age(String time) {
    db.sql(
        "update trunkline.seal_keys set created_at = created_at - ?::interval, usable_at = usable_at - ?::interval",
        time,
        time);
  }

  @Test
  void a_migration_leaves_a_key_that_is_used_at_once() {
    try (var empty = TestDatabase.create();
        var its = new Database(new Connections(empty.settings()), "test")) {
      var ring = Database.await(new SealKeyRows(its, Clockwork::nanos).read()).orElseThrow();

      assertThat(ring.keys()).hasSize(1);
      assertThat(ring.keys().getFirst().usableAt()).isBeforeOrEqualTo(ring.readAt());
      assertThat(ring.keys().getFirst().secret().getEncoded()).hasSize(32);
    }
  }

  @Test
  void the_ring_has_the_database_s_clock() {
    db.sql("set timezone = 'Asia/Kolkata'");
    var before = instant("select clock_timestamp()");
    var ring = ring();

    assertThat(ring.readAt()).isBetween(before, instant("select clock_timestamp()"));
    assertThat(ring.clock(ring.readNanos() + 1_000_000)).isEqualTo(ring.readAt().plusMillis(1));
  }

  private Instant instant(String query) {
    return db.sql("select (extract(epoch from (" + query + ")) * 1000000)::bigint").rows().stream()
        .map(row -> (Long) row.values().iterator().next())
        .map(micros -> Instant.EPOCH.plusNanos(micros * 1_000))
        .findAny()
        .orElseThrow();
  }

  @Test
  void a_new_key_is_used_a_minute_after_it_was_made() {
    var former = ring().keys().getFirst();

    var usableAt = rows.rotate();

    var ring = ring();
    assertThat(ring.keys()).hasSize(2);
    assertThat(Duration.between(ring.readAt(), usableAt))
        .isBetween(Duration.ofSeconds(40), Duration.ofMinutes(1));
    assertThat(ring.sealing(ring.readAt())).isEqualTo(former);
    assertThat(ring.sealing(usableAt.minusNanos(1_000))).isEqualTo(former);
    assertThat(ring.sealing(usableAt)).isNotEqualTo(former);
  }

  /// Whose answer was lost asks again.
  @Test
  void while_a_key_waits_there_is_no_second_one_and_one_record() {
    var usableAt = rows.rotate();

    assertThat(rows.rotate()).isEqualTo(usableAt);
    assertThat(ring().keys()).hasSize(2);
    assertThat(db.sql("select action || ' ' || about from trunkline.operator_actions").text())
        .isEqualTo("rotate_seal_key key " + ring().keys().getLast().id());

    age("61 seconds");
    assertThat(rows.rotate()).isAfter(usableAt);
    assertThat(ring().keys()).hasSize(3);
  }

  @Test
  void a_key_is_made_when_the_newest_is_a_day_old() {
    assertThat(rows.keep(500)).isZero();
    age("23 hours 59 minutes");
    assertThat(rows.keep(500)).isZero();
    age("1 minute");

    assertThat(rows.keep(500)).isOne();

    assertThat(ring().keys()).hasSize(2);
    assertThat(ring().keys().getLast().usableAt()).isAfter(now());
    assertThat(rows.keep(500)).as("and no other").isZero();
    assertThat(db.sql("select count(*) from trunkline.operator_actions").number()).isZero();
  }

  /// For as long as the longest seal holds of whoever was allowed to seal with it.
  @Test
  void a_former_key_is_removed_when_nothing_can_hold_that_it_has_sealed() {
    var former = ring().keys().getFirst();
    rows.rotate();
    age("1 minute");
    var kept = SealPolicy.DEFAULT.validityMax().plus(SealPolicy.DEFAULT.ageMax());
    assertThat(kept).isEqualTo(MemoryKeys.KEPT);
    age(kept.minusMinutes(1).toSeconds() + " seconds");
    rows.keep(500);
    assertThat(ring().find(former.id())).isPresent();
    age("1 minute");

    assertThat(rows.keep(500)).isOne();

    assertThat(ring().find(former.id())).isEmpty();
    assertThat(ring().keys()).hasSize(2);
  }

  @Test
  void as_many_are_removed_as_may_be() {
    for (var i = 0; i < 5; i++) {
      rows.rotate();
      age("1 minute");
    }
    age("72 hours");

    assertThat(List.of(rows.keep(2), rows.keep(2), rows.keep(2), rows.keep(2)))
        .containsExactly(3, 2, 1, 0); // the first has made one
  }

  @Test
  void a_table_without_keys_gets_one_that_is_used_at_once() {
    db.sql("truncate trunkline.seal_keys");
    assertThat(Database.await(rows.read())).isEmpty();
    var seals = new Seals(database, _ -> {});

    seals.start();

    assertThat(ring().keys()).hasSize(1);
    assertThat(seals.open(seals.seal(new byte[3], new byte[0], Duration.ofMinutes(1)), new byte[0]))
        .isInstanceOf(Opened.Content.class);
  }

  /// A clock that ran ahead for a while does not end the rotation, nor make a key wait for ever.
  @Test
  void a_key_of_a_clock_that_ran_ahead_stops_nothing() {
    db.sql(
        "insert into trunkline.seal_keys (key, created_at, usable_at) values (sha256(''), now() + interval '1 year', now() + interval '1 year')");
    age("24 hours");

    assertThat(rows.keep(500)).isOne();

    assertThat(Duration.between(now(), rows.rotate())).isLessThan(Duration.ofMinutes(2));
  }

  @Test
  void keys_have_nothing_in_common() {
    for (var i = 0; i < 20; i++) {
      rows.rotate();
      age("1 minute");
    }

    assertThat(db.sql("select count(distinct key) from trunkline.seal_keys").number())
        .isEqualTo(21);
    assertThat(
            db.sql("select count(distinct get_byte(key, 0)) > 5 from trunkline.seal_keys").value())
        .isEqualTo(true);
  }
}
