package trunkline.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import trunkline.store.DatabaseSettings;
import trunkline.testing.Reply;
import trunkline.testing.TestDatabase;

/// What a browser gets, and what it does not.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {
  private static final Pattern OLDER = Pattern.compile("href=\"/console/([^\"]*)\" rel=\"next\"");
  private static final Pattern LISTED = Pattern.compile("href=\"/console/sessions/([0-9]+)\"");

  private final TestDatabase db;
  private ConsoleServer console;

  ConsoleTest(TestDatabase db) {
    this.db = db;
  }

  @BeforeAll
  void start() {
    console = ConsoleServer.on(db.settings());
    sessions("pager", 51);
    sessions("other", 1);
  }

  @AfterAll
  void end() {
    console.close();
  }

  private void sessions(String principal, int number) {
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client)
        select md5(?::text || n), '2025-11-25', ?, 0, '{}', '{"name":"' || ? || '-client","version":"' || n || '"}' from generate_series(1, ?) n
        """,
        principal,
        principal,
        principal,
        number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "doctor", "sessions", "sessions/1", "nowhere"})
  void no_page_runs_what_is_not_ours_is_framed_or_kept(String path) {
    var page = console.get(path);

    assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.header("content-security-policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe-inline", "unsafe-eval");
    assertThat(page.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(page.header("referrer-policy")).isEqualTo("same-origin");
    assertThat(page.header("cache-control")).isEqualTo("no-store");
    assertThat(page.body()).doesNotContain("style=\"", "onclick").doesNotContain("http://");
  }

  @ParameterizedTest
  @CsvSource({
    "console.css, text/css; charset=utf-8",
    "pico.css, text/css; charset=utf-8",
    "htmx.js, text/javascript; charset=utf-8"
  })
  void what_a_page_is_made_with_comes_from_here(String name, String type) {
    var asset = console.get(name);

    assertThat(asset.status()).isEqualTo(200);
    assertThat(asset.header("content-type")).isEqualTo(type);
    assertThat(asset.header("cache-control")).startsWith("public");
  }

  @Test
  void the_console_is_also_there_without_the_slash() {
    assertThat(console.get("../console").status()).isEqualTo(200);
  }

  @Test
  void an_act_is_none() {
    var refused =
        console.ask("POST", "sessions", "a=b", "Content-Type", "application/x-www-form-urlencoded");

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("allow")).isEqualTo("GET, HEAD");
    assertThat(refused.body()).contains("only acts are sent");
  }

  @ParameterizedTest
  @CsvSource({
    "'?span=week', span takes hour or day",
    "'charts?span=week', span takes hour or day",
    "'streams?instance=x', 'instance takes the number of an instance, of up to 9 digits'",
    "'streams?instance=9999999999', 'instance takes the number of an instance, of up to 9 digits'",
    "'calls?before=-1', before takes a number of up to 18 digits",
    "'sessions?before=newest', before takes a number of up to 18 digits",
    "'sessions?state=alive', state takes living or ended",
    "'sessions?age=old', age takes hour or day or week"
  })
  void what_cannot_be_meant_is_said_and_not_passed_over(String path, String says) {
    var page = console.get(path);

    assertThat(page.status()).isEqualTo(400);
    assertThat(page.body()).contains("Not understood").contains(says);
  }

  @Test
  void only_the_head_of_a_page_is_sent_where_that_is_asked_for() {
    var head = console.ask("HEAD", "sessions", "");

    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nowhere",
        "sessions/9",
        "sessions/x",
        "sessions/-1",
        "sessions/1/x",
        "sessions/99999999999999999999",
        "sessions?session=00000000000000000000000000000000",
        "sessions?session=x'"
      })
  void what_is_not_there_is_a_page_that_says_so(String path) {
    var page = console.get(path.equals("sessions/9") ? "sessions/900000000" : path);

    assertThat(page.status()).isEqualTo(404);
    assertThat(page.body()).contains("<h1>Not here</h1>");
  }

  @Test
  void another_name_than_this_machine_s_is_not_served() {
    assertThat(console.get("", "Host", "evil.example").status()).isEqualTo(421);
    assertThat(console.get("", "Origin", "https://evil.example").status()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-For, 192.0.2.1",
    "X-Forwarded-For, 127.0.0.1",
    "x-forwarded-host, a.example",
    "X-Real-IP, 192.0.2.1",
    "Forwarded, for=192.0.2.1",
    "Via, 1.1 proxy"
  })
  void who_comes_by_a_proxy_is_somebody_else(String name, String value) {
    var refused = console.get("", name, value);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).contains("this machine only").doesNotContain("<h2>");
  }

  @Test
  void who_comes_by_two_proxies_is_somebody_else() {
    var refused = console.get("", "X-Forwarded-For", "127.0.0.1\r\nX-Forwarded-For: 127.0.0.1");

    assertThat(refused.status()).isEqualTo(403);
  }

  @Test
  void what_was_done_lately_is_drawn() {
    try (var console = ConsoleServer.on(db.settings())) { // nobody has looked there yet
      drawn(console);
    }
  }

  private void drawn(ConsoleServer console) {
    db.sql(
        """
        insert into trunkline.instance_minutes
        select date_trunc('minute', clock_timestamp(), 'UTC') - g * interval '1 minute', i, 1, 60, 6, 120000, 0, 30, '{0,60,0,0,0,0,0,0,0,0,0,0}'
          from generate_series(0, 3) g, generate_series(1, 2) i
        """);

    var hour = console.get("?span=hour").body();
    assertThat(hour)
        .contains("Requests over the last hour: all now 2.0, at most 2.0 a second")
        .contains("failed now 0.2")
        .contains("Messages over the last hour: delivered now 1.0")
        .contains("half of them now 1.5, at most 1.5 ms");
    assertThat(console.get("charts?span=day").body())
        .contains("Requests over the last day: all now ")
        .doesNotContain("<html");
    assertThat(console.get("").body()).contains("over the last hour");
  }

  @Test
  void a_list_goes_on_where_it_ended() {
    var first = console.get("sessions?principal=pager&client=PAGER-c&state=living");
    var next = OLDER.matcher(first.body());

    assertThat(next.find()).as(first.body()).isTrue();
    var second = console.get(next.group(1).replace("&amp;", "&"));
    var all = new ArrayList<>(keys(first));
    all.addAll(keys(second));

    assertThat(keys(first)).hasSize(SessionListRows.ROWS_MAX);
    assertThat(keys(second)).hasSize(1);
    assertThat(all).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(OLDER.matcher(second.body()).find()).isFalse();
  }

  @Test
  void a_list_is_of_what_is_asked_for() {
    db.sql(
        """
        insert into trunkline.sessions (session_id, revision, principal, announced_from, capabilities, client, ended_at, end_reason)
        values (md5('over'), '2025-11-25', 'gone & away', 0, '{}', '{"name":"a \\"b\\""}', now(), 'idle')
        """);

    assertThat(keys(console.get("sessions?principal=other"))).hasSize(1);
    assertThat(keys(console.get("sessions?client=other-client"))).hasSize(1);
    assertThat(console.get("sessions?client=other-client").body()).contains("other-client 1");
    assertThat(keys(console.get("sessions?state=ended"))).hasSize(1);
    assertThat(keys(console.get("sessions?principal=gone+%26+away"))).hasSize(1);
    assertThat(keys(console.get("sessions?principal=nobody"))).isEmpty();
    assertThat(console.get("sessions?principal=nobody").body()).contains("None of them");
  }

  @Test
  void a_session_is_found_by_its_id_and_by_its_key() {
    var key =
        db.sql("select session_key from trunkline.sessions where principal = 'other'").number();
    var id = db.sql("select session_id from trunkline.sessions where principal = 'other'").text();

    for (var asked : List.of(id, " " + key + " ")) {
      var found = console.get("sessions?session=" + asked.replace(" ", "+"));

      assertThat(found.status()).isEqualTo(303);
      assertThat(found.header("location")).isEqualTo("/console/sessions/" + key);
    }
    assertThat(console.get("sessions/" + key).body()).contains("other-client 1");
  }

  @Test
  void a_text_that_no_database_takes_is_no_defect() {
    assertThat(console.get("sessions?principal=a%00b").status()).isEqualTo(200);
  }

  @Test
  void without_a_database_each_page_says_so() {
    var settings = db.settings();
    var nowhere = "jdbc:postgresql://127.0.0.1:1/nowhere";
    try (var alone =
        ConsoleServer.on(
            DatabaseSettings.of(
                nowhere, nowhere, settings.user(), settings.password(), settings.poolSize()))) {
      for (var path : List.of("", "now", "sessions", "sessions/1")) {
        var page = alone.get(path);

        assertThat(page.status()).as(path).isEqualTo(503);
        assertThat(page.body())
            .as(path)
            .contains("role=\"alert\"")
            .doesNotContain("Exception", "at trunkline", "SELECT");
      }
      assertThat(alone.get("doctor").body()).contains("verdict fault", "database");
    }
  }

  private static List<Long> keys(Reply page) {
    assertThat(page.status()).as(page.body()).isEqualTo(200);
    return LISTED
        .matcher(page.body())
        .results()
        .map(found -> Long.valueOf(found.group(1)))
        .toList();
  }
}
