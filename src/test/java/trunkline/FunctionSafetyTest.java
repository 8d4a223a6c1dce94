package trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: whoever may call a function of the schema gets what it does, never the rights of its
/// owner. Method: what each function declares, from the catalogue, and an attack on those that run
/// as their owner.
class FunctionSafetyTest {
  private static final String APP = "trunkline_app";

  /// The types whose names are not the grammar's own, so that a name may mean another.
  private static final List<String> TYPES =
      List.of("text", "timestamptz", "bytea", "json", "name", "oid", "int4", "int8", "bool");

  private final TestDatabase db;

  FunctionSafetyTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void every_function_says_where_it_looks_for_names_and_pg_temp_comes_last() {
    assertThat(
            functions(
                "proconfig is null or not 'search_path=pg_catalog, pg_temp' = any (proconfig)"))
        .as("their migration lacks: set search_path = pg_catalog, pg_temp")
        .isEmpty();
  }

  @Test
  void no_function_may_be_called_by_everybody() {
    assertThat(
            functions(
                """
                proacl is null or exists (select from aclexplode(proacl) a where a.grantee = 0)
                """))
        .as("their migration lacks: revoke all on function … from public")
        .isEmpty();
  }

  @Test
  void a_type_of_the_caller_is_not_used_with_the_rights_of_the_owner() throws SQLException {
    var owned = functions("prosecdef");
    try (var roles = new TestRoles(db).apply("app")) {
      db.sql("grant temporary on database " + db.name() + " to " + roles.name(APP));
      var fooled = new ArrayList<String>();
      for (var function : owned) {
        try (var connection = roles.open(APP)) {
          connection.setAutoCommit(false);
          poison(connection);
          TestDatabase.run(connection, "select " + call(function));
          connection.rollback();
        } catch (SQLException e) {
          if (String.valueOf(e.getMessage()).contains("fooled")) {
            fooled.add(function);
          }
        }
      }
      assertThat(owned).isNotEmpty();
      assertThat(fooled).isEmpty();
    }
  }

  private static void poison(Connection connection) throws SQLException {
    for (var type : TYPES) {
      TestDatabase.run(
          connection,
          """
          create function pg_temp.fooled(value pg_catalog.%1$s) returns boolean language plpgsql as $$
          begin
            raise exception 'fooled: %% runs this', current_user;
          end $$
          """
              .formatted(type));
      TestDatabase.run(
          connection,
          "create domain pg_temp.%1$s as pg_catalog.%1$s check (pg_temp.fooled(value))"
              .formatted(type));
    }
  }

  /// With arguments that do little.
  private static String call(String function) {
    return function
        .replace("text", "'x'")
        .replace("boolean", "false")
        .replace("integer", "5")
        .replace("interval", "interval '0'");
  }

  private List<String> functions(String condition) {
    return db.sql(
            """
            select format('trunkline.%%I(%%s)', proname, (select string_agg(format_type(a, null), ', ') from unnest(proargtypes) a))
              from pg_proc
             where pronamespace = 'trunkline'::regnamespace and prokind in ('f', 'p') and (%s)
             order by 1
            """
                .formatted(condition))
        .column();
  }
}
