package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import trunkline.store.ViewColumns.Truth;
import trunkline.testing.TestDatabase;

/// Goal: no column of a view is made up. Method: for each column of each view that the schema has,
/// the row behind it changes, and the column says the new value, which it did not say before.
class ViewColumnsTest {
  private static final String COLUMNS =
      """
      select table_name || '.' || column_name from information_schema.columns
       where table_schema = 'trunkline'
         and table_name in (select viewname from pg_views where schemaname = 'trunkline')
      """;

  @BeforeAll
  static void put_something_there(TestDatabase db) {
    ViewColumns.SOMETHING.forEach(db::sql);
    TrustColumns.SOMETHING.forEach(db::sql);
  }

  private static Stream<Truth> truths() {
    return Stream.concat(ViewColumns.TRUTHS.stream(), TrustColumns.TRUTHS.stream());
  }

  @ParameterizedTest
  @MethodSource("truths")
  void a_column_follows_its_truth(Truth truth, TestDatabase db) throws SQLException {
    assertThat(shown(db, truth)).isNotEqualTo(truth.then());

    db.sql(truth.change());

    assertThat(shown(db, truth)).isEqualTo(truth.then());
  }

  @Test
  void every_column_has_its_case(TestDatabase db) {
    assertThat(truths().map(Truth::column).distinct())
        .containsExactlyInAnyOrderElementsOf(db.sql(COLUMNS).column());
  }

  private static String shown(TestDatabase db, Truth truth) throws SQLException {
    var column = truth.column().split("\\.", 2);
    try (var connection = db.open()) {
      TestDatabase.run(connection, "set time zone 'UTC'");
      var read =
          "select (%s)::text from trunkline.%s%s"
              .formatted(truth.shown(), column[0], truth.where());
      var answer = TestDatabase.run(connection, read);
      assertThat(answer.rows()).as("the rows of %s", column[0]).hasSize(1);
      return answer.column().getFirst();
    }
  }
}
