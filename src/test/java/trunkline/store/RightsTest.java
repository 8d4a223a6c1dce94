package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import trunkline.store.Rights.Need;
import trunkline.testing.TestDatabase;
import trunkline.testing.TestRoles;

/// Goal: a right that is missing is named as the statement that grants it. Method: a role that
/// serves, from which each right is taken in turn.
class RightsTest {
  private static final String APP = "trunkline_app";

  private final TestDatabase db;

  RightsTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void each_right_that_is_taken_is_named_as_the_grant_that_gives_it_back() {
    var needs = Rights.needs();
    try (var roles = new TestRoles(db).applyNeeds();
        var line = line(roles)) {
      assertThat(needs).hasSizeGreaterThan(80);
      assertThat(line.run(Rights::lacking)).isEmpty();
      var unnamed = new ArrayList<Need>();
      for (var need : needs) {
        db.sql(revoke(need) + " from " + roles.name(APP));
        var grants = line.run(Rights::lacking).map(RightsTest::grants).orElse(List.of());
        if (grants.size() != 1 || !grants.getFirst().contains(need.name())) {
          unnamed.add(need);
        }
        grants.forEach(db::sql);
        assertThat(line.run(Rights::lacking)).as(need + " after " + grants).isEmpty();
      }
      assertThat(unnamed).isEmpty();
    }
  }

  @Test
  void all_that_is_missing_is_named_in_one_sentence_with_the_file_that_grants_it() {
    try (var roles = new TestRoles(db).applyNeeds();
        var line = line(roles)) {
      db.sql("drop owned by " + roles.name(APP));

      var said = line.run(Rights::lacking).orElseThrow();

      assertThat(said)
          .contains("role " + roles.name(APP), "as " + db.user() + " run db/role/app.sql")
          .contains("GRANT USAGE ON SCHEMA trunkline TO")
          .contains("UPDATE (id_high, server_started, announcement_floor) ON trunkline.control")
          .doesNotContain("\n");
      grants(said).forEach(db::sql);
      assertThat(line.run(Rights::lacking)).isEmpty();
    }
  }

  /// What a later release dropped, or an earlier one has not got yet, is for migrations to say.
  @Test
  void what_is_not_there_is_not_a_missing_right() {
    try (var other = TestDatabase.create();
        var roles = new TestRoles(other).applyNeeds();
        var line = line(other, roles)) {
      other.sql("alter table trunkline.tasks rename to tasks_of_later");
      other.sql("alter table trunkline.control rename column server_started to server_begun");
      other.sql("alter function trunkline.open_sessions rename to open_sessions_of_later");

      assertThat(line.run(Rights::lacking)).isEmpty();
    }
  }

  @Test
  void a_refused_statement_says_what_it_was_and_what_grants_it() {
    try (var roles = new TestRoles(db).applyNeeds();
        var line = line(roles)) {
      db.sql("revoke delete on trunkline.calls from " + roles.name(APP));

      assertThatThrownBy(() ->
              line.run(sql ->
                  sql.text(SqlText.of("-- calls.try: x\nDELETE FROM trunkline.calls")).execute()))
          .isInstanceOfSatisfying(
              RightMissing.class, e -> assertThat(e.kind()).isEqualTo(FailureKind.REFUSED))
          .hasMessageContainingAll(
              "calls.try: 42501 permission denied for table calls",
              "db/role/app.sql",
              "GRANT DELETE ON trunkline.calls TO \"" + roles.name(APP) + "\"");
    }
  }

  private static String revoke(Need need) {
    var part = need.part().isEmpty() ? "" : " (" + need.part() + ")";
    var name = need.kind().equals("schema") ? need.name() : "trunkline." + need.name();
    return "revoke " + need.verb() + part + " on " + need.kind() + " " + name;
  }

  private static List<String> grants(String said) {
    return List.of(said.substring(said.indexOf("or: ") + 4).split("(?<=;) ", -1));
  }

  private DirectConnection line(TestRoles roles) {
    return line(db, roles);
  }

  private static DirectConnection line(TestDatabase db, TestRoles roles) {
    var settings =
        DatabaseSettings.of(
            db.url(), db.url(), roles.name(APP), new Password.Literal(roles.password()), 4);
    return new DirectConnection(new Connections(settings), "trunkline-test", Duration.ofSeconds(9));
  }
}
