package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.store.ViewColumns.Truth;
import trunkline.testing.TestDatabase;

/// Goal: no column of a view is made up. Method: for each column of each view that the schema has,
/// the row behind it changes, and the column says the new value, which it did not say before.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ViewColumnsTest {
  private static final String COLUMNS =
      """
      select table_name || '.' || column_name from information_schema.columns
       where table_schema = 'trunkline'
         and table_name in (select viewname from pg_views where schemaname = 'trunkline')
      """;

  /// One for all: there are hundreds of statements, and a connection takes longer than each.
  private Connection connection;

  @BeforeAll
  void put_something_there(TestDatabase db) throws SQLException {
    ViewColumns.SOMETHING.forEach(db::sql);
    TrustColumns.SOMETHING.forEach(db::sql);
    connection = db.open();
    TestDatabase.run(connection, "set time zone 'UTC'");
  }

  @AfterAll
  void close() throws SQLException {
    connection.close();
  }

  private static Stream<Truth> truths() {
    return Stream.concat(ViewColumns.TRUTHS.stream(), TrustColumns.TRUTHS.stream());
  }

  @ParameterizedTest
  @MethodSource("truths")
  void a_column_follows_its_truth(Truth truth) throws SQLException {
    assertThat(shown(truth)).isNotEqualTo(truth.then());

    TestDatabase.run(connection, truth.change());

    assertThat(shown(truth)).isEqualTo(truth.then());
  }

  @Test
  void every_column_has_its_case(TestDatabase db) {
    assertThat(truths().map(Truth::column).distinct())
        .containsExactlyInAnyOrderElementsOf(db.sql(COLUMNS).column());
  }

  private String shown(Truth truth) throws SQLException {
    var column = truth.column().split("\\.", 2);
    var read =
        "select (%s)::text from trunkline.%s%s".formatted(truth.shown(), column[0], truth.where());
    var answer = TestDatabase.run(connection, read);
    assertThat(answer.rows()).as("the rows of %s", column[0]).hasSize(1);
    return answer.column().getFirst();
  }
}
