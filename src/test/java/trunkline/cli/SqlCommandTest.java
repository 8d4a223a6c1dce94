package trunkline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;

class SqlCommandTest {
  private final TestDatabase database;

  SqlCommandTest(TestDatabase database) {
    this.database = database;
  }

  @Test
  void rows_stand_in_columns_and_numbers_to_the_right() throws SQLException {
    var answer = run("select * from (values (1, 'a'), (20, null), (3, E'ä\\nb')) as t (n, letter)");

    assertThat(answer)
        .isEqualTo(
            """
            0
             n  | letter
            ----+--------
              1 | a
             20 |
              3 | ä\\nb
            (3 rows)

            """);
  }

  @Test
  void several_statements_run_each_for_itself_until_one_fails() throws SQLException {
    var answer =
        run(
            """
            -- a comment; with a semicolon
            create table kept (text text);
            insert into kept values ('one;'), ($$two;$$);
            do $body$ begin raise notice 'seen'; end $body$;
            select nothing;
            drop table kept;
            """);

    assertThat(answer)
        .isEqualTo(
            """
            CREATE
            INSERT 2
            seen
            DO
            ERROR: column "nothing" does not exist | Position: 8
            1
            """);
    assertThat(run("select count(*) from kept")).contains("     2\n(1 row)");
  }

  @Test
  void the_tables_of_trunkline_need_no_schema_name() throws SQLException {
    assertThat(run("select id_base from control")).contains("(1 row)");
  }

  /// What everybody may create where PostgreSQL looks by default, and fits better than its own.
  @Test
  void what_a_stranger_created_in_public_is_not_meant_unless_it_is_named() throws SQLException {
    database.sql(
        "create function public.upper(varchar) returns text language sql as 'select ''bitten''::text'");
    database.sql("create table public.sessions_of_mine (id int)");
    var query = "select upper('ok'::varchar)";

    assertThat(run(query)).contains("OK").doesNotContain("bitten");
    assertThat(run("select public.upper('ok'::varchar)")).contains("bitten");
    assertThat(run("select * from sessions_of_mine")).contains("does not exist");
    assertThat(run("set search_path = trunkline, public; select * from sessions_of_mine"))
        .contains("(0 rows)");
    assertThat(run("create temporary table sessions (id int); select session_id from sessions"))
        .contains("(0 rows)");
  }

  @Test
  void a_vacuum_and_a_transaction_work_as_in_psql() throws SQLException {
    assertThat(run("vacuum sessions; begin; select 1; rollback")).startsWith("0\nVACUUM\nBEGIN\n");
  }

  /// The exit code comes first when it is 0, after what was printed otherwise.
  private String run(String text) throws SQLException {
    var printed = new ByteArrayOutputStream();
    var out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    try (var connection = database.open()) {
      var code = SqlCommand.run(text, connection, out, out);
      var all = printed.toString(StandardCharsets.UTF_8);
      return code == 0 ? "0\n" + all : all + code + "\n";
    }
  }
}
