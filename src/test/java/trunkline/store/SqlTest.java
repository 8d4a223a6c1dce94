package trunkline.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.BLOB;
import static org.jooq.impl.SQLDataType.BOOLEAN;
import static org.jooq.impl.SQLDataType.CLOB;
import static org.jooq.impl.SQLDataType.INSTANT;
import static org.jooq.impl.SQLDataType.INTEGER;
import static trunkline.store.SqlText.column;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;

class SqlTest {
  private static final Field<Long> ID = column("id", BIGINT);
  private static final Field<String> WORD = column("word", CLOB);
  private static final Field<Boolean> YES = column("yes", BOOLEAN);
  private static final Field<byte[]> PAYLOAD = column("payload", BLOB);
  private static final Field<Instant> AT = column("at", INSTANT);
  private static final Field<String> QUERY = column("query", CLOB);

  private static final SqlText OWN_QUERY =
      SqlText.of(
          """
          -- test.own_query: a name in the heading, like :this, is none
          SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()
          """,
          QUERY);

  @AutoClose private final Database database;

  SqlTest(TestDatabase db) {
    database = new Database(new Connections(db.settings()), "trunkline-sql");
  }

  @Test
  void a_text_is_bound_by_name_and_read_by_column_in_any_order() {
    var text =
        SqlText.of(
            """
            -- test.order: ':no' and ::int, 'it''s :not', -- :neither
            SELECT :word || ':no' AS word, 'it''s :not' AS other, -- :neither here
                   :id::bigint + :id AS id, :id > 3 AS yes
            """,
            YES,
            ID,
            WORD);

    for (var turn = 1; turn <= 2; turn++) {
      var row = database.run(sql -> sql.text(text).set("id", 2L).set("word", "a").single(r -> r));
      assertThat(row.get(ID)).isEqualTo(4);
      assertThat(row.get(WORD)).isEqualTo("a:no");
      assertThat(row.get(YES)).isFalse();
    }
  }

  @Test
  void a_mistake_in_a_text_is_named() {
    var text = SqlText.of("-- test.mistake: of ours\nSELECT :id::bigint AS wrong", ID);

    assertThatThrownBy(() -> database.run(sql -> sql.text(text).set("ids", 1L).execute()))
        .hasMessage("no :ids in test.mistake: of ours");
    assertThatThrownBy(() -> database.run(sql -> sql.text(text).execute()))
        .hasMessage("nothing set for :id in test.mistake: of ours");
    assertThatThrownBy(() -> database.run(sql -> sql.text(text).set("id", 1L).rows()))
        .hasMessage("test.mistake: of ours does not answer [id]");
  }

  /// So that an operator sees in `pg_stat_activity` who asks what for.
  @Test
  void every_statement_arrives_with_its_heading() {
    var text = database.run(sql -> sql.text(OWN_QUERY).single(row -> row.get(QUERY)));
    assertThat(text)
        .startsWith("-- test.own_query: a name in the heading, like :this, is none\nSELECT");

    var words =
        database.run(sql ->
            sql.named("test.words: jOOQ's")
                .select(QUERY)
                .from(DSL.table("pg_stat_activity"))
                .where("pid = pg_backend_pid()")
                .fetch(QUERY)
                .getFirst());
    assertThat(words).startsWith("-- test.words: jOOQ's\nselect");
  }

  @Test
  void arrays_arrive_as_they_are() {
    var text =
        SqlText.of(
            """
            -- test.arrays: with nulls
            SELECT u.id, u.word, u.yes, u.payload, u.number
              FROM unnest(:ids, :words, :yeses, :payloads, :numbers) WITH ORDINALITY u(id, word, yes, payload, number, ord)
             ORDER BY u.ord
            """,
            ID,
            WORD,
            YES,
            PAYLOAD,
            column("number", INTEGER));

    for (var turn = 1; turn <= 7; turn++) { // the driver changes its ways with the fifth execution
      var rows =
          database.run(sql ->
              sql.text(text)
                  .all("ids", ID, Arrays.asList(1L, null))
                  .all("words", CLOB, List.of("a,\"b\"\\", ""))
                  .all("yeses", BOOLEAN, Arrays.asList(true, null))
                  .all("payloads", BLOB, Arrays.asList("{\"\\x\"}".getBytes(UTF_8), null))
                  .all("numbers", INTEGER, List.of("x", "yy"), String::length)
                  .rows());
      assertThat(rows.getValues(ID)).containsExactly(1L, null);
      assertThat(rows.getValues(WORD)).containsExactly("a,\"b\"\\", "");
      assertThat(rows.getValues(YES)).containsExactly(true, null);
      assertThat(rows.getFirst().get(PAYLOAD)).asString(UTF_8).isEqualTo("{\"\\x\"}");
      assertThat(rows.getLast().get(PAYLOAD)).isNull();
    }
  }

  @Test
  void instants_keep_their_microseconds_and_durations_their_milliseconds() {
    var at = Instant.parse("2026-03-29T02:30:00.123456Z");
    var text =
        SqlText.of(
            """
            -- test.time: there and back
            SELECT :at + :later AS at, :at = '2026-03-29 02:30:00.123456+00'::timestamptz AS yes
            """,
            AT,
            YES);

    var row =
        database.run(sql ->
            sql.text(text)
                .set(AT, at)
                .set("later", Duration.ofHours(30).plusMillis(1))
                .single(r -> r));

    assertThat(row.get(AT)).isEqualTo(at.plus(Duration.ofHours(30)).plusMillis(1));
    assertThat(row.get(YES)).isTrue();
  }

  @Test
  void null_is_bound_with_its_type() {
    var text =
        SqlText.of("-- test.nothing: of a type\nSELECT :id IS NULL AS yes, :id + 1 AS id", YES, ID);

    var row = database.run(sql -> sql.text(text).set(ID, null).single(r -> r));

    assertThat(row.get(YES)).isTrue();
    assertThat(row.get(ID)).isNull();
  }

  @Test
  void a_refused_statement_says_what_is_known() {
    var text = SqlText.of("-- test.refused: always\nSELECT 1 / :id AS id", ID);

    var failure =
        catchThrowableOfType(
            StatementRefused.class, () -> database.run(sql -> sql.text(text).set("id", 0L).rows()));

    assertThat(failure.kind()).isEqualTo(FailureKind.REFUSED);
    assertThat(failure).hasMessageContaining("division by zero");
  }

  @Test
  void a_warning_makes_an_outcome_doubtful_for_who_asks() {
    var text =
        SqlText.of(
            """
            -- test.warned: a function that warns
            SELECT trunkline_warns() AS id
            """,
            ID);
    database.run(sql ->
        sql.named("test.function: that warns")
            .execute(
                "create function trunkline_warns() returns bigint language plpgsql as "
                    + "$$ begin raise warning 'not replicated'; return 1; end $$"));

    assertThat(database.run(sql -> sql.text(text).rows()).getValues(ID)).containsExactly(1L);
    assertThatThrownBy(() -> database.run(sql -> sql.text(text).unlessWarned().rows()))
        .isInstanceOf(DatabaseUnavailable.class)
        .hasMessageContaining("not replicated");
  }
}
