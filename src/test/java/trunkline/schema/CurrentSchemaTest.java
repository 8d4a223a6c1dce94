package trunkline.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.schema.MigrationFiles.Known;
import trunkline.store.Connections;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

class CurrentSchemaTest {
  /// A number of Flyway's own and one made of the table's name.
  private static final String LOCK_OF_FLYWAY =
      "select count(pg_advisory_xact_lock(%d))"
          .formatted(77431708279161L + "\"trunkline\".\"flyway_schema_history\"".hashCode());

  @Test
  void knows_every_migration_and_its_checksum_as_flyway_does() {
    try (var empty = TestDatabase.createEmpty()) {
      var pending = new Migrations(new Connections(empty.settings())).plan().pending();

      assertThat(MigrationFiles.known())
          .containsExactlyInAnyOrderElementsOf(
              pending.stream().map(step -> new Known(step.script(), step.checksum())).toList());
    }
  }

  /// Method: whoever asked Flyway would wait for its lock, which somebody keeps, and give up.
  @Test
  void a_start_that_finds_all_done_does_not_ask_flyway(TestDatabase db) throws Exception {
    var impatient = new MigrationPatience(Duration.ZERO, _ -> {});
    var migrations = new Migrations(new Connections(db.settings()), impatient);
    try (var _ = OpenTransaction.on(db, LOCK_OF_FLYWAY)) {
      assertThat(migrations.migrateOrValidate()).isZero();
      assertThatThrownBy(migrations::migrate).isInstanceOf(MigrationNeeded.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from trunkline.flyway_schema_history where version = '110'",
        "update trunkline.flyway_schema_history set checksum = 1 where version = '001'",
        "update trunkline.flyway_schema_history set checksum = null where version = '001'",
        "update trunkline.flyway_schema_history set success = false where version = '001'",
        "update trunkline.flyway_schema_history set type = 'BASELINE' where version = '001'",
        "update trunkline.flyway_schema_history set version = '1001' where version = '001'",
        "update trunkline.flyway_schema_history set description = 'other' where version = '001'",
        "update trunkline.flyway_schema_history set script = 'V001__x.sql' where version = '001'",
        "insert into trunkline.flyway_schema_history select installed_rank + 1000, '999', 'later', type,"
            + " 'V999__later.sql', 1, installed_by, installed_on, 1, true"
            + " from trunkline.flyway_schema_history where version = '001'",
        "insert into trunkline.flyway_schema_history select installed_rank + 1000, version, description, type,"
            + " script, checksum, installed_by, installed_on, 1, true"
            + " from trunkline.flyway_schema_history where version = '001'",
        "truncate trunkline.flyway_schema_history"
      })
  void what_is_not_exactly_so_is_left_to_flyway(String change) {
    try (var db = TestDatabase.create()) {
      db.sql(change);

      assertThat(isCurrent(db)).isFalse();
    }
  }

  @Test
  void a_changed_migration_is_noticed_by_a_start_too(TestDatabase db) {
    db.sql("update trunkline.flyway_schema_history set checksum = 1 where version = '001'");

    assertThatThrownBy(() -> new Migrations(new Connections(db.settings())).migrateOrValidate())
        .isInstanceOf(MigrationNeeded.class);
  }

  private static boolean isCurrent(TestDatabase db) {
    try (var line = SchemaFound.line(new Connections(db.settings()))) {
      return line.run(sql -> CurrentSchema.isOne(sql, MigrationFiles.known()));
    }
  }
}
