package trunkline.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.architecture.StatementNames.Statement;

class StatementNamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- streams.take_over: of the dead\nselect 1",
        "-- streams.trim: so that each keeps at most so many;\n-- a second line\nUPDATE streams SET x = 1",
        "-- session_values.find: why\n  WITH a AS (SELECT) SELECT"
      })
  void a_name_in_snake_case_and_a_reason_are_a_heading(String text) {
    assertThat(wrong(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- instances.declareDead: it is gone\nselect 1",
        "-- Instances.declare: it is gone\nselect 1",
        "-- instances: it is gone\nselect 1",
        "-- it is gone\nselect 1"
      })
  void another_name_is_found(String text) {
    assertThat(wrong(text)).containsExactly("Rows: " + text.lines().findFirst().orElseThrow());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-- streams.trim\nDELETE FROM streams",
        "-- streams.trim:\nDELETE FROM streams",
        "-- streams.trim: \nDELETE FROM streams"
      })
  void a_missing_reason_is_found(String text) {
    assertThat(wrong(text)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select",
        "insert",
        "update",
        "delete",
        "with",
        "merge",
        "truncate",
        "lock",
        "listen",
        "notify",
        "set"
      })
  void a_statement_without_a_heading_is_found_in_either_case(String keyword) {
    assertThat(wrong(keyword + " x", keyword.toUpperCase(Locale.ROOT) + "\nx")).hasSize(2);
  }

  @Test
  void the_second_statement_of_a_name_is_found() {
    assertThat(wrong("-- a.b: one\nselect 1", "-- a.c: two\nselect 2", "-- a.b: three\nselect 3"))
        .containsExactly("Rows: a.b is a statement of Rows");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\": \"object\"}",
        "(SELECT event_id FROM %s)",
        "selected: one",
        "-- a note with words"
      })
  void what_is_no_statement_needs_no_name(String text) {
    assertThat(wrong(text)).isEmpty();
  }

  private static List<String> wrong(String... texts) {
    return StatementNames.wrong(Stream.of(texts).map(text -> new Statement("Rows", text)).toList());
  }
}
