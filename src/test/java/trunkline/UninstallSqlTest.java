package trunkline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import trunkline.schema.Migrations;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: `db/uninstall.sql` leaves nothing behind, and nothing in the way of a new beginning.
/// Method: a database as an operator sets it up, with every role; what is left of it; and a
/// migration afterwards.
class UninstallSqlTest {
  private static final Path FILE = Path.of("db/uninstall.sql");
  private static final String OWNER = "trunkline_owner";

  @Test
  void nothing_is_left_and_a_migration_begins_anew() throws SQLException {
    try (var db = TestDatabase.createEmpty();
        var roles = new TestRoles(db).apply("owner")) {
      migrate(db, roles);
      roles.apply("app").apply("reader").apply("sender").apply("auditor");
      db.sql(
          "insert into trunkline.instances (lease_until, url, version) values (now() + interval '9 s', 'http://a', '1')");

      assertThatThrownBy(() -> uninstall(db, roles)).hasMessageContaining("instance 1 serves");
      assertThat(schemas(db)).isOne();

      db.sql("update trunkline.instances set left_at = now()");
      uninstall(db, roles);
      assertThat(schemas(db)).isZero();
      assertThat(
              db.sql("select rolname from pg_roles where rolname like 'trunkline%' || ?", db.name())
                  .column())
          .isEmpty();

      uninstall(db, roles); // again: nothing to do
      roles.apply("owner");
      migrate(db, roles);
      assertThat(schemas(db)).isOne();
    }
  }

  @Test
  void a_role_that_owns_something_else_stays_with_it() throws SQLException {
    try (var db = TestDatabase.create();
        var roles = new TestRoles(db).apply("owner").apply("app")) {
      db.sql("create table public.other (x int)");
      db.sql("alter table public.other owner to " + roles.name(OWNER));

      uninstall(db, roles);

      assertThat(schemas(db)).isZero();
      assertThat(db.sql("select count(*) from public.other").number()).isZero();
      assertThat(
              db.sql("select rolname from pg_roles where rolname like 'trunkline%' || ?", db.name())
                  .column())
          .containsExactly(roles.name(OWNER));
    }
  }

  private static void uninstall(TestDatabase db, TestRoles roles) throws SQLException {
    try (var connection = db.open()) {
      roles.run(FILE, connection);
    }
  }

  private static void migrate(TestDatabase db, TestRoles roles) {
    var owner =
        DatabaseSettings.of(
            db.url(), db.url(), roles.name(OWNER), new Password.Literal(roles.password()), 10);
    assertThat(new Migrations(new Connections(owner)).migrateOrValidate()).isPositive();
  }

  private static long schemas(TestDatabase db) {
    return db.sql("select count(*) from pg_namespace where nspname = 'trunkline'").number();
  }
}
