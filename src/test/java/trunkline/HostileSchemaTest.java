package trunkline;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.schema.Migrations;
import trunkline.store.Connections;
import trunkline.store.DatabaseSettings;
import trunkline.store.Password;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: what a stranger creates where every role looks by default is never run by an instance or a
/// migration. Method: a database in which everybody may create in `public`, as one that comes from
/// PostgreSQL 14, and in it functions and operators that fit our calls better than PostgreSQL's
/// own; each notes who ran it.
class HostileSchemaTest {
  private static final String OWNER = "trunkline_owner";
  private static final String APP = "trunkline_app";

  /// Arguments, and what PostgreSQL has only a looser fit for.
  private static final List<String> BAITS =
      List.of(
          "pg_notify(varchar, varchar) returns void",
          "pg_notify(text, varchar) returns void",
          "format(text, text) returns text",
          "format(text, name) returns text",
          "format(text, regclass) returns text",
          "format(text, regprocedure) returns text",
          "has_schema_privilege(varchar, varchar) returns boolean",
          "has_database_privilege(name, varchar) returns boolean",
          "current_setting(varchar) returns text",
          "split_part(varchar, varchar, int) returns text",
          "same(varchar, varchar) returns boolean",
          "same(int, bigint) returns boolean");

  @Test
  void a_migration_and_an_instance_run_no_function_of_a_stranger() throws Exception {
    try (var db = TestDatabase.createEmpty();
        var roles = new TestRoles(db).apply("owner")) {
      db.sql("grant create on schema public to public");
      db.sql("create table public.bitten (who name, what text)");
      db.sql("grant all on public.bitten to public");
      BAITS.forEach(bait -> lay(db, bait));
      for (var types : List.of("varchar, varchar", "int, bigint")) {
        var pair = types.split(", ", 2);
        db.sql(
            "create operator public.= (function = public.same, leftarg = %s, rightarg = %s)"
                .formatted(pair[0], pair[1]));
      }

      migrate(db, roles);
      roles.apply("app").apply("reader");
      serve(db, roles);

      assertThat(db.sql("select who || ' ran ' || what from public.bitten").column()).isEmpty();
    }
  }

  private static void lay(TestDatabase db, String bait) {
    db.sql(
        """
        create function public.%1$s language plpgsql as $$
        begin
          insert into public.bitten values (current_user, '%1$s');
          return%2$s;
        end $$
        """
            .formatted(bait, bait.endsWith("void") ? "" : " null"));
  }

  private static void migrate(TestDatabase db, TestRoles roles) throws SQLException {
    var owner =
        DatabaseSettings.of(
            db.url(), db.url(), roles.name(OWNER), new Password.Literal(roles.password()), 10);
    assertThat(new Migrations(new Connections(owner)).migrateOrValidate()).isPositive();
    try (var connection = roles.open(OWNER)) {
      assertThat(TestDatabase.run(connection, "select public.same(1, 2::bigint)").rows())
          .hasSize(1);
    }
    assertThat(db.sql("delete from public.bitten returning who").column())
        .as("the bait bites whoever takes it")
        .hasSize(1);
  }

  private static void serve(TestDatabase db, TestRoles roles) throws Exception {
    try (var cluster = new TestCluster(db);
        var client = new McpTestClient()) {
      cluster
          .with("database-user", roles.name(APP))
          .with("database-password", roles.password())
          .with("announce-connections", "true")
          .with("require-notify", "true");
      var a = cluster.start("a").url();
      var b = cluster.start("b").url();

      client.on(a).connect("2025-11-25", "{\"elicitation\":{}}");
      var standalone = client.on(b).get().sse();
      client.on(a).call("shout", "{\"text\":\"anybody there?\"}").result();
      assertThat(standalone.nextMessage().toString()).contains("anybody there?");
      var call = client.on(a).call("order_pizza", "{}").sse();
      client.on(b).respond(call.nextMessage("elicitation/create"), "{\"action\":\"decline\"}");
      assertThat(call.nextResponse().toString()).contains("No pizza then.");
      assertThat(client.on(a).delete().status()).isEqualTo(204);
    }
  }
}
