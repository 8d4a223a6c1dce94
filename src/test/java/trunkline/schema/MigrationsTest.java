package trunkline.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.store.RightMissing;
import trunkline.testing.OpenTransaction;
import trunkline.testing.TestDatabase;

class MigrationsTest {
  private static final String ROLE = "trunkline_test_runner";

  @Test
  void an_empty_database_is_migrated_once_by_whoever_comes_first()
      throws InterruptedException, ExecutionException {
    try (var database = TestDatabase.createEmpty();
        var threads = Executors.newFixedThreadPool(2)) {
      Callable<Integer> migration = () -> migrations(database).migrateOrValidate();

      var ran = threads.invokeAll(List.of(migration, migration)).stream().map(Future::resultNow);

      assertThat(ran.filter(count -> count > 0)).hasSize(1);
      assertThat(migrations(database).migrate()).isZero();
      migrations(database).validate();
      assertThat(database.sql("select count(*) from trunkline.control").number()).isOne();
    }
  }

  @Test
  void a_role_that_may_not_migrate_is_told_what_to_run() {
    try (var database = TestDatabase.createEmpty()) {
      createRole(database);
      try {
        assertThatThrownBy(() -> restricted(database).migrateOrValidate())
            .isInstanceOf(MigrationNeeded.class)
            .hasMessageContaining("001 (tables)")
            .hasMessageContaining("./trunkline migrate");

        migrations(database).migrate();
        database.sql("grant usage on schema trunkline to " + ROLE);
        database.sql("grant select on all tables in schema trunkline to " + ROLE);
        restricted(database).validate();
        assertThatThrownBy(() -> restricted(database).migrateOrValidate())
            .isInstanceOf(RightMissing.class)
            .hasMessageContaining("db/role/app.sql")
            .hasMessageContaining("GRANT INSERT, UPDATE, DELETE ON ")
            .hasMessageContaining("trunkline.calls, trunkline.instances")
            .hasMessageEndingWith("\"; nothing was changed");
      } finally {
        database.sql("drop owned by " + ROLE);
        database.sql("drop role " + ROLE);
      }
    }
  }

  @Test
  void a_changed_migration_is_noticed(TestDatabase database) {
    database.sql("update trunkline.flyway_schema_history set checksum = 1 where version = '001'");

    assertThatThrownBy(() -> migrations(database).validate())
        .isInstanceOf(MigrationNeeded.class)
        .hasMessageContaining("not the one of this release")
        .hasMessageContaining("checksum mismatch");
  }

  /// Goal: whoever waits for a migration that somebody else runs waits on, and finds it done.
  @Test
  void a_slow_migration_of_another_instance_is_waited_for(TestDatabase database)
      throws InterruptedException {
    try (var threads = Executors.newFixedThreadPool(3)) {
      Callable<Integer> migration =
          () ->
              migrations(database, MigrationPatience.endless(_ -> {}), "classpath:db/slow")
                  .migrate();

      var ran =
          threads.invokeAll(List.of(migration, migration, migration)).stream()
              .mapToInt(Future::resultNow);

      assertThat(ran.sum()).isOne();
    }
  }

  @Test
  void a_migration_that_may_not_wait_for_ever_tells_who_is_in_its_way(TestDatabase database)
      throws Exception {
    var said = new CopyOnWriteArrayList<String>();
    try (var reader = OpenTransaction.on(database, "select count(*) from trunkline.sessions")) {
      var pid = reader.run("select pg_backend_pid()").text();

      var begun = System.nanoTime();
      assertThatThrownBy(() ->
              migrations(
                      database,
                      new MigrationPatience(Duration.ofSeconds(4), said::add),
                      "classpath:db/rolling")
                  .migrate())
          .isInstanceOf(MigrationNeeded.class)
          .hasMessageContaining("SQLSTATE 55P03, sessions is held by pid " + pid)
          .hasMessageContaining("idle in transaction");
      var fives = (int) (Duration.ofNanos(System.nanoTime() - begun).toSeconds() / 5);
      assertThat(said).as("at most once in five seconds").hasSizeBetween(1, 1 + fives);
    }
  }

  private static Migrations migrations(
      TestDatabase database, MigrationPatience patience, String location) {
    return new Migrations(
        connections(database, database.user(), database.password()),
        patience,
        "classpath:trunkline/migration",
        location);
  }

  private static void createRole(TestDatabase database) {
    database.sql("drop role if exists " + ROLE);
    database.sql("create role " + ROLE + " login password 'runner'");
  }

  private static Migrations migrations(TestDatabase database) {
    return new Migrations(connections(database, database.user(), database.password()));
  }

  private static Migrations restricted(TestDatabase database) {
    return new Migrations(connections(database, ROLE, "runner"));
  }

  private static Connections connections(TestDatabase database, String user, String password) {
    return new Connections(
        DatabaseSettings.of(
            database.url(), database.url(), user, new Password.Literal(password), 10));
  }
}
