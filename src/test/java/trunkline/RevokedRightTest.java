package trunkline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.store.RightMissing;
import trunkline.telemetry.ServerEvent.RightLacking;
import trunkline.testing.McpTestClient;
import trunkline.testing.TestCluster;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: a right that an instance lacks is named for its operator as the statement that grants it,
/// and for nobody else. Method: an instance as the role that serves; a right is taken before its
/// start, or while it serves.
class RevokedRightTest {
  private static final String APP = "trunkline_app";

  @FunctionalInterface
  interface Asking {
    String answer(McpTestClient client, URI url) throws InterruptedException;
  }

  /// @param right what is taken
  /// @param asking what a client does that needs it
  record Taken(String right, String grant, Asking asking) {
    @Override
    public String toString() {
      return right;
    }
  }

  private TestDatabase db;
  private TestRoles roles;
  private TestCluster cluster;

  @BeforeEach
  void serveAsTheRole() {
    db = TestDatabase.create();
    roles = new TestRoles(db).applyNeeds();
    cluster =
        new TestCluster(db)
            .with("database-user", roles.name(APP))
            .with("database-password", roles.password());
  }

  @AfterEach
  void end() {
    cluster.close();
    roles.close();
    db.close();
  }

  @Test
  void an_instance_without_its_rights_does_not_start_and_says_which_they_are() {
    db.sql("revoke insert, update on trunkline.tasks from " + roles.name(APP));
    db.sql("revoke execute on function trunkline.open_sessions from " + roles.name(APP));

    assertThatThrownBy(() -> cluster.start("a"))
        .isInstanceOf(RightMissing.class)
        .hasMessageContainingAll(
            "as " + db.user() + " run db/role/app.sql",
            "GRANT INSERT, UPDATE ON trunkline.tasks TO \"" + roles.name(APP) + "\";",
            "GRANT EXECUTE ON FUNCTION trunkline.open_sessions TO \"" + roles.name(APP) + "\";");
    assertThat(db.sql("select count(*) from trunkline.instances").number()).isZero();
  }

  private static Stream<Taken> taken() {
    return Stream.of(
        new Taken(
            "execute on function trunkline.open_sessions",
            "GRANT EXECUTE ON FUNCTION trunkline.open_sessions",
            (client, url) -> {
              try (var other = new McpTestClient()) {
                return other.on(url).initialize("2025-11-25", "{}").body();
              }
            }),
        new Taken(
            "insert on trunkline.tasks",
            "GRANT INSERT ON trunkline.tasks",
            (client, url) ->
                client
                    .on(url)
                    .request("tools/call", "{\"name\":\"bake\",\"arguments\":{},\"task\":{}}")
                    .response()
                    .toString()),
        new Taken(
            "insert on trunkline.subscriptions",
            "GRANT INSERT ON trunkline.subscriptions",
            (client, url) ->
                client
                    .on(url)
                    .request("resources/subscribe", "{\"uri\":\"sample://clock\"}")
                    .response()
                    .toString()),
        new Taken(
            "update on trunkline.sessions",
            "GRANT UPDATE ON trunkline.sessions",
            (client, url) ->
                client
                    .on(url)
                    .request("logging/setLevel", "{\"level\":\"error\"}")
                    .response()
                    .toString()));
  }

  @ParameterizedTest
  @MethodSource("taken")
  void a_right_taken_while_it_serves_is_named_in_the_log_and_not_to_clients(Taken taken)
      throws InterruptedException {
    var a = cluster.start("a");
    try (var client = new McpTestClient()) {
      client.on(a).connect("2025-11-25");
      db.sql("revoke " + taken.right() + " from " + roles.name(APP));

      var answer = taken.asking().answer(client, a.url());

      assertThat(answer)
          .contains("the server lacks a right in its database")
          .doesNotContain("trunkline.", "42501", "permission", "GRANT", "java", "sql");
      var lacking = a.events().await(RightLacking.class);
      assertThat(lacking.reason()).contains("42501 permission denied for");
      assertThat(lacking.remedy())
          .contains("run db/role/app.sql")
          .contains(taken.grant() + " TO \"" + roles.name(APP) + "\";");

      db.sql("grant " + taken.right() + " to " + roles.name(APP));
      assertThat(taken.asking().answer(client, a.url())).doesNotContain("lacks a right");
    }
  }
}
