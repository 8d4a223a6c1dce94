package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;

/// Goal: whoever looks at the schema with any tool reads what each thing is. Method: the catalogue,
/// for what has no comment. A migration that adds something comments on it.
class CommentsTest {
  private final TestDatabase db;

  CommentsTest(TestDatabase db) {
    this.db = db;
  }

  @Test
  void every_table_view_and_sequence_has_a_comment() {
    assertThat(
            db.sql(
                    """
                    select format('comment on %s trunkline.%I is …', case relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end,
                                  relname)
                      from pg_class
                     where relnamespace = 'trunkline'::regnamespace and relkind in ('r', 'p', 'v', 'S')
                       and relname <> 'flyway_schema_history' and obj_description(oid, 'pg_class') is null order by 1
                    """)
                .column())
        .as("a migration that adds one says what it is")
        .isEmpty();
  }

  @Test
  void every_column_has_a_comment() {
    assertThat(
            db.sql(
                    """
                    select format('comment on column trunkline.%I.%I is …', relname, attname)
                      from pg_class c join pg_attribute a on a.attrelid = c.oid and attnum > 0 and not attisdropped
                     where relnamespace = 'trunkline'::regnamespace and relkind in ('r', 'p', 'v')
                       and relname <> 'flyway_schema_history' and col_description(c.oid, attnum) is null order by 1
                    """)
                .column())
        .as("a migration that adds one says what it is")
        .isEmpty();
  }

  @Test
  void every_function_has_a_comment() {
    assertThat(
            db.sql(
                    """
                    select format('comment on function %s is …', oid::regprocedure)
                      from pg_proc
                     where pronamespace = 'trunkline'::regnamespace and obj_description(oid, 'pg_proc') is null order by 1
                    """)
                .column())
        .as("a migration that adds one says what it is")
        .isEmpty();
  }
}
