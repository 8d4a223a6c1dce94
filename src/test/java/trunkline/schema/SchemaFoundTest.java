package trunkline.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.DatabaseUnavailable;
import trunkline.store.Password;
import trunkline.testing.TestDatabase;

/// Goal: whoever meets a schema that cannot be worked with reads what was found and what to do, and
/// finds it as it was. Method: each such schema; migrated and checked.
class SchemaFoundTest {
  private static final String ROLE = "trunkline_test_stranger";

  /// @param made the statements that make it; `me` is the role that migrates, `db` the database
  /// @param said a part of each sentence
  record Found(String name, boolean migrated, List<String> made, List<String> said) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Stream<Found> found() {
    return Stream.of(
        new Found(
            "somebody else's table",
            false,
            List.of("create schema trunkline", "create table trunkline.trains (id int)"),
            List.of("somebody else's", "'trains'", "no option chooses another", "--database-url")),
        new Found(
            "somebody else's function",
            false,
            List.of(
                "create schema trunkline",
                "create function trunkline.depart() returns int language sql as 'select 1'"),
            List.of("somebody else's", "'depart'", "ALTER SCHEMA trunkline RENAME")),
        new Found(
            "another application's migrations",
            true,
            List.of(
                "update trunkline.flyway_schema_history set script = 'V1__init.sql' where version = '001'"),
            List.of("somebody else's", "another application's")),
        new Found(
            "a migration that is half done",
            true,
            List.of(
                "update trunkline.flyway_schema_history set success = false where version = '058'"),
            List.of(
                "V058__slots_that_exist.sql", "did not finish", "DELETE FROM", "migrate again")),
        new Found(
            "no right to the schema",
            true,
            List.of(),
            List.of(
                "lacks rights",
                "GRANT USAGE ON SCHEMA trunkline TO",
                "SELECT, INSERT ON trunkline.outbound_messages, trunkline.publish_batches TO",
                "app.sql")),
        new Found(
            "no right to the history",
            true,
            List.of("grant usage on schema trunkline to me"),
            List.of(
                "GRANT SELECT ON trunkline.flyway_schema_history, trunkline.instance_directory")),
        new Found(
            "a database that is read-only",
            true,
            List.of("alter role me in database db set default_transaction_read_only = on"),
            List.of("standby", "read-only", "default_transaction_read_only")));
  }

  @ParameterizedTest
  @MethodSource("found")
  void it_is_said_and_left_as_it_is(Found found) {
    try (var db = found.migrated() ? TestDatabase.create() : TestDatabase.createEmpty();
        var _ = new Role(db)) {
      found.made().forEach(statement -> db.sql(named(db, statement)));
      if (!found.name().startsWith("no right")) {
        db.sql("grant all on database " + db.name() + " to " + ROLE);
        if (!found.name().startsWith("somebody")) {
          db.sql("grant all on schema trunkline to " + ROLE);
          db.sql("grant all on all tables in schema trunkline to " + ROLE);
        } else {
          db.sql("grant all on schema trunkline to " + ROLE);
        }
      }
      var before = objects(db);

      for (var attempt : attempts(found, migrations(db))) {
        assertThatThrownBy(attempt::run)
            .isInstanceOfAny(MigrationNeeded.class, DatabaseUnavailable.class)
            .message()
            .contains(found.said())
            .contains("nothing was changed")
            .doesNotContainIgnoringCase("baseline", "repair", "flyway.", "()", "\n");
      }

      assertThat(objects(db)).isEqualTo(before);
    }
  }

  @Test
  void a_role_that_may_create_no_schema_reads_which_grant_it_lacks() {
    try (var db = TestDatabase.createEmpty();
        var _ = new Role(db)) {
      assertThatThrownBy(() -> migrations(db).migrate())
          .isInstanceOf(MigrationNeeded.class)
          .hasMessageContainingAll(
              "GRANT CREATE ON DATABASE \"" + db.name() + "\" TO \"" + ROLE + "\"",
              "nothing was changed");
    }
  }

  @Test
  void a_role_that_may_not_migrate_reads_whose_schema_it_is() {
    try (var db = TestDatabase.create();
        var _ = new Role(db)) {
      db.sql("grant usage on schema trunkline to " + ROLE);
      db.sql("grant select on all tables in schema trunkline to " + ROLE);
      assertThatThrownBy(() -> migrations(db).migrate())
          .isInstanceOf(MigrationNeeded.class)
          .hasMessageContainingAll("may not migrate", "--database-user " + db.user());
    }
  }

  /// As when an administrator ran the first migrations.
  @Test
  void a_role_that_owns_not_all_of_it_reads_whose_the_rest_is() {
    try (var db = TestDatabase.create();
        var _ = new Role(db)) {
      db.sql("grant all on schema trunkline to " + ROLE);
      db.sql("grant all on all tables in schema trunkline to " + ROLE);
      var settings =
          DatabaseSettings.of(db.url(), db.url(), ROLE, new Password.Literal("stranger"), 10);
      var rolling =
          new Migrations(
              new Connections(settings),
              MigrationPatience.endless(_ -> {}),
              "classpath:trunkline/migration",
              "classpath:db/rolling");

      assertThatThrownBy(rolling::migrate)
          .isInstanceOf(MigrationNeeded.class)
          .hasMessageContainingAll(
              "must be owner of table",
              "--database-user " + db.user(),
              "ALTER VIEW trunkline.announcement_directory OWNER TO \"" + ROLE + "\"",
              "rolled back")
          .hasMessageNotContaining("flyway");
    }
  }

  /// Migrations are rolling: this release works with what a later one added.
  @Test
  void a_newer_schema_is_worked_with_and_left_as_it_is() {
    try (var db = TestDatabase.create();
        var _ = new Role(db)) {
      db.sql(
          """
          insert into trunkline.flyway_schema_history
          select installed_rank + 1, '999', 'later', type, 'V999__later.sql', 1, installed_by, installed_on, 1, true
            from trunkline.flyway_schema_history order by installed_rank desc limit 1
          """);
      db.sql("grant all on schema trunkline to " + ROLE);
      db.sql("grant all on all tables in schema trunkline to " + ROLE);
      var before = objects(db);

      assertThat(migrations(db).migrate()).isZero();
      migrations(db).validate();

      assertThat(objects(db)).isEqualTo(before);
    }
  }

  /// Whoever lacks what an instance needs may not migrate either, for another reason.
  private static List<Runnable> attempts(Found found, Migrations migrations) {
    return found.name().startsWith("no right")
        ? List.of(migrations::migrateOrValidate, migrations::validate)
        : List.of(migrations::migrate, migrations::migrateOrValidate, migrations::validate);
  }

  private static String named(TestDatabase db, String statement) {
    return statement.replaceAll("\\bme\\b", ROLE).replaceAll("\\bdb\\b", db.name());
  }

  private static List<String> objects(TestDatabase db) {
    return db.sql(
            """
            select oid::text || relname || coalesce(relacl::text, '') from pg_class
             where relnamespace = to_regnamespace('trunkline') order by oid
            """)
        .column();
  }

  private static Migrations migrations(TestDatabase db) {
    return new Migrations(
        new Connections(
            DatabaseSettings.of(db.url(), db.url(), ROLE, new Password.Literal("stranger"), 10)));
  }

  /// A role without a right.
  private record Role(TestDatabase db) implements AutoCloseable {
    Role {
      db.sql("drop role if exists " + ROLE);
      db.sql("create role " + ROLE + " login password 'stranger'");
    }

    @Override
    public void close() {
      db.sql("drop owned by " + ROLE);
      db.sql("drop role " + ROLE);
    }
  }
}
