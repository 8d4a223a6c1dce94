package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;

class MigrateCommandTest {
  private static final String NOTHING = "The schema is up to date; nothing would run.\n";

  @Test
  void a_dry_run_says_what_would_run_and_runs_nothing() {
    try (var db = TestDatabase.createEmpty()) {
      var said = migrate(db, "--dry-run");

      assertThat(said)
          .startsWith("001  rolling   tables\n     for        ")
          .contains("\n     meanwhile  the first migration, nothing runs before it.\n")
          .containsPattern("\\d+ migrations would run, 0 of them breaking; nothing was\\.\\n$");
      assertThat(db.sql("select from pg_namespace where nspname = 'trunkline'").rows()).isEmpty();
    }
  }

  @Test
  void what_is_printed_is_run_by_the_sql_command_and_found_done() throws SQLException {
    try (var db = TestDatabase.createEmpty();
        var connection = db.open()) {
      var out = new ByteArrayOutputStream();
      var script = migrate(db, "--print");

      assertThat(SqlCommand.run(script, connection, stream(out), stream(out)))
          .as(out.toString(StandardCharsets.UTF_8))
          .isZero();

      assertThat(migrate(db, "--dry-run")).isEqualTo(NOTHING);
      assertThat(migrate(db)).isEqualTo("The schema is up to date.\n");
    }
  }

  private static String migrate(TestDatabase db, String... switches) {
    var out = new ByteArrayOutputStream();
    var line =
        new ArrayList<>(
            List.of("migrate", "--database-url", db.url(), "--database-user", db.user()));
    line.addAll(List.of("--database-password", db.password()));
    line.addAll(List.of(switches));
    assertThat(Main.run(line, Map.of(), stream(out), stream(out))).isZero();
    return out.toString(StandardCharsets.UTF_8);
  }

  private static PrintStream stream(ByteArrayOutputStream out) {
    return new PrintStream(out, true, StandardCharsets.UTF_8);
  }
}
