package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import trunkline.testing.TestDatabase;

/// Sessions by age, whose keys rise with time.
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
  }

  @AfterEach
  void end() {
    console.close();
  }

  @Test
  void there_is_none_of_any_age() {
    assertThat(aged("hour")).isEmpty();
  }

  @Test
  void sessions_are_found_by_how_long_ago_they_began() {
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client, created_at)
        select md5('old' || n), '2025-11-25', 'aged', 0, '{}', '{}', now() - interval '1 hour' * (60 - n)
          from generate_series(1, 60) n
        """);
    db.sql(
        "delete from trunkline.sessions where principal = 'aged' and session_id in (md5('old57'), md5('old36'))");

    assertThat(aged("hour")).hasSize(50).startsWith(59L, 58L, 56L).doesNotContain(60L);
    assertThat(aged("day")).startsWith(35L, 34L).hasSize(35);
    assertThat(aged("week")).isEmpty();
  }

  /// Which of them a page shows.
  private List<Long> aged(String age) {
    var keys = LISTED.matcher(console.get("sessions?principal=aged&age=" + age).body()).results();
    return keys.map(found -> Long.parseLong(found.group(1)))
        .map(key ->
            db.sql(
                    "select n from generate_series(1, 60) n join trunkline.sessions on session_id = md5('old' || n) where session_key = ?",
                    key)
                .number())
        .toList();
  }
}
