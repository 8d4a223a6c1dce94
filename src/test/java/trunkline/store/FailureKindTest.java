package trunkline.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jooq.Field;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.testing.TestDatabase;

class FailureKindTest {
  private static final Field<Integer> ONE = SqlText.column("one", SQLDataType.INTEGER);

  private final TestDatabase db;

  @AutoClose private final Database database;

  FailureKindTest(TestDatabase db) {
    this.db = db;
    this.database = new Database(new Connections(db.settings()), "trunkline-kinds");
  }

  @ParameterizedTest
  @CsvSource({
    "25006, AWAY",
    "25P03, AWAY",
    "53100, AWAY",
    "53200, AWAY",
    "53300, AWAY",
    "53400, AWAY",
    "57P03, AWAY",
    "57P04, AWAY",
    "57P05, AWAY",
    "08001, AWAY",
    "08003, AWAY",
    "08004, AWAY",
    "55P03, BUSY",
    "57014, BUSY",
    "40001, BUSY",
    "40P01, BUSY",
    "08006, DOUBTFUL",
    "08007, DOUBTFUL",
    "08P01, DOUBTFUL",
    "57P01, DOUBTFUL",
    "57P02, DOUBTFUL",
    "58000, DOUBTFUL",
    "58030, DOUBTFUL",
    "XX000, DOUBTFUL",
    "XX001, DOUBTFUL",
    ", DOUBTFUL",
    "23505, REFUSED",
    "23514, REFUSED",
    "42501, REFUSED",
    "42P01, REFUSED",
    "22003, REFUSED",
    "57000, REFUSED",
    "0A000, REFUSED",
    "54000, REFUSED"
  })
  void every_sqlstate_has_one_meaning(String state, FailureKind kind) {
    assertThat(FailureKind.of(new SQLException("failed", state))).isEqualTo(kind);
  }

  @Test
  void a_pool_without_a_connection_has_sent_nothing() {
    var failure = new SQLTransientConnectionException("no connection in time", "08006");

    assertThat(FailureKind.of(failure)).isEqualTo(FailureKind.AWAY);
  }

  /// Goal: after a switchover behind a pooler no connection to the demoted server is used again.
  /// Method: the pool's connections are read-only from one moment on, as a demoted server's are;
  /// new ones are not.
  @Test
  void a_read_only_server_is_away_and_its_connections_are_dropped() {
    db.sql("create table public.written (one int)");
    for (var turn = 0; turn < 50; turn++) { // so that none is left out
      database.run(sql ->
          sql.named("test.demote: as a switchover does")
              .execute("set default_transaction_read_only = on"));
    }

    var away = catchThrowableOfType(DatabaseUnavailable.class, this::write);

    assertThat(away).hasMessageContaining("25006").hasMessageContaining("test.write");
    assertThat(away.kind()).isEqualTo(FailureKind.AWAY);
    for (var turn = 0; turn < 20; turn++) {
      assertThat(write()).isOne();
    }
  }

  private int write() {
    var text = SqlText.of("-- test.write: one row\nINSERT INTO public.written VALUES (1)");
    return database.run(sql -> sql.text(text).execute());
  }

  @Test
  void a_message_names_the_statement_and_says_nothing_of_its_text() {
    var text = SqlText.of("-- test.divide: by nothing\nSELECT 1 / 0 AS one", ONE);

    assertThatThrownBy(() -> database.run(sql -> sql.text(text).single(row -> row.get(ONE))))
        .isInstanceOf(StatementRefused.class)
        .hasMessage("test.divide: 22012 division by zero");
  }
}
