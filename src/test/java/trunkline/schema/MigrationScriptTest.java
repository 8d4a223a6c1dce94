package trunkline.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.schema.MigrationPlan.Step;
import trunkline.store.Connections;
import trunkline.testing.TestDatabase;

/// Goal: the script does what a migration does, and whoever starts afterwards sees no difference.
/// Method: the script is run by hand, and the two databases are compared.
class MigrationScriptTest {
  private static final String SCHEMA =
      """
      select format('%s %s %s', c.relkind, c.relname, c.reloptions) as line from pg_class c where c.relnamespace = 'trunkline'::regnamespace
      union all
      select format('%s.%s %s %s', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull)
        from pg_attribute a join pg_class c on c.oid = a.attrelid
       where c.relnamespace = 'trunkline'::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0
      union all
      select format('%s %s', conname, pg_get_constraintdef(oid)) from pg_constraint where connamespace = 'trunkline'::regnamespace
      union all
      select format('%s %s', pg_get_functiondef(oid), proacl) from pg_proc where pronamespace = 'trunkline'::regnamespace
      order by line
      """;

  private static final String HISTORY =
      """
      select format('%s %s %s %s %s %s', installed_rank, version, description, type, script, checksum) as line
        from trunkline.flyway_schema_history where type = 'SQL' order by installed_rank
      """;

  @Test
  void from_empty_it_makes_the_schema_and_the_history_that_a_migration_makes() throws SQLException {
    try (var db = TestDatabase.createEmpty();
        var migrated = TestDatabase.create()) {
      var plan = plan(db);
      assertThat(plan.hasHistory()).isFalse();
      assertThat(db.sql("select from pg_namespace where nspname = 'trunkline'").rows())
          .as("planning makes nothing")
          .isEmpty();

      run(db, MigrationScript.of(plan));

      assertThat(db.sql(HISTORY).column()).isEqualTo(migrated.sql(HISTORY).column());
      assertThat(db.sql(SCHEMA).column()).isEqualTo(migrated.sql(SCHEMA).column());
      var migrations = new Migrations(new Connections(db.settings()));
      assertThatCode(migrations::validate).doesNotThrowAnyException();
      assertThat(migrations.migrateOrValidate()).isZero();
      assertThat(MigrationScript.of(plan(db))).startsWith("-- The schema").contains("up to date");
    }
  }

  @Test
  void from_an_older_schema_it_has_what_is_missing_and_nothing_else() throws SQLException {
    try (var db = beforeTheLast()) {
      var plan = plan(db);
      var last = plan.pending().getLast().script();
      var script = MigrationScript.of(plan);

      assertThat(plan.pending()).extracting(Step::script).containsExactly(last);
      assertThat(script)
          .contains("-- " + last, "begin;", "commit;")
          .doesNotContain("create schema");
      run(db, script);
      assertThat(latest(db)).isEqualTo(last);
      assertThat(plan(db).pending()).isEmpty();
    }
  }

  @Test
  void on_another_state_it_refuses_to_run_and_changes_nothing() throws SQLException {
    try (var db = beforeTheLast()) {
      var script = MigrationScript.of(plan(db));
      run(db, script);
      var before = db.sql(HISTORY).column();

      assertThatThrownBy(() -> run(db, script)).hasMessageContaining("print it again");

      assertThat(db.sql(HISTORY).column()).isEqualTo(before);
    }
  }

  /// What `--dry-run` tells of each, and what makes an operator stop instances first.
  @Test
  void each_migration_says_what_it_is_for_and_what_it_means_meanwhile() {
    try (var db = TestDatabase.createEmpty()) {
      assertThat(plan(db).pending())
          .isNotEmpty()
          .allSatisfy(step -> {
            assertThat(step.purpose())
                .as(step.script())
                .isNotBlank()
                .isNotEqualTo(step.description());
            assertThat(step.meanwhile()).as(step.script()).isNotBlank();
          })
          .noneMatch(Step::isBreaking);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Breaking: stop all instances\n-- first.",
        "Breaking: stop all instances\n-- first.\n-- Check: x"
      })
  void a_breaking_one_is_known_by_its_header(String header) {
    var step = new Step("1", "d", "s", 1, "-- Purpose: p.\n-- " + header + "\n\ncreate table x();");

    assertThat(step.isBreaking()).isTrue();
    assertThat(step.meanwhile()).isEqualTo("stop all instances first.");
    assertThat(step.purpose()).isEqualTo("p.");
  }

  @Test
  void a_quote_in_a_name_stays_one() {
    var step = new Step("1", "it's", "V1__it's.sql", -5, "select 1;");
    var script =
        MigrationScript.of(
            new MigrationPlan("db", Optional.empty(), 3, true, List.of(step), List.of()));

    assertThat(script).contains("'it''s'", "values (4, '1', 'it''s', 'SQL', 'V1__it''s.sql', -5");
  }

  /// The schema without the newest migration.
  private static TestDatabase beforeTheLast() {
    try (var migrated = TestDatabase.create()) {
      var target =
          migrated
              .sql(
                  """
                  select version from trunkline.flyway_schema_history where type = 'SQL'
                   order by installed_rank desc offset 1 limit 1
                  """)
              .text();
      return TestDatabase.createEmpty().migratedTo(target);
    }
  }

  private static String latest(TestDatabase db) {
    return db.sql(
            "select script from trunkline.flyway_schema_history order by installed_rank desc limit 1")
        .text();
  }

  private static MigrationPlan plan(TestDatabase db) {
    return new Migrations(new Connections(db.settings())).plan();
  }

  /// As psql would, statement by statement on one connection.
  private static void run(TestDatabase db, String script) throws SQLException {
    try (var connection = db.open();
        var statement = connection.createStatement()) {
      statement.execute(script);
    }
  }
}
