package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import trunkline.testing.TestDatabase;

/// Sessions by age, whose keys rise with time. Method: one begun each hour of the last sixty.
class SessionAgesTest {
  private static final Pattern LISTED = Pattern.compile("href=\"/console/sessions/([0-9]+)\"");

  private final TestDatabase db;
  private ConsoleServer console;

  SessionAgesTest(TestDatabase db) {
    this.db = db;
  }

  @BeforeEach
  void start() {
    console = ConsoleServer.on(db.settings());
    db.sql("delete from trunkline.sessions");
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client, created_at)
        select md5('old' || n), '2025-11-25', 'aged', 0, '{}', '{}', now() - interval '1 hour' * (60 - n)
          from generate_series(1, 60) n
        """);
  }

  @AfterEach
  void end() {
    console.close();
  }

  @Test
  void they_are_found_by_how_long_ago_they_began() {
    assertThat(aged("hour")).hasSize(50).startsWith(59L, 58L, 57L).doesNotContain(60L);
    assertThat(aged("day")).startsWith(36L, 35L).hasSize(36);
    assertThat(aged("week")).isEmpty();
  }

  /// Most have, where a server has been there for long.
  @ParameterizedTest
  @CsvSource({"1, 34", "1, 35", "20, 50", "37, 58", "2, 2", "30, 60", "1, 59", "1, 60"})
  void also_where_those_of_a_time_have_gone(int from, int to) {
    db.sql(
        "delete from trunkline.sessions where session_id in (select md5('old' || n) from generate_series(?, ?) n)",
        from,
        to);

    Map.of("hour", 1, "day", 24)
        .forEach((age, hours) -> {
          var shown = aged(age);
          assertThat(shown.isEmpty() ? 0L : shown.getFirst())
              .as(age)
              .isEqualTo(newestBegunBefore(hours));
        });
  }

  private long newestBegunBefore(int hours) {
    return db.sql(
            """
            select coalesce(max(n), 0) from generate_series(1, 60) n join trunkline.sessions on session_id = md5('old' || n)
             where created_at <= clock_timestamp() - make_interval(hours => ?)
            """,
            hours)
        .number();
  }

  /// Which of them a page shows.
  private List<Long> aged(String age) {
    var keys = LISTED.matcher(console.get("sessions?age=" + age).body()).results();
    return keys.map(found -> Long.parseLong(found.group(1)))
        .map(key ->
            db.sql(
                    "select n from generate_series(1, 60) n join trunkline.sessions on session_id = md5('old' || n) where session_key = ?",
                    key)
                .number())
        .toList();
  }
}
