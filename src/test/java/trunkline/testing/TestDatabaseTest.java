package trunkline.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TestDatabaseTest {
  private final TestDatabase db;

  TestDatabaseTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void is_migrated() {
    assertThat(db.sql("select count(*) from trunkline.control").number()).isOne();
  }

  @Test
  void is_one_for_the_class_and_another_for_somebody_else() {
    assertThat(db.sql("select current_database()").text()).isEqualTo(db.name());

    try (var other = TestDatabase.create()) {
      other.sql("delete from trunkline.control");

      assertThat(other.name()).isNotEqualTo(db.name());
      assertThat(db.sql("select count(*) from trunkline.control").number()).isOne();
    }
  }

  @Test
  void finds_a_transaction_that_was_left_open() throws SQLException {
    try (var other = TestDatabase.create();
        var connection = other.open()) {
      connection.setAutoCommit(false);
      TestDatabase.run(connection, "select 1");

      assertThatThrownBy(() -> other.requireQuiet(Duration.ofMillis(50)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("idle in transaction");
    }
  }

  @Test
  void kills_the_connections_of_an_application() throws SQLException {
    try (var victim = db.open();
        var other = db.open()) {
      TestDatabase.run(victim, "set application_name = 'victim-1'");

      assertThat(db.connections()).anyMatch(line -> line.contains("victim-1"));
      assertThat(db.terminateBackends("victim-%")).isOne();

      assertThatThrownBy(() -> TestDatabase.run(victim, "select 1"))
          .isInstanceOf(SQLException.class);
      assertThat(TestDatabase.run(other, "select 1").number()).isOne();
    }
  }

  @Test
  void waits_for_a_fact() {
    db.await("exists (select from trunkline.control)", Duration.ofSeconds(5));

    assertThatThrownBy(() -> db.await("false", Duration.ofMillis(50)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("false");
  }
}
